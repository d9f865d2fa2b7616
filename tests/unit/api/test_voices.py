"""Voices of jobs, as callers hear of them."""

import pytest

from tests.unit.api.running import Running

JOB = {"voice": {"provider": "elevenlabs", "voice": "rachel"}, "scenes": [{"text": "Hello"}]}


@pytest.mark.parametrize("path", ["/render", "/render/validate"])
def test_a_voice_that_nobody_set_up_is_refused_when_the_job_is_handed_in(service: Running, path: str) -> None:
    answer = service.client.post(path, json=JOB)
    assert answer.status_code == 422
    [problem] = answer.json()["problems"]
    assert (problem["code"], problem["path"]) == ("speech_not_set_up", "voice.provider")
    assert "NEUROSHORTS_ELEVENLABS_API_KEY" in problem["message"]


def test_a_job_in_which_somebody_else_may_speak_is_taken_in(service: Running) -> None:
    voice = {**JOB["voice"], "fallbacks": [{"provider": "espeak"}]}  # type: ignore[dict-item]
    assert service.client.post("/render", json={**JOB, "voice": voice}).status_code == 202
