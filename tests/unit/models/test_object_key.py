"""Templates of keys are filled in, and never leave what they are put behind."""

import pytest
from pydantic import ValidationError

from src.models.object_key import expand, wrong_key
from src.models.output import GoogleDriveDestination, S3Destination


def test_a_template_is_filled_in() -> None:
    assert expand("films/{date}/{id}.mp4", {"date": "2026-11-21", "id": "7"}) == "films/2026-11-21/7.mp4"


@pytest.mark.parametrize(
    "template",
    [
        "../{id}.mp4",
        "a/../../b.mp4",
        "./{id}.mp4",
        "/{id}.mp4",
        "films/",
        "a//b.mp4",
        "a\\..\\b.mp4",
        "a\nb.mp4",
        "{bucket}.mp4",
        "{id.__class__}.mp4",
        "{id",
        "id}",
        "{{id}}",
        "é" * 513,
    ],
)
def test_a_template_that_leaves_its_place_or_names_something_else_is_refused(template: str) -> None:
    with pytest.raises(ValidationError) as caught:
        S3Destination(type="s3", key=template)

    assert caught.value.errors()[0]["type"] == "wrong_key"


def test_what_is_filled_in_cannot_leave_either() -> None:
    assert wrong_key(expand("films/{job_id}/film.mp4", {"job_id": ".."}))


@pytest.mark.parametrize("name", ["a/{id}.mp4", "..", "a\\b.mp4", "{bucket}.mp4", "{id", "a\nb"])
def test_a_name_that_is_a_path_or_names_something_else_is_refused(name: str) -> None:
    with pytest.raises(ValidationError) as caught:
        GoogleDriveDestination(type="gdrive", name=name)

    assert caught.value.errors()[0]["type"] == "wrong_name"
