"""All that pydantic finds wrong with a job is told in our words."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from src.errors import InvalidJob
from src.models.job import RenderJob, parse_job

#: Has every model of a job, and every field that can be wrong in its own way.
WHOLE: dict[str, Any] = {
    "schema_version": 1,
    "id": "a",
    "metadata": {},
    "webhook_url": "https://example.com/a",
    "webhook_headers": {"A": "b"},
    "progress_url": "https://example.com/b",
    "priority": 5,
    "output": {
        "preset": "square",
        "width": 1080,
        "fps": 30,
        "quality": "draft",
        "format": "mp4",
        "codec": "h264",
        "destinations": [
            {"type": "s3", "bucket": "abc", "key": "{id}.mp4", "overwrite": True, "expires_in": 60},
            {"type": "gdrive", "folder_id": "a", "name": "a", "share": "anyone"},
        ],
        "poster": {"at": 1},
        "sidecars": ["srt"],
    },
    "voice": {"provider": "espeak", "language": "en", "speed": 1, "fallbacks": [{"provider": "piper"}]},
    "music": {"tags": ["a"], "mood": "calm", "volume": 1, "duck_db": -1, "fade_in": 1, "loop": True},
    "loudness": {"target_lufs": -14, "true_peak_db": -1},
    "captions": {
        "src": "a.srt",
        "style": {"base": "pop", "stroke": 1, "shadow": {"kind": "soft", "color": "red"}},
        "font": {"size": 60},
        "color": "#fff",
        "position": "top",
        "max_words": 3,
    },
    "defaults": {"fit": "blur", "motion": {"effect": "none", "focus": [0.5, 0.5]}},
    "scenes": [
        {
            "id": "a",
            "text": "Hello",
            "voice": {"provider": "espeak", "speed": 1},
            "audio": {"src": "a.wav", "words": [{"text": "Hello", "start": 0, "end": 1}]},
            "duration": 5,
            "transition": {"type": "fade", "duration": 1},
            "visuals": [
                {"type": "image", "src": "a.png", "effects": ["grain"]},
                {"type": "video", "src": "a.mp4", "trim": 1},
                {"type": "gradient", "colors": ["red", "blue"], "angle": 5},
                {"type": "procedural", "seed": 1, "palette": ["red", "blue"]},
                {"type": "title", "text": "a"},
                {"type": "moviepy", "factory": "a", "params": {}},
            ],
            "overlays": [
                {"type": "image", "src": "a.png", "position": [0.5, 0.5], "width": 0.5},
                {"type": "text", "text": "a", "size": 60, "start": 1},
            ],
        }
    ],
}
WRONG: list[Any] = [
    None,
    True,
    -1e9,
    1e9,
    0.123,
    5,
    "",
    " ",
    "x",
    "ö x",
    "x" * 6000,
    [],
    [None] * 300,
    {},
    {"a": 1},
]


def test_a_job_with_everything_is_valid() -> None:
    parse_job(json.dumps(WHOLE))


def test_nothing_is_told_in_words_of_pydantic() -> None:
    """Every place of a job is given every wrong value in turn, or is left out."""
    kinds, raw_words = set(), set()
    for job in _mutated(WHOLE):
        text = json.dumps(job)
        try:
            RenderJob.model_validate_json(text)
        except ValidationError as error:
            details = error.errors(include_url=False)
            kinds |= {detail["type"] for detail in details}
            with pytest.raises(InvalidJob) as refused:
                parse_job(text)
            told = {problem.message for problem in refused.value.problems}
            raw_words |= {message for message in told if message[:1].isupper()}

    assert raw_words == set()
    assert {"missing", "greater_than", "less_than", "url_parsing", "multiple_of", "too_long"} <= kinds


def _mutated(job: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in _paths(job):
        *above, last = path
        for wrong in WRONG:
            changed = copy.deepcopy(job)
            _at(changed, above)[last] = wrong
            yield changed
        changed = copy.deepcopy(job)
        del _at(changed, above)[last]
        yield changed


def _paths(node: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, below in items:
        yield (*above, step)
        yield from _paths(below, (*above, step))


def _at(node: Any, path: list[Any]) -> Any:
    for step in path:
        node = node[step]
    return node


HELLO = {"text": "Hello"}


@pytest.mark.parametrize(
    ("job", "told"),
    [
        ({"scenes": [{"text": None}]}, "scenes[0].text: may not be null: leave it out"),
        ({"scenes": [{"text": 5}]}, "scenes[0].text: should be a text: put it in quotes"),
        (
            {"scenes": [{"visuals": [{"type": "image", "src": f"data:image/png;base64,{'A' * 3000}"}]}]},
            "scenes[0].visuals[0].src: may be no data: URL: save what it holds as a file, or where an"
            " https:// URL leads to",
        ),
        ({"scenes": {"text": "a"}}, "scenes: should be a list [...]"),
        (
            {"scenes": [HELLO | {"visuals": [None]}]},
            "scenes[0].visuals[0]: may not be null: take it out of the list",
        ),
        (
            {"scenes": [HELLO | {"visuals": [{"type": "image", "src": None}]}]},
            "scenes[0].visuals[0].src: may not be null: it has to be given",
        ),
        (
            {"scenes": [HELLO | {"overlays": [{"type": "text", "text": "a", "position": "top-right"}]}]},
            "scenes[0].overlays[0].position: should be a list [...]: two fractions from 0 to 1,"
            " such as [0.5, 0.1]: [0, 0] is the top left corner",
        ),
        (
            {"scenes": [HELLO | {"overlays": [{"type": "image", "src": "a", "width": 300}]}]},
            "scenes[0].overlays[0].width: should be at most 1: a fraction of the frame's width,"
            " 0.25 is a quarter",
        ),
        (
            {"scenes": [HELLO], "music": {"volume": 25}},
            "music.volume: should be at most 2: 1.0 is as loud as the voice, 0.25 is 12 dB below it",
        ),
        (
            {"scenes": [HELLO | {"duration": 5000}]},
            'scenes[0].duration: should be at most 600: it is told in seconds, or "auto"',
        ),
        (
            {"scenes": [HELLO], "webhook_url": "example.com/x"},
            "webhook_url: should begin with https:// or http://, such as https://example.com/done",
        ),
        ({"scenes": [HELLO], "output": {"format": "webm"}}, "output.format: should be one of 'mp4', 'mov'"),
        ({"scenes": [HELLO], "output": {"codec": "av1"}}, "output.codec: should be 'h264'"),
        (
            {"scenes": [HELLO], "captions": {"style": {"base": 5}}},
            "captions.style.base: should be a text: put it in quotes",
        ),
    ],
)
def test_a_wrong_value_is_told_with_what_it_should_be(job: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidJob) as refused:
        parse_job(json.dumps(job))

    assert str(refused.value) == told
