"""Captions of real and of odd narrations never flash, flicker, or show punctuation by itself."""

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

import pytest

from src.engines.audio.espeak import EspeakVoice
from src.engines.subtitle.cues import CueRules, build_cues
from src.media.timebase import frames_covering_samples, frames_of_samples
from src.models.caption_plan import Cue
from src.models.words import TimedWord
from src.text.words import seen, utterance_of, words_of

TEXTS = {
    "en": 'I — yes, I! — am "it". A-a, go. No? Ok... #1. 5 % of 3 € in 9 m, e.g. this; so be it : the end .',
    "de": "Ja. Nein! Ach so – na gut, dann ab in den See; oder? Es ist, wie es ist ... 7 & 8.",
    "fr": "« Ah ! » dit-il : « où es-tu ? » Eh bien, j'y suis, à vrai dire. Oui !",
    "es": "¿Y tú? ¡Yo no! O sí, a lo mejor... ¿Qué más da?",
    "ru": "Я и ты. А он? И он — тоже! Да, но в чём дело: в нём...",
    "el": "Ναι! Ή όχι; Κι εγώ, κι εσύ· τι να πω...",
    "tr": "O da ne? İyi, o zaman ne iş? Ay ve su.",
    "hi": "हाँ। मैं और तू, हम दो! है ना?",
    "ar": "نعم! لا؟ أنا وأنت، معا.",
}
SPEEDS = (0.5, 1.0, 1.4, 2.0)
RATES = (Fraction(24000, 1001), Fraction(25), Fraction(30), Fraction(60))


@pytest.fixture(scope="module")
def voice() -> Iterator[EspeakVoice]:
    with EspeakVoice() as speaking:
        yield speaking


@pytest.mark.parametrize("language", TEXTS)
def test_captions_of_a_narration_are_steady(voice: EspeakVoice, language: str) -> None:
    words = words_of(TEXTS[language], language)
    for speed in SPEEDS:
        spoken = voice.synthesize(utterance_of(words), "", language, speed)
        samples = len(spoken.pcm)
        timed = seen(words, spoken.words, samples)
        for fps in RATES:
            scene = range(7, 7 + frames_covering_samples(samples, fps))
            for most in (1, 2, 4):
                _assert_steady(_cues(timed, scene, most, fps), fps)


@pytest.mark.parametrize("seed", range(80))
def test_captions_of_odd_times_are_steady(seed: int) -> None:
    chance = random.Random(seed)
    words, at = [], 0
    for _ in range(chance.randint(2, 40)):
        text = chance.choice(["a", "so", "mountains", "—", "!", "no.", "yes,", "«", "5", "m", "#4."])
        length = chance.choice([0, 1, 40, 900, 4000, 9000, 30_000])
        words.append(TimedWord(text, max(0, at - chance.choice([0, 0, 3000])), at + length))
        at += length + chance.choice([0, 0, 0, 700, 12_000, 16_800, 17_000, 21_000])
    fps = chance.choice(RATES)
    scene = range(0, max(12, frames_of_samples(at, fps) - chance.choice([0, 0, 6])))

    _assert_steady(_cues(words, scene, chance.randint(1, 6), fps), fps)


def test_a_last_word_at_the_very_end_of_its_scene_is_seen_with_the_ones_before_it() -> None:
    words = [
        TimedWord("burn", 0, 44_000),
        TimedWord("brightly", 44_000, 46_000),
        TimedWord("so", 46_000, 48_000),
    ]

    (cue,) = _cues(words, range(0, 30), 2, Fraction(30))

    assert [word.text for line in cue.lines for word in line] == ["burn", "brightly", "so"]


def test_a_gap_that_frames_make_too_short_is_bridged() -> None:
    words = [TimedWord("one", 0, 30_000), TimedWord("two", 30_000 + 16_900, 60_000)]

    first, second = _cues(words, range(0, 60), 1, Fraction(24000, 1001))

    assert (first.end_frame, first.end_ms) == (second.start_frame, second.start_ms)


def _cues(words: Sequence[TimedWord], scene: range, most: int, fps: Fraction) -> tuple[Cue, ...]:
    start = int(scene.start * 48_000 / fps)
    placed = [
        word._replace(start_sample=word.start_sample + start, end_sample=word.end_sample + start)
        for word in words
    ]
    return build_cues(0, placed, scene, CueRules(most, 2, 24, fps), len)


def _assert_steady(cues: Sequence[Cue], fps: Fraction) -> None:
    for cue in cues:
        text = " ".join(word.text for line in cue.lines for word in line)
        assert all(
            any(char.isalnum() or char in "%€&" for char in word.text) for line in cue.lines for word in line
        ), text
        assert cue.end_ms - cue.start_ms >= 120, text
        assert (cue.end_frame - cue.start_frame) * 1000 / fps >= 120, text
    for before, after in pairwise(cues):
        assert after.start_ms == before.end_ms or after.start_ms - before.end_ms >= 100
        frames = after.start_frame - before.end_frame
        assert frames == 0 or frames * 1000 / fps >= 100
