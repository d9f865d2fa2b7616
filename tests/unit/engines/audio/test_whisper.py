"""Narration written down: the real faster-whisper hears what a small model makes it hear."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from src.engines.audio import whisper
from src.engines.audio.whisper import Transcriber, TranscriptFailed, timed_words
from src.errors import Interrupted
from src.media.sound import save_wav
from src.models.timeline import SAMPLE_RATE
from src.models.words import TimedWord
from tests.whisper_model import Heard, write_model

HEARD = [Heard("ĠHello", 0.2, 0.6), Heard("Ġdear", 0.7, 0.9), Heard("Ġworld", 1.2, 1.8), Heard(".", 1.8, 1.9)]
SAMPLES = 3 * SAMPLE_RATE


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("whisper") / "model", HEARD)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    noise = np.random.default_rng(1).normal(0, 3000, (SAMPLES, 1)).astype(np.int16)
    file = tmp_path_factory.mktemp("sound") / "noise.wav"
    save_wav(np.repeat(noise, 2, axis=1), file)
    return file


@pytest.fixture
def transcriber(model: Path) -> Iterator[Transcriber]:
    opened = Transcriber(model, "tiny")
    yield opened
    opened.close()


def test_words_are_told_with_the_times_at_which_they_are_heard(
    transcriber: Transcriber, sound: Path, tmp_path: Path
) -> None:
    transcript = transcriber.transcript(sound, SAMPLES, tmp_path / "heard", None)

    assert [word.text for word in transcript.words] == ["Hello", "dear", "world."]
    ends = [word.end_sample / SAMPLE_RATE for word in transcript.words]
    assert ends == pytest.approx([0.6, 0.9, 1.8], abs=0.05)
    assert (transcript.language, transcript.certainty) == ("en", 1.0)
    assert list(tmp_path.iterdir()) == []


def test_a_language_that_the_model_does_not_know_is_told(
    transcriber: Transcriber, sound: Path, tmp_path: Path
) -> None:
    with pytest.raises(TranscriptFailed, match="does not know the language 'de'"):
        transcriber.transcript(sound, SAMPLES, tmp_path / "heard", "de")

    assert transcriber.transcript(sound, SAMPLES, tmp_path / "heard", "en").words


@pytest.mark.parametrize("part", ["model.bin", "config.json", "tokenizer.json"])
def test_a_damaged_model_is_told(tmp_path: Path, sound: Path, part: str) -> None:
    folder = write_model(tmp_path / "model", HEARD)
    (folder / part).write_bytes((folder / part).read_bytes()[:40])
    transcriber = Transcriber(folder, "tiny")

    with pytest.raises(TranscriptFailed, match="'tiny' ended with status 1: its model cannot be used"):
        transcriber.transcript(sound, SAMPLES, tmp_path / "heard", None)


def test_a_model_that_takes_too_long_is_ended(
    tmp_path: Path, model: Path, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "slow.py"
    script.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(whisper, "TRANSCRIPT_SCRIPT", script)
    monkeypatch.setattr(whisper, "_LIMIT_SECONDS_PER_SECOND", 0.0)
    transcriber = Transcriber(model, "tiny", limit_seconds=0.3)

    with pytest.raises(TranscriptFailed, match=r"took longer than 0\.3 s"):
        transcriber.transcript(sound, SAMPLES, tmp_path / "heard", None)


def test_a_model_that_nobody_waits_for_is_ended(
    tmp_path: Path, model: Path, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "slow.py"
    script.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(whisper, "TRANSCRIPT_SCRIPT", script)
    stop = threading.Event()
    stop.set()

    with pytest.raises(Interrupted):
        Transcriber(model, "tiny").transcript(sound, SAMPLES, tmp_path / "heard", None, stop)

    assert not (tmp_path / "heard").exists()


def test_words_are_put_in_order_inside_of_their_sound() -> None:
    told = [
        (" One", 0.0, 0.5),
        (" two", 0.4, 0.45),
        ("-fold", 0.6, 0.7),
        ("  ", 0.7, 0.8),
        (" last", 0.9, 9.0),
        (" gone", 9.0, 9.5),
    ]
    assert timed_words(told, SAMPLE_RATE) == (
        TimedWord("One", 0, 24_000),
        TimedWord("two", 24_000, 24_960),
        TimedWord("-fold", 28_800, 33_600, joined=True),
        TimedWord("last", 43_200, 48_000),
    )
