"""Waiting for what other threads and processes do, for a bounded time."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

#: Seconds after which something that should have happened has not: far above what a busy machine needs.
PATIENCE_SECONDS = 180.0
_LOOK_SECONDS = 0.02

T = TypeVar("T")


def eventually(condition: Callable[[], T | None], seconds: float = PATIENCE_SECONDS) -> T:
    """Wait until a condition gives something true; return that."""
    until, never = time.monotonic() + seconds, threading.Event()
    while not (found := condition()):
        assert time.monotonic() < until, f"has not come true within {seconds} s: {condition}"
        never.wait(_LOOK_SECONDS)
    return found
