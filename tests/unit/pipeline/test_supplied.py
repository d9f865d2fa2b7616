"""Narration that a job brings along with a text, and without the times of its words."""

import json
from pathlib import Path
from typing import Any

import pytest

from src.engines.audio.alignment.espeak_timer import EspeakTimer
from src.engines.audio.espeak import EspeakVoice
from src.engines.audio.speech import Spoken
from src.errors import NotSupported, RejectedJob
from src.media.sound import save_wav
from src.models.job import parse_job
from src.models.words import TimedWord, Utterance
from src.pipeline.film import check, make_timeline
from src.pipeline.listening import Listener
from src.pipeline.request import Request
from src.plan.support import refuse_unsupported
from src.settings import Settings
from src.store.cache import DiskCache

TEXT = "The quick brown fox **jumps** over the lazy dog, and nobody knows why."
OTHER_TEXT = "Put the pan on the fire, add oil and onions, and wait until they turn golden."
SAID = Utterance.of("The quick brown fox jumps over the lazy dog, and nobody knows why.")
AUDIO = {"src": "voice.wav"}


@pytest.fixture
def spoken(tmp_path: Path) -> Spoken:
    """Somebody else's narration, beside the job."""
    with EspeakVoice() as voice:
        spoken = voice.synthesize(SAID, "en-gb+f2", "en", 0.85)
    save_wav(spoken.pcm, tmp_path / "voice.wav")
    return spoken


def request_for(folder: Path, scene: dict[str, Any], **job: Any) -> Request:
    """Make the request for a job of one scene."""
    work = folder / "work"
    work.mkdir(exist_ok=True)
    cache = DiskCache(folder / "cache", 10**9, work)
    wanted = parse_job(json.dumps({"scenes": [scene], **job}))
    return Request(wanted, folder, work, folder / "film.mp4", Settings(workers=1), cache)


def test_the_authors_words_are_shown_when_they_are_heard(tmp_path: Path, spoken: Spoken) -> None:
    film = make_timeline(request_for(tmp_path, {"text": TEXT, "audio": AUDIO}))

    words = [word for cue in film.cues for line in cue.lines for word in line]
    assert [word.text for word in words] == TEXT.replace("*", "").split()
    assert [word.text for word in words if word.emphasised] == ["jumps"]
    heard = [word.start_frame / 30 for word in words]
    said = [word.start_sample / 48_000 for word in spoken.words]
    assert all(abs(at - true) < 0.1 for at, true in zip(heard, said, strict=True))
    assert film.warnings == ()


def test_stars_emphasise_given_words_as_they_do_those_of_a_text(tmp_path: Path, spoken: Spoken) -> None:
    given = [
        {"text": word, "start": at, "end": at + 0.2} for at, word in enumerate(["The", "**quick", "fox**"])
    ]
    film = make_timeline(request_for(tmp_path, {"audio": {**AUDIO, "words": given}}))

    words = [word for cue in film.cues for line in cue.lines for word in line]
    assert [(word.text, word.emphasised) for word in words] == [
        ("The", False),
        ("quick", True),
        ("fox", True),
    ]
    assert film.warnings == ()


@pytest.mark.parametrize("text", ["🎉🎉", "...", "— ❤️"])
def test_a_scene_whose_text_has_no_sound_is_told(tmp_path: Path, text: str) -> None:
    request = request_for(tmp_path, {"text": text})
    # The second time, nobody speaks: what was said is known.
    for _ in range(2):
        [warning] = check(request)
        assert warning.startswith("scenes[0]: nothing is said: no word of its text has a sound")


def test_a_narration_that_says_something_else_is_told_by_its_scene(tmp_path: Path, spoken: Spoken) -> None:
    [warning] = check(request_for(tmp_path, {"text": OTHER_TEXT, "audio": AUDIO}))

    assert warning.startswith("scenes[0].audio: the narration does not sound like the text")
    assert "give the times of the words in audio.words" in warning


def test_without_captions_no_words_are_looked_for(tmp_path: Path, spoken: Spoken) -> None:
    scene = {"text": OTHER_TEXT, "audio": AUDIO}

    assert check(request_for(tmp_path, scene, captions={"enabled": False})) == ()


def test_words_are_looked_for_once(tmp_path: Path, spoken: Spoken) -> None:
    file, cache = tmp_path / "voice.wav", request_for(tmp_path, {"text": TEXT}).cache
    with EspeakVoice() as espeak:
        listener = Listener(cache, EspeakTimer(espeak))
        first = listener.heard(file, "0" * 64, SAID, "en")
        file.unlink()
        assert listener.heard(file, "0" * 64, SAID, "en") == first
        assert all(isinstance(word, TimedWord) for word in first.words)


def test_a_scene_in_which_espeak_cannot_find_words_is_refused_before_any_work(tmp_path: Path) -> None:
    request = request_for(tmp_path, {"text": "Ohayo", "audio": AUDIO, "voice": {"language": "ja"}})

    with pytest.raises(NotSupported, match=r"words of a narration in Japanese .* give their times") as caught:
        refuse_unsupported(request.job)
    assert caught.value.path == "scenes[0].audio.words"


def test_a_language_that_nobody_knows_is_told_with_its_scene(tmp_path: Path, spoken: Spoken) -> None:
    request = request_for(tmp_path, {"id": "one", "text": TEXT, "audio": AUDIO}, voice={"language": "qq"})

    with pytest.raises(RejectedJob, match="unknown language 'qq'") as caught:
        check(request)
    assert caught.value.scene_id == "one"


def test_a_narration_longer_than_any_film_is_not_listened_to(tmp_path: Path, spoken: Spoken) -> None:
    request = request_for(tmp_path, {"text": TEXT, "audio": AUDIO})
    short = request._replace(settings=Settings(workers=1, max_film_seconds=1))

    with pytest.raises(RejectedJob, match="the limit of a film is 1 s"):
        check(short)
    assert not list((tmp_path / "cache").rglob("*alignment*"))
