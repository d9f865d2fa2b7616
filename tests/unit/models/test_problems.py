"""Whoever writes a wrong job learns from the answer how to mend it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from src.errors import InvalidJob, Problem
from src.models.job import RenderJob, parse_job
from src.models.json_text import read_json
from src.models.wording import PATTERNS_IN_WORDS

HELLO = {"text": "Hello"}


def problem_of(job: object) -> Problem:
    with pytest.raises(InvalidJob) as refused:
        parse_job(json.dumps(job))
    (problem,) = refused.value.problems
    return problem


def with_visual(**visual: Any) -> dict[str, Any]:
    return {"scenes": [{"text": "Hello", "visuals": [visual]}]}


def with_overlay(**overlay: Any) -> dict[str, Any]:
    return {"scenes": [{"text": "Hello", "overlays": [overlay]}]}


@pytest.mark.parametrize(
    ("job", "path", "meant"),
    [
        ({"scenes": [HELLO], "caption": {}}, "caption", "captions"),
        ({"scenes": [HELLO | {"txt": "Hi"}]}, "scenes[0].txt", "text"),
        ({"scenes": [HELLO], "captions": {"maxWord": 3}}, "captions.maxWord", "max_words"),
        ({"scenes": [HELLO], "captions": {"style": {"shadows": "soft"}}}, "captions.style.shadows", "shadow"),
        (with_visual(type="gradient", colours=[]), "scenes[0].visuals[0].colours", "colors"),
    ],
)
def test_a_misspelt_field_is_answered_with_the_one_that_was_meant(
    job: dict[str, Any], path: str, meant: str
) -> None:
    with pytest.raises(InvalidJob) as refused:
        parse_job(json.dumps(job))

    told = {problem.path: problem.message for problem in refused.value.problems}
    assert told[path] == f"unknown field: did you mean {meant}?"


def test_a_field_like_no_other_is_answered_with_those_of_its_place() -> None:
    problem = problem_of(with_visual(type="color", hue=3))

    assert problem.code == "unknown_field"
    assert problem.message == (
        "unknown field: remove it, or choose from type, duration, fit, motion, effects, color"
    )


def test_a_field_in_both_spellings_is_told_as_that() -> None:
    problem = problem_of({"scenes": [HELLO], "captions": {"maxWords": 2, "max_words": 3}})

    assert problem.message == "unknown field: max_words is given in two spellings, leave one out"


@pytest.mark.parametrize(
    ("job", "path"),
    [
        (with_overlay(type="text", text="Hi", position="top"), "scenes[0].overlays[0].position"),
        (with_overlay(type="text", text="Hi", position=[0.5, 2]), "scenes[0].overlays[0].position[1]"),
        (with_overlay(type="text", text=5), "scenes[0].overlays[0].text"),
        (with_overlay(type="text"), "scenes[0].overlays[0].text"),
        (
            with_visual(type="color", color="red", motion={"effect": "spin"}),
            "scenes[0].visuals[0].motion.effect",
        ),
        (with_visual(type="color", color="reddish"), "scenes[0].visuals[0].color"),
        ({"scenes": [HELLO | {"audio": {"src": 5}}]}, "scenes[0].audio.src"),
    ],
)
def test_a_field_that_is_called_like_its_type_does_not_blur_the_place(job: dict[str, Any], path: str) -> None:
    assert problem_of(job).path == path


@pytest.mark.parametrize("visual", [{"src": "a.jpg"}, {"type": "photo", "src": "a.jpg"}])
def test_whoever_names_no_kind_of_picture_is_told_the_kinds(visual: dict[str, str]) -> None:
    problem = problem_of(with_visual(**visual))

    assert problem.path == "scenes[0].visuals[0].type"
    assert problem.message == (
        "should be one of 'image', 'video', 'color', 'gradient', 'procedural', 'title', 'moviepy'"
    )


@pytest.mark.parametrize(
    ("job", "message"),
    [
        ({"scenes": [HELLO | {"transition": "fade"}]}, "should be an object with type, duration"),
        ({"scenes": [HELLO | {"pad_end": "1"}]}, "should be a number, without quotes"),
        ({"scenes": [HELLO], "output": {"width": "1080"}}, "should be a whole number, without quotes"),
        ({"scenes": [HELLO], "captions": {"enabled": "yes"}}, "should be true or false, without quotes"),
        ({"scenes": [HELLO], "id": "my #1"}, "may have letters from A to Z, digits, and _ . : - only"),
        (
            {"scenes": [HELLO], "voice": {"language": "english"}},
            "is no language tag: write one such as en, en-gb or es",
        ),
    ],
)
def test_what_a_value_should_be_is_told_in_words(job: dict[str, Any], message: str) -> None:
    assert problem_of(job).message == message


def test_every_pattern_of_a_job_has_words() -> None:
    assert set(patterns_in(RenderJob.model_json_schema())) <= set(PATTERNS_IN_WORDS)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("", "not JSON: it is empty"),
        (" \n", "not JSON: it is empty"),
        ('{"a": "one\ntwo"}', r"write a line break within a text as \n"),
    ],
)
def test_what_is_no_json_is_answered_with_what_to_do(sent: str, told: str) -> None:
    with pytest.raises(InvalidJob) as refused:
        read_json(sent)

    assert told in refused.value.problems[0].message


def patterns_in(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str):
            yield schema["pattern"]
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from patterns_in(part)
