"""Signed calls that tell others about a job."""

import time
from collections.abc import Mapping
from typing import Literal, NamedTuple

from .. import __version__
from .calls import Answer, Caller
from .exchange import merged
from .signature import HEADER, signature


class Letter(NamedTuple):
    """What is told."""

    event: Literal["ended", "progress"]
    id: str
    """The same in every attempt, so that a receiver knows what it has read already."""
    attempt: int
    body: bytes
    """JSON."""
    traceparent: str = ""
    """Trace that the job belongs to; W3C Trace Context."""


class Letters:
    """Sends letters; safe to use from any thread."""

    def __init__(self, caller: Caller, secret: str) -> None:
        self._caller, self._secret = caller, secret.encode()

    def send(self, url: str, headers: Mapping[str, str], letter: Letter) -> Answer:
        """Send a letter, with headers that the receiver wants to see beside ours.

        Raises:
            NeuroShortsError: there was no answer, see `Caller.post`.
        """
        own = {
            "Content-Type": "application/json",
            "User-Agent": f"NeuroShorts/{__version__}",
            "X-NeuroShorts-Event": letter.event,
            "X-NeuroShorts-Delivery": letter.id,
            "X-NeuroShorts-Attempt": str(letter.attempt),
            HEADER: signature(self._secret, letter.body, int(time.time())),
        }
        if letter.traceparent:
            own["traceparent"] = letter.traceparent
        return self._caller.post(url, merged(headers, own), letter.body)
