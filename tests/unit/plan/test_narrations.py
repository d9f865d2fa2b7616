"""Narrations without captions, or with other captions than the text beside them."""

import json
from typing import Any

import pytest

from src.models.job import parse_job
from src.plan.narrations import narration_warnings

FOX = "The quick brown fox jumps over the lazy dog."
PAN = "Put the pan on the fire, add oil and onions, and wait."


def told(audio: dict[str, Any], text: str = "", language: str = "en", **job: Any) -> list[str]:
    scene = {"text": text, "audio": {"src": "voice.wav", **audio}}
    voice = {"language": language}
    return list(narration_warnings(parse_job(json.dumps({"scenes": [scene], "voice": voice, **job}))))


def words(*texts: str) -> dict[str, Any]:
    return {"words": [{"text": text, "start": at, "end": at + 1} for at, text in enumerate(texts)]}


def test_a_narration_of_unknown_words_is_told_with_all_that_would_give_it_captions() -> None:
    [warning] = told({})
    assert warning.startswith("scenes[0].audio: nobody knows what is said")
    assert all(name in warning for name in ("scenes[0].text", "audio.words", "audio.transcribe"))


@pytest.mark.parametrize(
    ("audio", "job"),
    [
        (words("Hello"), {}),
        ({"transcribe": {"model": "whisper"}}, {}),
        ({}, {"captions": {"enabled": False}}),
        ({}, {"captions": {"src": "film.srt"}}),
    ],
)
def test_it_is_not_where_captions_are_known_or_not_wanted(audio: dict[str, Any], job: dict[str, Any]) -> None:
    assert told(audio, **job) == []


def test_caption_files_want_words_as_captions_do() -> None:
    assert told({}, captions={"enabled": False}, output={"sidecars": ["srt"]})


def test_a_text_that_the_words_have_nothing_of_is_told() -> None:
    [warning] = told(words(*PAN.split()), FOX)
    assert warning.startswith("scenes[0].text: audio.words say something else, and they are what is shown")


@pytest.mark.parametrize(
    ("text", "given", "language"),
    [
        (FOX, FOX.split(), "en"),
        ("The **quick** brown fox!", ["the", "quick,", "brown", "fox"], "en"),
        (FOX, ["A", "quick", "brown", "fox", "hops", "over", "a", "dog"], "en"),
        (FOX, ["Quick", "fox"], "en"),
        ("我喜欢学习中文。", ["我", "喜欢", "学习", "中文"], "zh"),
        ("🙂", ["Hello"], "en"),
    ],
)
def test_one_that_has_most_of_them_is_not(text: str, given: list[str], language: str) -> None:
    assert told(words(*given), text, language) == []
