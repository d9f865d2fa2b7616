"""All that is wrong with a job, told at once and in the order of the job."""

import pytest

from src.errors import InvalidJob, MissingFile, Problem, RejectedJob
from src.models.rejections import raise_all, refuse_all, rejections


def refuse(path: str, message: str = "is wrong") -> None:
    raise RejectedJob(message, path=path)


def test_nothing_wrong_raises_nothing() -> None:
    raise_all([])
    refuse_all(lambda: None)


def test_a_single_error_is_raised_as_it_is() -> None:
    with pytest.raises(MissingFile) as caught:
        raise_all([MissingFile("a.png", path="music.src")])
    assert caught.value.path == "music.src"


def test_what_is_said_twice_is_told_once() -> None:
    error = RejectedJob("is wrong", path="voice.voice", scene_id="one")
    with pytest.raises(RejectedJob) as caught:
        raise_all([error, RejectedJob("is wrong", path="voice.voice", scene_id="two")])
    assert caught.value is error


def test_problems_are_told_in_the_order_of_the_job() -> None:
    in_order = [
        "",
        "output.destinations[1].bucket",
        "voice.voice",
        "music.src",
        "captions.style",
        "captions.font.family",
        "scenes",
        "scenes[2].visuals[0].src",
        "scenes[2].visuals[1].family",
        "scenes[10].text",
    ]
    with pytest.raises(InvalidJob) as caught:
        raise_all([RejectedJob("is wrong", path=path) for path in reversed(in_order)])
    assert [problem.path for problem in caught.value.problems] == in_order


def test_checks_that_find_several_problems_are_told_with_the_others() -> None:
    two = InvalidJob([Problem("music.src", "missing_file", "one"), Problem("scenes", "rejected", "two")])

    def refuse_two() -> None:
        raise two

    with pytest.raises(InvalidJob) as caught:
        refuse_all(lambda: refuse("voice.voice"), refuse_two, lambda: None)
    assert [problem.path for problem in caught.value.problems] == ["voice.voice", "music.src", "scenes"]
    assert caught.value.problems[1].code == "missing_file"


def test_a_check_that_breaks_is_no_mistake_of_the_job() -> None:
    def breaks() -> None:
        raise OSError("the disk is away")

    with pytest.raises(OSError, match="disk"):
        rejections(lambda: refuse("voice.voice"), breaks)
