"""Voices that do not exist are told by the job alone."""

import json

import pytest

from src.models.job import parse_job
from src.plan.embedded_voices import embedded_voice_refusals


def paths(job: dict[str, object]) -> list[str]:
    return [refusal.path for refusal in embedded_voice_refusals(parse_job(json.dumps(job)))]


@pytest.mark.parametrize(
    ("voice", "expected"),
    [
        ({"voice": "en-gb+f2"}, []),
        ({"voice": "bob"}, ["voice.voice"]),
        ({"language": "xx"}, ["voice.language"]),
        ({"language": "th"}, ["voice.language"]),
        ({"voice": "bob", "fallbacks": [{"provider": "espeak", "voice": "en-gb"}]}, []),
        ({"voice": "bob", "fallbacks": [{"provider": "openai", "voice": "nova"}]}, []),
        (
            {"voice": "bob", "fallbacks": [{"provider": "espeak", "voice": "eve"}]},
            ["voice.voice", "voice.fallbacks[0].voice"],
        ),
    ],
)
def test_a_scene_is_refused_when_none_of_its_voices_can_speak_it(
    voice: dict[str, object], expected: list[str]
) -> None:
    assert paths({"voice": voice, "scenes": [{"text": "Hello"}]}) == expected


def test_a_scene_that_nobody_speaks_may_name_any_voice() -> None:
    scenes = [{"duration": 1}, {"text": "Hello", "audio": {"src": "hello.wav"}}]
    assert paths({"voice": {"voice": "bob"}, "scenes": scenes}) == []
