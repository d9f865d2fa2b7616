"""Fields that people write and a job does not have are answered with what they mean."""

import json
from typing import Any

import pytest

from src.errors import InvalidJob
from src.models.job import parse_job

HELLO = {"text": "Hello"}


@pytest.mark.parametrize(
    ("job", "path", "told"),
    [
        (
            {"scenes": [{"visuals": [{"type": "image", "url": "a"}]}]},
            "scenes[0].visuals[0].url",
            "did you mean src?",
        ),
        ({"scenes": [HELLO | {"image": "a"}]}, "scenes[0].image", "pictures stand in visuals"),
        ({"scenes": [HELLO | {"images": ["a"]}]}, "scenes[0].images", "pictures stand in visuals"),
        ({"scenes": [HELLO | {"video": "a"}]}, "scenes[0].video", "clips stand in visuals"),
        ({"scenes": [HELLO | {"title": "a"}]}, "scenes[0].title", '[{"type": "title", "text": "..."}]'),
        ({"scenes": [HELLO], "resolution": "1080x1920"}, "resolution", "output.width and output.height"),
        ({"scenes": [HELLO], "output": {"resolution": "a"}}, "output.resolution", "width and height"),
        ({"scenes": [HELLO], "fps": 30}, "fps", "did you mean output.fps?"),
        ({"scenes": [HELLO], "subtitles": {}}, "subtitles", "did you mean captions?"),
        ({"job": {"scenes": [HELLO]}}, "job", "send what is in it by itself"),
        ({"scenes": [HELLO], "zzz": 1}, "zzz", "choose from scenes, schema_version,"),
    ],
)
def test_a_field_that_is_none_is_answered_with_what_is_meant(
    job: dict[str, Any], path: str, told: str
) -> None:
    with pytest.raises(InvalidJob) as refused:
        parse_job(json.dumps(job))

    messages = {problem.path: problem.message for problem in refused.value.problems}
    assert told in messages[path]
