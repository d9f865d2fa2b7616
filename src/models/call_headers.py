"""Headers that a job wants sent along with calls. Source: RFC 9110, 5.1 and 5.5; RFC 9112."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

#: Most headers of one job.
MAX_HEADERS = 20
#: Most bytes of their names and values together.
MAX_HEADERS_BYTES = 8 * 1024
#: How our own headers begin.
OWN_PREFIX = "x-neuroshorts-"

_OURS = frozenset({"content-type", "content-encoding", "user-agent", "traceparent", "tracestate"})
#: They belong to the connection, which is ours.
_HOP_BY_HOP = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
    }
    | {"proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
)
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"(?:[!-~](?:[ \t!-~]*[!-~])?)?")


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise PydanticCustomError(
            "bad_header", "this is no name of a header: use letters, digits and hyphens"
        )
    if name.lower() in _OURS | _HOP_BY_HOP or name.lower().startswith(OWN_PREFIX):
        raise PydanticCustomError(
            "reserved_header", "this header is set by the service: leave it out, or use another name"
        )
    return name


def _value(value: str) -> str:
    if not _VALUE.fullmatch(value):
        raise PydanticCustomError(
            "bad_header", "the value of a header is one line of ASCII without blanks around it"
        )
    return value


def _small(headers: dict[str, str]) -> dict[str, str]:
    if len({name.lower() for name in headers}) < len(headers):
        raise PydanticCustomError("bad_header", "one header stands here twice: case does not count")
    if sum(len(name) + len(value) for name, value in headers.items()) > MAX_HEADERS_BYTES:
        raise PydanticCustomError("headers_too_large", "headers may have 8 KiB together")
    return headers


#: Names and values that can be sent as they are, and are not ours to set.
CallHeaders = Annotated[
    dict[Annotated[str, AfterValidator(_name)], Annotated[str, AfterValidator(_value)]],
    Field(max_length=MAX_HEADERS),
    AfterValidator(_small),
]
