"""How many jobs wait, known well enough to refuse more without counting them at every submission."""

import threading
import time

import sqlalchemy as sa

from ...errors import NeuroShortsError
from ...models.status import State
from .tables import job

#: Seconds for which a count holds. Meanwhile other processes may exceed the limit by what they take in.
_COUNT_SECONDS = 1.0


class QueueFull(NeuroShortsError):
    """More jobs wait than the operator allows."""

    code = "queue_full"
    retryable = True

    def __init__(self, waiting: int) -> None:
        super().__init__(f"{waiting} jobs wait already: try again later")


class QueueDepth:
    """Counts places in the queue; safe to use from any thread."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._taken, self._counted_at = most, -_COUNT_SECONDS

    def take_place(self, connection: sa.Connection) -> None:
        """Take a place for one more job.

        Raises:
            QueueFull: too many jobs wait already.
        """
        with self._lock:
            is_old = time.monotonic() - self._counted_at >= _COUNT_SECONDS
            if is_old or self._taken >= self._most:
                waiting = (job.c.status == State.QUEUED.value,)
                counted = sa.select(sa.func.count()).select_from(job).where(*waiting)
                self._taken = connection.execute(counted).scalar_one()
                self._counted_at = time.monotonic()
            if self._taken >= self._most:
                raise QueueFull(self._taken)
            self._taken += 1
