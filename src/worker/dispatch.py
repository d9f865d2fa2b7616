"""Where slots get their jobs."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from enum import Enum
from typing import NamedTuple, Protocol

from ..bus.consumer import Consumer
from ..bus.publisher import Publisher
from ..store.jobs.desk import JobDesk
from ..store.jobs.outbox import Outbox
from ..store.jobs.queue import Claim, JobQueue
from .closing import Closing
from .intake import Inlet, Intake
from .reach import Reach
from .relay import Relay

#: Seconds that intake and relay get to finish what they are at.
_GOODBYE_SECONDS = 5.0


class Dispatch(Protocol):
    """Hands jobs to slots."""

    def start(self, ring: Callable[[], None]) -> None:
        """Begin; `ring` is called when there may be a job."""
        ...

    def claimed(self, worker: str) -> AbstractContextManager[Claim | None]:
        """Give a job that is worked on until the block ends, or None when there is none now."""
        ...

    def wake(self) -> None:
        """Note that a job was handed in by this process."""
        ...

    def leave(self) -> None:
        """Hand out no more jobs; returns at once."""
        ...

    def stop(self) -> None:
        """End, after all slots have."""
        ...


class Polled:
    """Looks into the database, which is asked anew again and again."""

    def __init__(self, queue: JobQueue, reach: Reach) -> None:
        self._queue, self._reach = queue, reach

    def start(self, ring: Callable[[], None]) -> None:
        """Do nothing: slots look by themselves."""

    @contextmanager
    def claimed(self, worker: str) -> Iterator[Claim | None]:
        """Claim the next job."""
        yield self._reach.once(lambda: self._queue.claim(worker), None)

    def wake(self) -> None:
        """Do nothing: slots are rung already."""

    def leave(self) -> None:
        """Do nothing: slots look no more."""

    def stop(self) -> None:
        """Do nothing."""


class Lines(NamedTuple):
    """What connects a worker with the broker."""

    outbox: Outbox
    publisher: Publisher
    inlet: Inlet
    turns: Consumer
    """With as many places as the worker has slots."""


class _Answer(Enum):
    AWAY = "the database does not answer"


class Brokered:
    """Waits for turns from the broker, and acknowledges each when the work that was done for it has ended.

    Which job a turn is for, the database says: the most urgent one, whatever order the broker has.
    """

    def __init__(self, lines: Lines, desk: JobDesk, queue: JobQueue, reach: Reach, closing: Closing) -> None:
        self._queue, self._reach, self._turns = queue, reach, lines.turns
        self._relay = Relay(lines.outbox, lines.publisher, reach)
        self._intake = Intake(lines.inlet, desk, reach, closing)
        self._threads = [
            threading.Thread(target=work, name=name, daemon=True)
            for name, work in (("relay", self._relay.work), ("intake", self._intake.work))
        ]

    def start(self, ring: Callable[[], None]) -> None:
        """Connect, publish what waits, take jobs in."""
        self._turns.start(ring)
        self._intake.start()
        for thread in self._threads:
            thread.start()

    @contextmanager
    def claimed(self, worker: str) -> Iterator[Claim | None]:
        """Claim a job for a turn; turns for which no job waits are dropped."""
        while turn := self._turns.next():
            try:
                claim = self._reach.once(lambda: self._queue.claim(worker), _Answer.AWAY)
            except BaseException:
                # Else its place would be taken for ever, and this worker have one slot less.
                self._turns.keep(turn)
                raise
            if claim is _Answer.AWAY:
                self._turns.keep(turn)
                break
            try:
                if claim is not None:
                    yield claim
                    return
            finally:
                self._turns.accept(turn)
        yield None

    def wake(self) -> None:
        """Publish the turn of the new job at once."""
        self._relay.bell.set()

    def leave(self) -> None:
        """Give turns and jobs back that nobody is at."""
        self._turns.leave()
        self._intake.leave()

    def stop(self) -> None:
        """Publish the turns of jobs that were handed back, then close the connections."""
        self._relay.end()
        for thread in self._threads:
            thread.join(_GOODBYE_SECONDS)
        self._intake.stop()
        self._turns.stop()
