"""What is known of the services that speak, without asking them."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from ..models.sound import ProviderName
from ..settings import Settings


class Service(NamedTuple):
    """A provider that is asked over HTTP, as the operator set it up."""

    base_url: str
    voice: str
    """For jobs that name none; empty where jobs have to."""
    model: str


class Speeds(NamedTuple):
    """The speaking rates that a provider takes."""

    lowest: float
    highest: float


class Kind(NamedTuple):
    """What is so with a service whoever sets it up; its voices speak by a model of the caller's choice."""

    set_up: Callable[[Settings], Service]
    longest: tuple[tuple[str, int], ...]
    """Most characters that it speaks in one go, by what its models begin with; what stands first holds."""
    speeds: Speeds | None = None
    """None where it takes all that a job may ask for."""


def _openai(settings: Settings) -> Service:
    return Service(settings.openai_base_url, settings.openai_voice, settings.openai_model)


def _elevenlabs(settings: Settings) -> Service:
    return Service(settings.elevenlabs_base_url, settings.elevenlabs_voice, settings.elevenlabs_model)


KINDS: Mapping[ProviderName, Kind] = {
    # Source: platform.openai.com/docs/api-reference/audio/createSpeech (4096 characters; models of the family
    # GPT 2000 tokens).
    "openai": Kind(_openai, longest=(("gpt-", 2000), ("", 4096))),
    # Source: help.elevenlabs.io, "What's the maximum amount of characters and text I can generate?";
    # elevenlabs.io/docs, voice settings.
    "elevenlabs": Kind(
        _elevenlabs,
        longest=(
            ("eleven_flash_v2_5", 40_000),
            ("eleven_turbo_v2_5", 40_000),
            ("eleven_flash_v2", 30_000),
            ("eleven_turbo_v2", 30_000),
            ("eleven_multilingual_v", 10_000),
            ("eleven_monolingual_v1", 10_000),
            ("eleven_v3", 5000),
            # Newer models take less rather than more.
            ("", 2000),
        ),
        speeds=Speeds(0.7, 1.2),
    ),
}


def services(settings: Settings) -> Mapping[ProviderName, Service]:
    """List the providers that are asked over HTTP."""
    return {name: kind.set_up(settings) for name, kind in KINDS.items()}
