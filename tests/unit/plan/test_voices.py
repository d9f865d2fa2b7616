"""Who speaks a scene: the job's voice, a scene's own, and those that step in."""

import json
from typing import Any

import pytest

from src.errors import InvalidJob
from src.models.job import RenderJob, parse_job
from src.plan.voices import speakers, voice_refusals

HELLO = {"text": "Hello"}
ELEVEN = {"provider": "elevenlabs", "voice": "rachel", "model": "turbo", "language": "de", "speed": 1.1}


def job(voice: dict[str, Any], *scenes: dict[str, Any]) -> RenderJob:
    return parse_job(json.dumps({"voice": voice, "scenes": scenes or [HELLO]}))


def told(job: RenderJob) -> list[tuple[str, str]]:
    return [(refusal.path, refusal.message) for refusal in voice_refusals(job)]


def test_a_scene_without_a_voice_has_that_of_the_job() -> None:
    [speaker] = speakers(job(ELEVEN), 0)
    assert speaker[:5] == ("elevenlabs", "rachel", "turbo", "de", 1.1)
    assert speaker.paths["speed"] == "voice.speed"


def test_what_a_scene_does_not_say_comes_from_the_job() -> None:
    [speaker] = speakers(job(ELEVEN, HELLO, {**HELLO, "voice": {"voice": "adam"}}), 1)
    assert speaker[:5] == ("elevenlabs", "adam", "turbo", "de", 1.1)
    assert speaker.paths["voice"] == "scenes[1].voice.voice"
    assert speaker.paths["model"] == "voice.model"


def test_another_provider_has_its_own_voice_and_model() -> None:
    [speaker] = speakers(job(ELEVEN, {**HELLO, "voice": {"provider": "espeak", "speed": 2.0}}), 0)
    assert speaker[:5] == ("espeak", "", "", "de", 2.0)
    assert speaker.paths["voice"] == "scenes[0].voice.voice"


def test_the_same_provider_named_again_resets_nothing() -> None:
    [speaker] = speakers(job(ELEVEN, {**HELLO, "voice": {"provider": "elevenlabs"}}), 0)
    assert speaker.voice == "rachel"


def test_fallbacks_have_the_language_and_speed_of_the_voice() -> None:
    fallbacks = [{"provider": "openai", "voice": "nova", "model": "tts"}, {"provider": "espeak"}]
    chain = speakers(job({**ELEVEN, "fallbacks": fallbacks}), 0)
    assert [speaker[:5] for speaker in chain[1:]] == [
        ("openai", "nova", "tts", "de", 1.1),
        ("espeak", "", "", "de", 1.1),
    ]
    assert chain[2].paths["voice"] == "voice.fallbacks[1].voice"
    assert chain[2].paths["language"] == "voice.language"


def test_a_scene_may_have_fallbacks_of_its_own_or_none() -> None:
    own = {**HELLO, "voice": {"fallbacks": [{"provider": "espeak", "voice": "+f2"}]}}
    alone = {**HELLO, "voice": {"fallbacks": []}}
    film = job({"fallbacks": [{"provider": "espeak"}]}, own, alone)
    assert speakers(film, 0)[1].paths["voice"] == "scenes[0].voice.fallbacks[0].voice"
    assert len(speakers(film, 1)) == 1


def test_a_speed_that_a_provider_does_not_take_is_told_where_it_stands() -> None:
    fast = {**HELLO, "voice": {"speed": 1.5}}
    found = dict(told(job(ELEVEN, HELLO, fast)))
    assert "elevenlabs speaks at 0.7 to 1.2, not at 1.5" in found["scenes[1].voice.speed"]
    assert "voice.speed" not in found


@pytest.mark.parametrize("provider", ["espeak", "piper"])
def test_a_model_for_a_voice_that_has_none_is_refused_and_not_ignored(provider: str) -> None:
    fallbacks = [{"provider": provider, "voice": "bob", "model": "large"}]

    found = dict(told(job({**ELEVEN, "fallbacks": fallbacks}, HELLO)))

    assert f"{provider} has no models" in found["voice.fallbacks[0].model"]


def test_scenes_that_nobody_speaks_need_no_voice() -> None:
    silent = {"duration": 1, "visuals": [{"type": "color"}]}
    brought = {**HELLO, "audio": {"src": "a.wav"}}
    assert told(job({**ELEVEN, "speed": 2.0}, silent, brought)) == []


@pytest.mark.parametrize(
    ("voice", "path"),
    [
        ({"fallbacks": [{"provider": "espeak"}] * 4}, "voice.fallbacks"),
        ({"fallbacks": [{"provider": "festival"}]}, "voice.fallbacks[0].provider"),
        ({"fallbacks": [{"voice": "bob"}]}, "voice.fallbacks[0].provider"),
        ({"model": "x" * 101}, "voice.model"),
    ],
)
def test_wrong_voices_are_refused_with_their_path(voice: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidJob) as caught:
        job(voice)
    assert [problem.path for problem in caught.value.problems] == [path]
