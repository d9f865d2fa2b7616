"""One call over HTTP: guarded, bounded in time and bytes, never redirected, never through a proxy."""

import ssl
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

import httpcore

from .deadline import Deadline
from .destination import Destination
from .exchange import Asked, Exchange, headers_of
from .failures import AnswerTimeout
from .guard import Guard

#: Seconds that a call may take, from the question for the address to the last byte of the answer.
CALL_SECONDS = 15.0
#: Bytes of an answer's body that are read, so that the other side is not cut off in the middle.
_READ_BYTES = 64 * 1024
#: Bytes of an answer's body that are kept.
_KEPT_BYTES = 2 * 1024


class Answer(NamedTuple):
    """What somebody who was called answered."""

    status: int
    headers: Mapping[str, str]
    """By name in lower case; of several with one name the first."""
    text: str
    """The first characters of its body."""


class Caller:
    """Calls other machines; safe to use from any thread."""

    def __init__(
        self, guard: Guard, *, seconds: float = CALL_SECONDS, trusted: ssl.SSLContext | None = None
    ) -> None:
        self._exchange, self._seconds = Exchange(guard, trusted), seconds

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a body and read the answer, whatever its status; redirections are not followed.

        Raises:
            UncallableUrl, ForbiddenHost: nobody may be called there.
            UnknownHost, Unreachable, UntrustedHost: nobody was reached there.
            AnswerTimeout, StrangeAnswer: there was no whole answer.
        """
        asked = Asked("POST", Destination.of(url), headers, body)
        with self._exchange.open(asked, Deadline(self._seconds)) as response:
            return _answer(response)


def _answer(response: httpcore.Response) -> Answer:
    kept, read = bytearray(), 0
    # Who has said how it went was told, and need not be told again because the rest got lost.
    with suppress(AnswerTimeout, httpcore.NetworkError, httpcore.ProtocolError):
        for part in response.iter_stream():
            kept += part[: _KEPT_BYTES - len(kept)]
            read += len(part)
            if read >= _READ_BYTES:
                break
    return Answer(response.status, headers_of(response), kept.decode("utf-8", "replace"))
