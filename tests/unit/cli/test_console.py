"""Errors in words: each on its line, led by its JSON path or its scene."""

import pytest

from src.cli.console import ExitCode, error_lines, exit_code_of, unexpected_line
from src.errors import (
    Interrupted,
    InvalidJob,
    MissingFile,
    NeuroShortsError,
    Problem,
    SpeechFailed,
    Transient,
)


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        (MissingFile("a.png", path="music.src"), ["music.src: no such file: 'a.png'"]),
        (SpeechFailed("silence", scene_id="intro"), ["scene intro: silence"]),
        (
            InvalidJob([Problem("", "bad_json", "not JSON"), Problem("a", "b", "c")]),
            ["job: not JSON", "a: c"],
        ),
    ],
)
def test_an_error_is_led_by_its_place(error: NeuroShortsError, lines: list[str]) -> None:
    assert error_lines(error) == lines


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MissingFile("a", path=""), ExitCode.REJECTED),
        (SpeechFailed("a"), ExitCode.FAILED),
        (Transient("a"), ExitCode.FAILED),
        (Interrupted("a"), ExitCode.INTERRUPTED),
    ],
)
def test_a_verdict_has_its_exit_code(error: NeuroShortsError, code: ExitCode) -> None:
    assert exit_code_of(error) is code


def test_an_unexpected_error_is_one_line_even_without_a_log() -> None:
    assert unexpected_line(ValueError("one\ntwo"), None) == "unexpected ValueError: one"
