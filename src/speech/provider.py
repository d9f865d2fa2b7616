"""What each service has to know: how it is asked, and how its answer is read."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from .calls import Reply, SpeechOrder


class Call(NamedTuple):
    """A POST request."""

    url: str
    headers: Mapping[str, str]
    body: bytes


class Mark(NamedTuple):
    """When a character of the text is begun."""

    character: int
    """Position in the text, from 0."""
    seconds: float


class Recorded(NamedTuple):
    """What an answer holds."""

    sound: bytes
    """A file in a format that the service was asked for, or another one."""
    marks: tuple[Mark, ...] = ()
    """In order; none from a service that tells no times."""
    ends_at_seconds: float = 0.0
    """When the service says that the last character ends; 0 from one that does not."""


class Provider(Protocol):
    """A service that speaks; made from the settings."""

    key: str
    """Empty where there is none, or none is needed."""
    key_setting: str
    """Name of the setting that holds it."""
    base_setting: str
    """Name of the setting that holds the address of the service."""
    is_set_up: bool
    """Whether there is what it takes to ask: a key, or an address that the operator chose."""

    def call(self, order: SpeechOrder) -> Call:
        """Write the request for a text."""
        ...

    def recorded(self, reply: Reply, text: str) -> Recorded:
        """Read an answer.

        Raises:
            SpeechBroken: it holds no sound.
        """
        ...
