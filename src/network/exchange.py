"""One exchange over HTTP: guarded, bounded in time, never redirected, never through a proxy."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import NamedTuple

import certifi
import httpcore

from .deadline import Deadline
from .destination import Destination
from .failures import AnswerTimeout, StrangeAnswer, Unreachable
from .guard import Guard
from .stream import GuardedBackend


class Asked(NamedTuple):
    """What is asked for."""

    method: str
    to: Destination
    headers: Mapping[str, str]
    body: bytes | None = None


class Exchange:
    """Asks other machines; safe to use from any thread."""

    def __init__(self, guard: Guard, trusted: ssl.SSLContext | None = None) -> None:
        self._guard, self._trusted = guard, trusted

    @contextmanager
    def open(self, asked: Asked, deadline: Deadline) -> Iterator[httpcore.Response]:
        """Ask, and give the answer while its body is still on the way.

        Raises:
            ForbiddenHost: nobody may be called there.
            UnknownHost, Unreachable, UntrustedHost: nobody was reached there.
            AnswerTimeout, StrangeAnswer: there is no whole answer.
        """
        to, body = asked.to, asked.body
        own = {"Host": to.authority, "Connection": "close"}
        if body is not None:
            own["Content-Length"] = str(len(body))
        address = httpcore.URL(scheme=to.scheme, host=to.host, port=to.port, target=to.target)
        connection = httpcore.HTTPConnection(
            address.origin,
            ssl_context=(self._trusted or _usual_trust()) if to.scheme == "https" else None,
            network_backend=GuardedBackend(self._guard, deadline),
        )
        headers = list(merged(asked.headers, own).items())
        try:
            with connection.stream(asked.method, address, headers=headers, content=body) as response:
                yield response
        except httpcore.NetworkError as error:
            raise Unreachable(to.host, str(error) or "connection lost") from error
        except httpcore.TimeoutException as error:
            raise AnswerTimeout(to.host, deadline.seconds) from error
        except httpcore.ProtocolError as error:
            raise StrangeAnswer(to.host, str(error)) from error
        finally:
            connection.close()


def merged(theirs: Mapping[str, str], ours: Mapping[str, str]) -> dict[str, str]:
    """Put headers together; case does not count in their names, and ours win."""
    names = {name.lower() for name in ours}
    return {name: value for name, value in theirs.items() if name.lower() not in names} | dict(ours)


def beginning_of(response: httpcore.Response, most_bytes: int = 16 * 1024) -> str:
    """Read the first characters of an answer's body.

    Raises:
        httpcore.NetworkError, httpcore.ProtocolError: it was cut.
    """
    read = bytearray()
    for part in response.iter_stream():
        read += part
        if len(read) >= most_bytes:
            break
    return read[:most_bytes].decode("utf-8", "replace")


def headers_of(response: httpcore.Response) -> dict[str, str]:
    """Read the headers of an answer by name in lower case; of several with one name the first."""
    headers: dict[str, str] = {}
    for name, value in response.headers:
        headers.setdefault(name.decode("ascii").lower(), value.decode("latin-1"))
    return headers


@lru_cache(maxsize=1)
def _usual_trust() -> ssl.SSLContext:
    """Trust what the system trusts, an operator's own authority included, and what browsers do."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
