"""Scenes spoken by the first of their voices that can, and what is told about it."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from src.errors import UnknownName
from src.models.job import parse_job
from src.pipeline.request import Request
from src.pipeline.voices import Voices
from src.settings import Settings
from src.store.cache import DiskCache


def request_for(job: dict[str, Any], folder: Path, **settings: Any) -> Request:
    """Make the request for a job, with a cache in its folder."""
    work = folder / "work"
    work.mkdir(exist_ok=True)
    cache = DiskCache(folder / "cache", 10**9, work)
    chosen = Settings(workers=1, **settings)
    return Request(parse_job(json.dumps(job)), folder, work, folder / "film.mp4", chosen, cache)


def test_the_next_voice_speaks_and_it_is_told_who_should_have_and_why_not(tmp_path: Path) -> None:
    voice = {"voice": "bob", "fallbacks": [{"provider": "espeak", "voice": "en-gb"}]}
    with Voices(
        request_for({"voice": voice, "scenes": [{"text": "Hello there"}]}, tmp_path), threading.Event()
    ) as voices:
        said = voices.spoken(0)
    [warning] = said.fact.warnings
    assert warning.startswith("scenes[0]: espeak (bob) did not speak (unknown voice 'bob'; known: ")
    assert warning.endswith("espeak (en-gb) spoke instead")
    assert [word.text for word in said.fact.words] == ["Hello", "there"]


def test_a_voice_of_a_scene_that_does_not_exist_is_told_where_the_scene_names_it(tmp_path: Path) -> None:
    scenes = [{"text": "Hello"}, {"id": "two", "text": "Hello", "voice": {"voice": "bob"}}]
    with Voices(request_for({"scenes": scenes}, tmp_path), threading.Event()) as voices:
        assert voices.spoken(0).fact.warnings == ()
        with pytest.raises(UnknownName) as caught:
            voices.spoken(1)
    assert (caught.value.path, caught.value.scene_id) == ("scenes[1].voice.voice", "two")


def test_when_nobody_can_speak_all_reasons_are_told(tmp_path: Path) -> None:
    voice = {"voice": "bob", "fallbacks": [{"provider": "espeak", "voice": "eve"}]}
    request = request_for({"voice": voice, "scenes": [{"text": "Hello"}]}, tmp_path)
    with Voices(request, threading.Event()) as voices, pytest.raises(UnknownName) as caught:
        voices.spoken(0)
    assert caught.value.path == "voice.voice"
    assert "unknown voice 'bob'" in caught.value.message
    assert "; espeak (eve): unknown voice 'eve'" in caught.value.message


def test_scenes_may_be_spoken_by_different_voices(tmp_path: Path) -> None:
    scenes = [{"text": "Hello"}, {"text": "Hello", "voice": {"voice": "+f2"}}, {"text": "Hello"}]
    with Voices(request_for({"scenes": scenes}, tmp_path), threading.Event()) as voices:
        first, second, third = (voices.spoken(index).fact.sha256 for index in range(3))
    assert first == third != second
