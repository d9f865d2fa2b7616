"""Errors in words: each on its line, led by its JSON path or its scene."""

import pytest

from src.cli.console import MAX_PROBLEMS, ExitCode, error_lines, exit_code_of, unexpected_line
from src.errors import (
    Interrupted,
    InvalidJob,
    MissingFile,
    NeuroShortsError,
    Problem,
    RejectedJob,
    SpeechFailed,
    Transient,
)


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        (RejectedJob("no sound", path="music.src"), ["music.src: no sound"]),
        (SpeechFailed("silence", scene_id="intro"), ["scene intro: silence"]),
        (
            InvalidJob([Problem("", "bad_json", "not JSON"), Problem("a", "b", "c")]),
            ["job: not JSON", "a: c"],
        ),
    ],
)
def test_an_error_is_led_by_its_place(error: NeuroShortsError, lines: list[str]) -> None:
    assert error_lines(error) == lines


@pytest.mark.parametrize(("more", "last"), [(0, "49: wrong"), (1, "and 1 more"), (950, "and 950 more")])
def test_the_first_problems_of_many_are_told(more: int, last: str) -> None:
    error = InvalidJob([Problem(str(i), "bad", "wrong") for i in range(MAX_PROBLEMS + more)])

    lines = error_lines(error)

    assert lines[:50] == [f"{i}: wrong" for i in range(50)]
    assert lines[-1] == last
    assert len(lines) == 50 + bool(more)


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
