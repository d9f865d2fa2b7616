"""How slowly a download may come in, and how often it is tried again."""

import time
from collections.abc import Callable
from typing import NamedTuple

from ..errors import CallFailed
from ..network.deadline import Deadline
from ..network.failures import UnknownHost, UntrustedHost
from ..stopping import Stop, raise_if_stopped
from .failures import ServerBroken, Truncated


class Limits(NamedTuple):
    """What bounds one download."""

    most_bytes: int
    most_seconds: float
    """For all of it, further attempts included."""
    stall_seconds: float = 20.0
    """Longest time without a byte."""
    least_bytes_a_second: int = 4096
    patience_seconds: float = 120.0
    """Longest time of failures in a row, in which nothing came in."""


class Pace(Deadline):
    """A deadline that bytes put off: each buys the time that it may take, up to the longest stall."""

    def __init__(
        self, whole: Deadline, limits: Limits, stop: Stop, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(limits.stall_seconds)
        self._whole, self._limits, self._stop, self._clock = whole, limits, stop, clock
        self._stalled_at = clock() + limits.stall_seconds

    def left(self) -> float:
        """Tell the seconds that are left until the next byte is too late.

        Raises:
            Interrupted: nobody wants it any more.
        """
        raise_if_stopped(self._stop)
        return max(0.0, min(self._whole.left(), self._stalled_at - self._clock()))

    def count(self, received_bytes: int) -> None:
        """Put the end off."""
        bought = self._stalled_at + received_bytes / self._limits.least_bytes_a_second
        self._stalled_at = min(bought, self._clock() + self._limits.stall_seconds)


#: Bytes that show that it goes on.
_PROGRESS_BYTES = 64 * 1024
#: Connections that ended early in a row, without more than the ones before: the server ends them.
_MOST_CUTS = 3
#: Seconds for a name that the DNS does not know: it is misspelt, or just being set up.
_UNKNOWN_SECONDS = 5.0
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.25, 8.0


class Patience:
    """Decides after each failure whether, and when, the download is tried again."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits, self._clock = limits, clock
        self._since, self._had_bytes = clock(), 0
        self._failures = self._cuts = 0

    def bear(self, error: CallFailed, had_bytes: int) -> float:
        """Tell the seconds until the next attempt.

        Args:
            error: why the last attempt failed.
            had_bytes: most bytes that any attempt came to.

        Raises:
            CallFailed: the error, when there should be no other attempt.
        """
        now = self._clock()
        if had_bytes >= self._had_bytes + _PROGRESS_BYTES:
            self._since, self._had_bytes, self._failures, self._cuts = now, had_bytes, 0, 0
        pause = min(_FIRST_PAUSE_SECONDS * 2.0**self._failures, _LONGEST_PAUSE_SECONDS)
        self._failures += 1
        self._cuts += isinstance(error, Truncated)
        longest = self._limits.patience_seconds
        if isinstance(error, UnknownHost):
            longest = min(longest, _UNKNOWN_SECONDS)
        is_final = isinstance(error, UntrustedHost) or self._cuts >= _MOST_CUTS
        left = longest - (now - self._since)
        if is_final or pause > left:
            raise error
        # Who asks for more than there is gets all of it, and one attempt at its end.
        asked = error.retry_after_seconds if isinstance(error, ServerBroken) else 0.0
        return max(pause, min(asked, left))
