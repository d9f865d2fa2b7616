"""Calls of a store that may be away for a while: they are tried again, and the log is told once."""

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from ..store.jobs.database import AWAY
from .closing import Closing

_log = logging.getLogger(__name__)

#: Seconds until the next try, when the store can be reached or has just gone away.
PAUSE_SECONDS = 0.5
#: Longest pause: also the longest that a store which is back is kept waiting.
_LONGEST_PAUSE_SECONDS = 10.0

T = TypeVar("T")
U = TypeVar("U")


class Reach:
    """The way to the store, shared by all threads of a worker."""

    def __init__(self, closing: Closing) -> None:
        self._closing = closing
        self._lock = threading.Lock()
        self._is_away = False
        self._pause_seconds = PAUSE_SECONDS

    @property
    def pause_seconds(self) -> float:
        """Seconds to wait before the next try."""
        return self._pause_seconds

    def once(self, call: Callable[[], T], otherwise: U) -> T | U:
        """Call the store; answer something else when it is away."""
        try:
            answer = call()
        except AWAY as error:
            self._note_away(error)
            return otherwise
        self._note_back()
        return answer

    def until_told(self, call: Callable[[], T]) -> T | None:
        """Call the store until it answers, or until all work has to be over."""
        while True:
            try:
                answer = call()
            except AWAY as error:
                self._note_away(error)
                if self._closing.over.wait(self._pause_seconds):
                    return None
            else:
                self._note_back()
                return answer

    def _note_away(self, error: Exception) -> None:
        with self._lock:
            self._pause_seconds = min(_LONGEST_PAUSE_SECONDS, self._pause_seconds * 2)
            if self._is_away:
                return
            self._is_away = True
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        _log.warning("database_away", extra={"reason": reason, "next": "tried again until it answers"})

    def _note_back(self) -> None:
        with self._lock:
            if not self._is_away:
                return
            self._is_away, self._pause_seconds = False, PAUSE_SECONDS
        _log.info("database_back")
