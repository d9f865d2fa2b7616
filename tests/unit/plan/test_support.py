"""What a valid job may ask for in vain."""

import json
import re

import pytest

from src.errors import InvalidJob, RejectedJob, UnknownName
from src.models.job import RenderJob
from src.plan.support import refuse_unsupported
from tests.unit.plan.facts_for import job_of


@pytest.mark.parametrize(
    ("job", "path"),
    [
        ('{"defaults":{"transition":{"type":"Fads"}},"scenes":[{"text":"a"}]}', "defaults.transition.type"),
        ('{"scenes":[{"text":"a","transition":{"type":"fads"}}]}', "scenes[0].transition.type"),
    ],
)
def test_a_transition_that_does_not_exist_is_refused_with_those_that_do(job: str, path: str) -> None:
    with pytest.raises(UnknownName, match=r"unknown transition .*fade") as refused:
        refuse_unsupported(job_of(job))
    assert refused.value.path == path


@pytest.mark.parametrize(
    ("ids", "path", "other"),
    [
        (("intro", "", "intro"), "scenes[2].id", "scenes[0] has the name 'intro'"),
        (("scene-2", ""), "scenes[0].id", "scenes[1] has the name 'scene-2'"),
        (("", "scene-1"), "scenes[1].id", "scenes[0] has the name 'scene-1'"),
    ],
)
def test_two_scenes_of_one_name_are_refused_with_both_places(
    ids: tuple[str, ...], path: str, other: str
) -> None:
    with pytest.raises(RejectedJob, match=re.escape(other)) as refused:
        refuse_unsupported(_job_of_ids(ids))
    assert refused.value.path == path


def test_each_scene_that_has_the_name_of_an_earlier_one_is_told() -> None:
    with pytest.raises(InvalidJob) as refused:
        refuse_unsupported(_job_of_ids(("a", "a", "b", "a")))
    assert [problem.path for problem in refused.value.problems] == ["scenes[1].id", "scenes[3].id"]


def test_scenes_without_ids_and_with_those_of_other_places_are_not() -> None:
    refuse_unsupported(_job_of_ids(("", "", "scene-3", "x")))


def _job_of_ids(ids: tuple[str, ...]) -> RenderJob:
    return job_of(json.dumps({"scenes": [{"id": name, "text": "a"} for name in ids]}))
