"""The services that speak: one line each, and a file for each."""

from collections.abc import Callable, Mapping

from ..models.sound import ProviderName
from ..settings import Settings
from .elevenlabs import ElevenLabs
from .openai import OpenAi
from .provider import Provider

PROVIDERS: Mapping[ProviderName, Callable[[Settings], Provider]] = {
    "openai": OpenAi,
    "elevenlabs": ElevenLabs,
}
