"""Jobs whose texts nobody here can speak, refused before they are taken in."""

import json
from typing import Any

import pytest

from src.errors import RejectedJob
from src.models.job import parse_job
from src.plan.voices import chains
from src.settings import Settings
from src.speech.catalogue import catalogue, refuse_unspoken

ELEVENLABS = {"provider": "elevenlabs", "voice": "rachel"}


def refuse(voice: dict[str, Any], **settings: Any) -> None:
    job = parse_job(json.dumps({"voice": voice, "scenes": [{"text": "Hello"}]}))
    refuse_unspoken(chains(job), Settings(**settings))


def refusal(voice: dict[str, Any], **settings: Any) -> RejectedJob:
    with pytest.raises(RejectedJob) as caught:
        refuse(voice, **settings)
    return caught.value


def test_a_voice_that_nobody_set_up_is_refused_with_what_to_set() -> None:
    error = refusal(ELEVENLABS)
    assert (error.code, error.path) == ("speech_not_set_up", "voice.provider")
    assert "NEUROSHORTS_ELEVENLABS_API_KEY" in error.message


def test_somebody_who_can_step_in_is_enough() -> None:
    refuse({**ELEVENLABS, "fallbacks": [{"provider": "espeak"}]})
    refuse({**ELEVENLABS, "fallbacks": [{"provider": "openai"}]}, openai_api_key="sk-1")
    assert refusal({**ELEVENLABS, "fallbacks": [{"provider": "openai"}]}).path == "voice.provider"


def test_a_voice_that_has_to_be_named_is_asked_for() -> None:
    assert refusal({"provider": "elevenlabs"}, elevenlabs_api_key="k").path == "voice.voice"
    instead = {"fallbacks": [{"provider": "espeak"}, {"provider": "elevenlabs"}]}
    assert refusal(instead, elevenlabs_api_key="k").path == "voice.fallbacks[1].voice"


def test_an_address_that_the_operator_chose_needs_no_key() -> None:
    refuse({"provider": "openai"}, openai_base_url="http://kokoro:8880/v1")


def test_keys_are_not_in_the_catalogue() -> None:
    told = catalogue(Settings(openai_api_key="sk-secret", elevenlabs_api_key="sk-secret"))
    assert all(known.is_set_up for known in told)
    assert "sk-secret" not in repr(told)


@pytest.mark.parametrize(
    "url", ["kokoro:8880", "http://me:secret@kokoro/v1", "https://k/v1?key=secret", "file:///"]
)
def test_addresses_that_are_none_or_carry_a_key_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="write it like"):
        Settings(openai_base_url=url)


def test_a_slash_at_the_end_of_an_address_does_no_harm() -> None:
    assert Settings(openai_base_url="http://[::1]:8880/v1/").openai_base_url == "http://[::1]:8880/v1"
