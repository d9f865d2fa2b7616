"""Narration without a text, from the job to captions."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from src.engines.audio.extras import NotInstalled
from src.errors import InvalidJob, NeuroShortsError, RejectedJob
from src.media.sound import save_wav
from src.models.job import parse_job
from src.models.timeline import SAMPLE_RATE
from src.pipeline import transcripts
from src.pipeline.prepare import Prepared, prepare_quietly
from src.pipeline.request import Request
from src.settings import Settings
from src.store.cache import DiskCache
from tests.whisper_model import Heard, write_archive, write_model

HEARD = [Heard("ĠHello", 0.2, 0.6), Heard("Ġdear", 0.7, 0.9), Heard("Ġworld", 1.2, 1.8)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a narration, and a model that hears three words in it."""
    write_archive(tmp_path / "tiny.zip", write_model(tmp_path / "model", HEARD))
    noise = np.random.default_rng(1).normal(0, 3000, (2 * SAMPLE_RATE, 1)).astype(np.int16)
    save_wav(np.repeat(noise, 2, axis=1), tmp_path / "voice.wav")
    return tmp_path


def job(**transcribe: Any) -> dict[str, Any]:
    wanted = {"model": "tiny.zip", **transcribe}
    return {"scenes": [{"audio": {"src": "voice.wav", "transcribe": wanted}}]}


def prepared(folder: Path, asked: dict[str, Any], longest_seconds: int = 180) -> Prepared:
    work = folder / "work"
    work.mkdir(exist_ok=True)
    settings = Settings(workers=1, cache_dir=folder / "unpacked", max_film_seconds=longest_seconds)
    cache = DiskCache(folder / "cache", 10**9, work)
    parsed = parse_job(json.dumps(asked))
    return prepare_quietly(Request(parsed, folder, work, folder / "film.mp4", settings, cache))


def captioned(film: Prepared) -> list[str]:
    return [word.text for cue in film.timeline.cues for line in cue.lines for word in line]


def test_what_is_heard_becomes_captions_and_it_is_told_that_they_are_a_transcript(folder: Path) -> None:
    film = prepared(folder, job())

    assert captioned(film) == ["Hello", "dear", "world"]
    [warning] = [told for told in film.timeline.warnings if "heard" in told]
    assert warning.startswith(
        "scenes[0].audio: the captions are what a model heard (language 'en', 100% sure)"
    )


def test_the_same_narration_is_listened_to_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = captioned(prepared(folder, job()))

    def never(*_: Any) -> None:
        raise AssertionError("listened again")

    monkeypatch.setattr(transcripts, "Transcriber", never)
    assert captioned(prepared(folder, job())) == first


def test_nobody_listens_to_a_narration_that_no_film_may_have(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any) -> None:
        raise AssertionError("listened to it")

    monkeypatch.setattr(transcripts, "Transcriber", never)
    with pytest.raises(RejectedJob, match="the limit of a film is 1 s"):
        prepared(folder, job(), longest_seconds=1)


def test_nobody_listens_where_nothing_shows_what_is_heard(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any) -> None:
        raise AssertionError("listened to it")

    monkeypatch.setattr(transcripts, "Transcriber", never)
    assert captioned(prepared(folder, {**job(), "captions": {"enabled": False}})) == []


def test_a_model_is_unpacked_once(folder: Path) -> None:
    prepared(folder, job())
    [model] = (folder / "unpacked" / "models").iterdir()
    unpacked_at = (model / "model.bin").stat().st_mtime_ns
    prepared(folder, job(language="en-GB"))

    assert sorted(file.name for file in model.iterdir()) == [
        "config.json",
        "model.bin",
        "tokenizer.json",
        "vocabulary.json",
    ]
    assert (model / "model.bin").stat().st_mtime_ns == unpacked_at


def test_what_another_render_removes_meanwhile_does_not_matter(folder: Path) -> None:
    models = folder / "unpacked" / "models"
    models.mkdir(parents=True)
    (models / "gone.part").symlink_to(models / "nowhere")

    assert captioned(prepared(folder, job())) == ["Hello", "dear", "world"]


@pytest.mark.parametrize(
    ("lacks", "told"),
    [("tokenizer.json", "there is no tokenizer.json in it"), ("", "no archive that can be unpacked")],
)
def test_an_archive_without_a_model_is_refused(folder: Path, lacks: str, told: str) -> None:
    if lacks:
        (folder / "model" / lacks).unlink()
        write_archive(folder / "tiny.zip", folder / "model")
    else:
        (folder / "tiny.zip").write_bytes(b"no archive")
    with pytest.raises(NeuroShortsError, match=told) as caught:
        prepared(folder, job())

    assert (caught.value.code, caught.value.path) == ("bad_speech_model", "scenes[0].audio.transcribe.model")
    assert list((folder / "unpacked" / "models").iterdir()) == []


def test_a_failure_names_the_model_in_the_job(folder: Path) -> None:
    with pytest.raises(NeuroShortsError, match="does not know the language 'de'") as caught:
        prepared(folder, job(language="de"))

    assert (caught.value.code, caught.value.path) == ("transcript_failed", "scenes[0].audio.transcribe.model")


def test_a_model_by_url_is_refused(folder: Path) -> None:
    with pytest.raises(NeuroShortsError, match="asset manifest") as caught:
        prepared(folder, job(model="https://example.org/tiny.zip"))

    assert caught.value.path == "scenes[0].audio.transcribe.model"


def test_without_the_extra_it_tells_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("src.engines.audio.extras.find_spec", lambda name: None)
    with pytest.raises(NotInstalled, match=r"pip install 'neuroshorts\[whisper\]'"):
        prepared(folder, job())


@pytest.mark.parametrize(
    "more",
    [
        {"text": "Hello"},
        {
            "audio": {
                "src": "voice.wav",
                "words": [{"text": "Hi", "start": 0, "end": 1}],
                "transcribe": {"model": "a"},
            }
        },
    ],
)
def test_what_has_a_text_or_words_is_not_transcribed(more: dict[str, Any]) -> None:
    [scene] = job()["scenes"]
    with pytest.raises(InvalidJob) as caught:
        parse_job(json.dumps({"scenes": [scene | more]}))

    assert caught.value.code == "two_sources"
