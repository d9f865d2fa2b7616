"""One call over HTTP: guarded, bounded in time and bytes, never redirected, never through a proxy."""

import ssl
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple

import certifi
import httpcore

from .deadline import Deadline
from .destination import Destination
from .failures import AnswerTimeout, StrangeAnswer, Unreachable
from .guard import Guard
from .stream import GuardedBackend

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
        self._guard, self._seconds, self._trusted = guard, seconds, trusted

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a body and read the answer, whatever its status; redirections are not followed.

        Raises:
            UncallableUrl, ForbiddenHost: nobody may be called there.
            UnknownHost, Unreachable, UntrustedHost: nobody was reached there.
            AnswerTimeout, StrangeAnswer: there was no whole answer.
        """
        to = Destination.of(url)
        deadline = Deadline(self._seconds)
        own = {"Host": to.authority, "Content-Length": str(len(body)), "Connection": "close"}
        address = httpcore.URL(scheme=to.scheme, host=to.host, port=to.port, target=to.target)
        connection = httpcore.HTTPConnection(
            address.origin,
            ssl_context=self._trust() if to.scheme == "https" else None,
            network_backend=GuardedBackend(self._guard, deadline),
        )
        try:
            with connection.stream(
                "POST", address, headers=list(merged(headers, own).items()), content=body
            ) as response:
                return _answer(response)
        except httpcore.NetworkError as error:
            raise Unreachable(to.host, str(error) or "connection lost") from error
        except httpcore.TimeoutException as error:
            raise AnswerTimeout(to.host, self._seconds) from error
        except httpcore.ProtocolError as error:
            raise StrangeAnswer(to.host, str(error)) from error
        finally:
            connection.close()

    def _trust(self) -> ssl.SSLContext:
        return self._trusted or _usual_trust()


def merged(theirs: Mapping[str, str], ours: Mapping[str, str]) -> dict[str, str]:
    """Put headers together; case does not count in their names, and ours win."""
    names = {name.lower() for name in ours}
    return {name: value for name, value in theirs.items() if name.lower() not in names} | dict(ours)


@lru_cache(maxsize=1)
def _usual_trust() -> ssl.SSLContext:
    """Trust what the system trusts, an operator's own authority included, and what browsers do."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _answer(response: httpcore.Response) -> Answer:
    headers: dict[str, str] = {}
    for name, value in response.headers:
        headers.setdefault(name.decode("ascii").lower(), value.decode("latin-1"))
    kept, read = bytearray(), 0
    # Who has said how it went was told, and need not be told again because the rest got lost.
    with suppress(AnswerTimeout, httpcore.NetworkError, httpcore.ProtocolError):
        for part in response.iter_stream():
            kept += part[: _KEPT_BYTES - len(kept)]
            read += len(part)
            if read >= _READ_BYTES:
                break
    return Answer(response.status, headers, kept.decode("utf-8", "replace"))
