"""What a service is asked to speak, and what it answers; who asks it is somebody else's matter.

The process that renders asks its worker, which has the keys; a command asks the service itself.
"""

from typing import Annotated, NamedTuple, Protocol

from pydantic import StringConstraints

from ..models.sound import ProviderName
from ..stopping import Stop

#: Characters of one text: more than a scene may have, numbers written out in words.
_MOST_CHARACTERS = 40_000
_Name = Annotated[str, StringConstraints(max_length=200)]


class SpeechOrder(NamedTuple):
    """A text to be spoken; nothing in it is empty."""

    provider: ProviderName
    text: Annotated[str, StringConstraints(max_length=_MOST_CHARACTERS)]
    voice: _Name
    model: _Name
    language: _Name
    speed: float


class Reply(NamedTuple):
    """What a service answered, as it came: nothing of it has been looked into."""

    media_type: str
    """In lower case, without parameters; empty if none was told."""
    body: bytes


class Calls(Protocol):
    """Asks services; safe to use from several threads."""

    def reply(self, order: SpeechOrder, stop: Stop) -> Reply:
        """Ask for a text, as often as it takes.

        Raises:
            SpeechNotSetUp, SpeechRefused, SpeechUnavailable, SpeechBroken: there is no answer to look into.
            Interrupted: `stop` was set; that takes a fraction of a second.
        """
        ...
