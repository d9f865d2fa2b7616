"""Edits change what they say and nothing else, and long films repeat no picture in the same way."""

import json
from collections.abc import Callable

import pytest

from benchmarks.edits import Job, with_a_scene_before, with_another_picture, with_another_word
from benchmarks.scenario import Scale, job_of
from src.models.job import parse_job

JOB = job_of(Scale(30))


def test_another_word_changes_the_text_of_one_scene() -> None:
    edited = with_another_word(JOB)
    assert edited["scenes"][2]["text"] == "Down in the valley, people count the days until the snow."
    edited["scenes"][2]["text"] = JOB["scenes"][2]["text"]
    assert edited == JOB


def test_another_picture_changes_the_source_of_one_scene() -> None:
    edited = with_another_picture(JOB)
    assert edited["scenes"][2]["visuals"][0]["src"] == "photo-5.jpg"
    edited["scenes"][2]["visuals"] = JOB["scenes"][2]["visuals"]
    assert edited == JOB


def test_a_scene_before_leaves_all_others_as_they_are() -> None:
    edited = with_a_scene_before(JOB)
    assert edited["scenes"][1:] == JOB["scenes"]
    assert edited["scenes"][0]["visuals"][0]["src"] == "photo-5.jpg"


@pytest.mark.parametrize("seconds", [1, 4, 15, 30])
@pytest.mark.parametrize("edit", [with_another_word, with_another_picture, with_a_scene_before])
def test_an_edited_job_is_valid_and_another_one(edit: Callable[[Job], Job], seconds: int) -> None:
    job = job_of(Scale(seconds))
    assert parse_job(json.dumps(edit(job))) != parse_job(json.dumps(job))


def test_three_minutes_show_no_picture_twice_in_the_same_way() -> None:
    visuals = [json.dumps(scene["visuals"], sort_keys=True) for scene in job_of(Scale(180))["scenes"]]
    assert len(set(visuals)) == len(visuals) == 36
