"""Whose work this is: the trace context that callers pass on, so that one id joins the logs of all services.

Source: W3C Trace Context, level 1.
"""

import re
import secrets
from typing import NamedTuple, Self

#: Version, trace id, id of the caller's span, flags; a later version may add to them behind a dash.
_HEADER = re.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", re.ASCII)
#: Most characters of a header that is looked at: that of a later version may be longer than ours.
_MOST_CHARACTERS = 512
_FORBIDDEN_VERSION = "ff"
#: The flag that level 1 knows, "sampled"; others are not passed on.
_SAMPLED = 0x01


class TraceContext(NamedTuple):
    """One span of a trace."""

    trace_id: str
    """32 digits of hex, the same in all spans of the trace."""
    span_id: str
    """16 digits of hex."""
    flags: int

    @classmethod
    def begin(cls) -> Self:
        """Begin a trace of our own."""
        return cls(_random_id(16), _random_id(8), 0)

    @classmethod
    def read(cls, header: str) -> Self | None:
        """Read a `traceparent` header; None when it is not one, which begins a new trace."""
        found = _HEADER.fullmatch(header) if len(header) <= _MOST_CHARACTERS else None
        if found is None or found[1] == _FORBIDDEN_VERSION or (found[1] == "00" and found[5]):
            return None
        if not int(found[2], 16) or not int(found[3], 16):
            return None
        return cls(found[2], found[3], int(found[4], 16) & _SAMPLED)

    @classmethod
    def below(cls, header: str) -> Self:
        """Make the span of work that a caller with this `traceparent`, or with none, asked for."""
        caller = cls.read(header)
        return caller.child() if caller else cls.begin()

    @property
    def traceparent(self) -> str:
        """The header that passes it on."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags:02x}"

    def child(self) -> Self:
        """Make a span below this one."""
        return self._replace(span_id=_random_id(8))


def _random_id(size_bytes: int) -> str:
    """Draw an id; one of zeros alone is none."""
    while not int(drawn := secrets.token_hex(size_bytes), 16):
        pass
    return drawn
