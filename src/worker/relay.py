"""Brings turns from the outbox of the database to the broker."""

import logging
import threading
import time

from ..bus.failures import BrokerAway
from ..bus.layout import WORK
from ..bus.messages import turn_message
from ..bus.publisher import Publisher
from ..store.jobs.outbox import Outbox, Turn
from .reach import Reach

_log = logging.getLogger(__name__)

#: Turns that are published before the outbox is told.
_MOST_AT_ONCE = 100
#: Seconds between two looks for turns that other processes put into the outbox.
_LOOK_SECONDS = 1.0
#: Seconds for which turns are gathered that come in one after the other: one look serves all of them.
_GATHER_SECONDS = 0.02
#: Seconds between two looks whether the broker has lost turns.
REFILL_SECONDS = 30.0


class Relay:
    """Publishes turns until it is ended; a turn is forgotten only when the broker has it."""

    def __init__(self, outbox: Outbox, publisher: Publisher, reach: Reach) -> None:
        self.bell = threading.Event()
        """Rung when there may be a turn in the outbox."""
        self._outbox, self._publisher, self._reach = outbox, publisher, reach
        self._ending = threading.Event()
        self._refill_at = 0.0

    def work(self) -> None:
        """Publish until it is ended, and what is there then."""
        while not self._ending.is_set():
            # Cleared before the look: whoever rings after it is heard.
            self.bell.clear()
            if not self._is_done():
                # Nobody rings a broker back.
                self._ending.wait(self._publisher.pause_seconds)
            elif self.bell.wait(max(_LOOK_SECONDS, self._reach.pause_seconds)):
                self._ending.wait(_GATHER_SECONDS)
        self._is_done()
        self._publisher.close()

    def end(self) -> None:
        """Look for a last time; returns at once."""
        self._ending.set()
        self.bell.set()

    def _is_done(self) -> bool:
        """Publish everything that is due; tell whether the broker was there."""
        try:
            while self._publish_due():
                pass
            if not self._ending.is_set() and time.monotonic() >= self._refill_at:
                self._refill()
                self._refill_at = time.monotonic() + REFILL_SECONDS
            self._publisher.tend()
        except BrokerAway:
            return False
        except Exception:
            _log.exception("relay_broke")
        return True

    def _publish_due(self) -> bool:
        """Publish some turns; tell whether there may be more."""
        turns = self._reach.once(lambda: self._outbox.take(_MOST_AT_ONCE), ())
        published: list[Turn] = []
        try:
            for turn in turns:
                self._publisher.publish(WORK, turn_message(turn.job_id, turn.priority, turn.traceparent))
                published.append(turn)
        finally:
            self._settle(published, turns[len(published) :])
        return len(turns) == _MOST_AT_ONCE

    def _settle(self, published: list[Turn], left: tuple[Turn, ...]) -> None:
        # When the database is away just now, the turns are published again: a second one does no harm.
        if published:
            self._reach.once(lambda: self._outbox.sent(published), None)
        if left:
            self._reach.once(lambda: self._outbox.release(left), None)

    def _refill(self) -> None:
        """Make turns anew for jobs that wait although the broker has none: it may have lost them."""
        if self._publisher.depth(WORK) == 0:
            refilled = self._reach.once(self._outbox.refill, 0)
            if refilled:
                self.bell.set()
                _log.info("turns_refilled", extra={"turns": refilled})
