"""The worker of one process: its slots, and the housekeeping that any worker may do for all."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence

from .. import log
from ..models.status import TERMINAL
from ..store.workfolders import WorkFolders
from . import memory
from .closing import GRACE_SECONDS, Closing
from .dispatch import Brokered, Dispatch, Polled
from .folders import clear_job
from .process import RENDER_COMMAND
from .reach import Reach
from .shop import Equipment, Shop
from .slot import Slot

_log = logging.getLogger(__name__)

#: Seconds for killing processes and telling the store after the grace.
_LAST_WORDS_SECONDS = 10.0
#: Seconds for calls that are under way at the end.
_LAST_CALLS_SECONDS = 3.0
#: Seconds between two looks for jobs that are to be forgotten.
_FORGET_SECONDS = 3600.0
_DAY_MS = 24 * 3600 * 1000
#: Longest name of a worker that the store takes, without its slot.
_MAX_NAME = 100


class Supervisor:
    """Slots that work until they are stopped; `wake` tells them that there may be a job."""

    def __init__(
        self,
        equipment: Equipment,
        *,
        slots: int = 1,
        grace_seconds: float = GRACE_SECONDS,
        command: Sequence[str] = RENDER_COMMAND,
    ) -> None:
        self._closing = Closing(grace_seconds)
        self._grace_seconds = grace_seconds
        self._equipment = equipment
        reach = Reach(self._closing)
        dispatch = _dispatch(equipment, reach, self._closing)
        self._shop = Shop(equipment, command, self._closing, reach, dispatch)
        self.name = f"{socket.gethostname()[:_MAX_NAME]}-{os.getpid()}"
        """Who works, in the log and in the store."""
        self._slots = [Slot(self._shop, f"{self.name}-{number}") for number in range(1, slots + 1)]
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to work, in threads."""
        WorkFolders(self._equipment.settings.cache_dir).sweep()
        _log.info("worker_started", extra={"worker": self.name, "slots": len(self._slots)})
        if not memory.is_known():
            _log.warning(
                "memory_not_watched", extra={"reason": "this system does not tell what renders take"}
            )
        self._equipment.metrics.slots_opened(len(self._slots))
        self._shop.dispatch.start(self._ring)
        self._begin("housekeeping", self._keep_house)
        self._equipment.courier.start(self._shop.reach)
        for number, slot in enumerate(self._slots, start=1):
            self._begin(f"slot-{number}", slot.work)

    def wake(self) -> None:
        """Note that there may be a new job; any thread may call it."""
        self._shop.dispatch.wake()
        self._ring()

    def ask_to_stop(self) -> None:
        """Take no more jobs, and give the running ones their grace; returns at once."""
        self._closing.ask()
        self._shop.dispatch.leave()
        self._ring()

    def end_now(self) -> None:
        """Kill what runs and hand it back; returns at once."""
        self._closing.end()
        self._shop.dispatch.leave()
        self._ring()

    def wait(self, timeout_seconds: float) -> bool:
        """Wait for the end of all work; tell whether it has come."""
        until = time.monotonic() + timeout_seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        """Ask to stop, and wait until the work has ended or been handed back."""
        self.ask_to_stop()
        if not self._closing.over.is_set():
            self.wait(self._grace_seconds)
        self.end_now()
        # If work is left after that, the store does not answer: its claims end with their lease.
        self.wait(_LAST_WORDS_SECONDS)
        self._shop.dispatch.stop()
        # The last, so that jobs which have just ended are told of; what is left is told by the next one.
        self._equipment.courier.stop(_LAST_CALLS_SECONDS)
        _log.info("worker_stopped", extra={"worker": self.name})

    def _ring(self) -> None:
        """Have idle slots look for a job now."""
        for slot in self._slots:
            slot.bell.set()

    def _begin(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _keep_house(self) -> None:
        """Take jobs from workers that are gone, and forget old ones."""
        period_seconds = self._equipment.settings.lease_seconds / 3
        forget_at = time.monotonic()
        while True:
            try:
                self._reclaim()
                if time.monotonic() >= forget_at:
                    forget_at = time.monotonic() + _FORGET_SECONDS
                    self._forget()
            except Exception:
                _log.exception("housekeeping_broke")
            if self._closing.asked.wait(period_seconds):
                return

    def _reclaim(self) -> None:
        reclaimed = self._shop.reach.once(self._equipment.queue.reclaim, ())
        if reclaimed:
            self._shop.reach.once(self._equipment.previews.clear, 0)
        for status in reclaimed:
            if status.status not in TERMINAL:
                self.wake()
                continue
            clear_job(self._equipment.settings, status.id)
            self._equipment.metrics.job_ended(status.status, status.error)
            with log.bound(job_id=status.id, attempt=status.attempts):
                error = status.error.model_dump() if status.error else None
                log.job_finished(_log, status.status.value, {}, error=error)

    def _forget(self) -> None:
        before_ms = time.time_ns() // 1_000_000 - self._equipment.settings.job_retention_days * _DAY_MS
        desk, reach = self._equipment.desk, self._shop.reach
        old = reach.once(lambda: desk.ended(before_ms), ())
        for id in old:
            clear_job(self._equipment.settings, id)
        if old:
            # The films first: a row without a film is forgotten in an hour, a film without a row never.
            forgotten = reach.once(lambda: desk.forget(before_ms), 0)
            _log.info("jobs_forgotten", extra={"jobs": forgotten})


def _dispatch(equipment: Equipment, reach: Reach, closing: Closing) -> Dispatch:
    if equipment.lines is None:
        return Polled(equipment.queue, reach)
    return Brokered(equipment.lines, equipment.desk, equipment.queue, reach, closing)
