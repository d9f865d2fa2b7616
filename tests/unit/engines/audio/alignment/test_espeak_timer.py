"""Words found in a sound by comparing it with another voice."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from src.engines.audio.alignment.espeak_timer import EspeakTimer
from src.engines.audio.alignment.timer import Alignment
from src.engines.audio.espeak import EspeakVoice
from src.engines.audio.speech import Spoken
from src.errors import NotSupported
from src.media.sound import Pcm
from src.models.timeline import SAMPLE_RATE
from src.models.words import Utterance
from tests.synthetic import tone

TEXT = Utterance.of("The quick brown fox jumps over the lazy dog, and nobody knows why. Everybody laughs.")
TEXTS = {
    "de": "Der Wald war still, und niemand wusste, warum die Vögel an diesem Morgen nicht sangen.",
    "es": "El mercado abre temprano, y la gente compra pan, fruta y flores antes de trabajar.",
    "ru": "Утром город просыпается медленно, и первые трамваи идут почти пустыми.",
    "hi": "सुबह का बाज़ार जल्दी खुलता है और लोग ताज़ी सब्ज़ियाँ खरीदते हैं।",
    "ar": "يفتح السوق في الصباح الباكر ويشتري الناس الخبز والفاكهة.",
    "cmn": "早上 市场 很早 开门 人们 买 新鲜 的 水果 和 蔬菜",
}


@pytest.fixture(scope="module")
def voice() -> Iterator[EspeakVoice]:
    with EspeakVoice() as opened:
        yield opened


@pytest.fixture(scope="module")
def timer(voice: EspeakVoice) -> EspeakTimer:
    return EspeakTimer(voice)


@pytest.fixture(scope="module")
def spoken(voice: EspeakVoice) -> Spoken:
    return voice.synthesize(TEXT, "en-gb+f2", "en", 0.8)


def errors_ms(found: Alignment, spoken: Spoken, late: int = 0) -> list[float]:
    """Tell how far the words are from where they were said."""
    pairs = zip(found.words, spoken.words, strict=True)
    return [abs(word.start_sample - late - said.start_sample) * 1000 / SAMPLE_RATE for word, said in pairs]


def assert_sane(found: Alignment, utterance: Utterance, samples: int) -> None:
    """Assert what holds whatever is heard."""
    assert tuple(word.text for word in found.words) == utterance.parts
    for word in found.words:
        assert 0 <= word.start_sample < word.end_sample <= samples
    for before, after in pairwise(found.words):
        assert before.end_sample <= after.start_sample


def test_words_are_found_in_another_voice_at_another_pace(timer: EspeakTimer, spoken: Spoken) -> None:
    found = timer.align(spoken.pcm, TEXT, "en")

    assert_sane(found, TEXT, len(spoken.pcm))
    assert np.mean(errors_ms(found, spoken)) < 15
    assert not found.is_doubtful


@pytest.mark.parametrize("language", TEXTS)
def test_words_are_found_in_many_languages(timer: EspeakTimer, voice: EspeakVoice, language: str) -> None:
    utterance = Utterance.of(TEXTS[language])
    spoken = voice.synthesize(utterance, "+f5", language, 0.9)
    found = timer.align(spoken.pcm, utterance, language)

    assert np.mean(errors_ms(found, spoken)) < 35
    assert not found.is_doubtful


def test_a_sound_may_come_in_blocks(timer: EspeakTimer, spoken: Spoken) -> None:
    blocks = (spoken.pcm[start : start + 4800] for start in range(0, len(spoken.pcm), 4800))

    assert timer.align(blocks, TEXT, "en") == timer.align(spoken.pcm, TEXT, "en")


def test_silence_around_the_words_moves_them_and_nothing_else(timer: EspeakTimer, spoken: Spoken) -> None:
    rest = np.zeros((5 * SAMPLE_RATE, 2), np.int16)
    found = timer.align(np.concatenate([rest, spoken.pcm, rest]), TEXT, "en")

    assert np.mean(errors_ms(found, spoken, late=len(rest))) < 15
    assert abs(found.words[-1].end_sample - len(rest) - spoken.words[-1].end_sample) < SAMPLE_RATE // 20


def test_a_word_ends_where_a_pause_begins(timer: EspeakTimer, spoken: Spoken) -> None:
    cut = spoken.words[9].start_sample
    pause = np.zeros((2 * SAMPLE_RATE, 2), np.int16)
    found = timer.align(np.concatenate([spoken.pcm[:cut], pause, spoken.pcm[cut:]]), TEXT, "en")

    assert abs(found.words[8].end_sample - cut) < SAMPLE_RATE // 4
    assert abs(found.words[9].start_sample - cut - len(pause)) < SAMPLE_RATE // 20


def test_words_around_one_that_is_missing_are_still_found(timer: EspeakTimer, spoken: Spoken) -> None:
    gone = spoken.words[4]
    sound = np.concatenate([spoken.pcm[: gone.start_sample], spoken.pcm[gone.end_sample :]])
    found = timer.align(sound, TEXT, "en")

    assert_sane(found, TEXT, len(sound))
    shifted = [word.start_sample - gone.end_sample + gone.start_sample for word in spoken.words[6:]]
    off = [abs(word.start_sample - at) for word, at in zip(found.words[6:], shifted, strict=True)]
    assert np.median(off) < SAMPLE_RATE // 50


def test_words_around_others_that_nobody_wrote_are_still_found(timer: EspeakTimer, spoken: Spoken) -> None:
    parts = TEXT.parts[:4] + TEXT.parts[7:]
    found = timer.align(spoken.pcm, Utterance.of(" ".join(parts)), "en")

    said = spoken.words[:4] + spoken.words[7:]
    off = [abs(word.start_sample - other.start_sample) for word, other in zip(found.words, said, strict=True)]
    assert np.median(off) < SAMPLE_RATE // 50


SOUNDS = {
    "digital silence": np.zeros((2 * SAMPLE_RATE, 2), np.int16),
    "a tone": tone(2.0),
    "one sample": np.full((1, 2), 1000, np.int16),
    "less than a frame": tone(0.005),
    "less than the words need": tone(0.1),
    "clipping": np.full((SAMPLE_RATE, 2), -32768, np.int16),
}


@pytest.mark.parametrize("sound", SOUNDS.values(), ids=SOUNDS)
@pytest.mark.parametrize("text", ["Hello", "Hello there", "... !", "One -- two 😀 three"])
def test_whatever_is_heard_words_are_in_order_and_inside_of_it(
    timer: EspeakTimer, sound: Pcm, text: str
) -> None:
    utterance = Utterance.of(text)
    found = timer.align(sound, utterance, "en")

    assert np.isfinite(found.confidence)
    if len(sound) > len(utterance.spans):
        assert_sane(found, utterance, len(sound))
    else:
        assert [word.text for word in found.words] == list(utterance.parts)


def test_a_text_without_words_has_none(timer: EspeakTimer) -> None:
    found = timer.align(tone(1.0), Utterance.of(" "), "en")

    assert found.words == ()
    assert not found.is_doubtful


@pytest.mark.parametrize(("text", "language"), [("Ohayo", "ja"), ("สวัสดี", "th"), ("こんにちは", "en")])
def test_what_espeak_cannot_speak_is_refused_with_what_to_do(
    timer: EspeakTimer, text: str, language: str
) -> None:
    with pytest.raises(NotSupported, match=r"give their times in scenes\[\].audio.words"):
        timer.align(tone(1.0), Utterance.of(text), language)
