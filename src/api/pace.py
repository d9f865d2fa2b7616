"""How fast callers may ask: a token bucket each, in this process."""

import threading
from collections.abc import Callable

_MINUTE_NS = 60 * 10**9
_SECOND_NS = 10**9


class Pace:
    """Counts requests; safe to use from any thread.

    A minute's worth of requests may come at once; after that they come back one by one, evenly. What is kept
    of a caller is when its bucket will be full again. Source: ITU-T I.371, generic cell rate algorithm.
    """

    def __init__(self, clock_ns: Callable[[], int]) -> None:
        self._clock_ns = clock_ns
        self._lock = threading.Lock()
        self._full_at_ns: dict[str, int] = {}

    def wait_seconds(self, caller: str, requests_a_minute: int) -> int:
        """Count a request and return 0, or leave it out and tell after how many whole seconds it may come."""
        if not requests_a_minute:
            return 0
        with self._lock:
            now_ns = self._clock_ns()
            full_at_ns = max(now_ns, self._full_at_ns.get(caller, 0)) + _MINUTE_NS // requests_a_minute
            over_ns = full_at_ns - now_ns - _MINUTE_NS
            if over_ns > 0:
                return -(-over_ns // _SECOND_NS)
            self._full_at_ns[caller] = full_at_ns
            return 0

    def count(self, caller: str, requests_a_minute: int, requests: int) -> None:
        """Count requests that came with one that was let in; later ones wait for them, too."""
        if requests_a_minute:
            with self._lock:
                full_at_ns = max(self._clock_ns(), self._full_at_ns.get(caller, 0))
                self._full_at_ns[caller] = full_at_ns + requests * _MINUTE_NS // requests_a_minute
