"""One place at the work: takes a job, has it rendered, ends it, takes the next."""

import logging
import os
import threading

from .. import log
from ..errors import UnknownJob
from ..metrics import Work
from ..models.status import TERMINAL, JobError, JobStatus, RenderResult, State
from ..pipeline.stages import STAGE_SHARES
from ..store.jobs.queue import Claim, Wish
from ..trace import TraceContext
from .attempt import Attempt
from .folders import clear_job
from .reporter import Reporter
from .shop import Shop
from .upload import UPLOADING, Upload
from .verdict import Done, Failure, HandedBack, LetGo, Lost, Unwanted, Verdict, verdict

_log = logging.getLogger(__name__)


class Slot:
    """Works on one job after the other, in a thread of its own, until the shop closes."""

    def __init__(self, shop: Shop, name: str) -> None:
        self.bell = threading.Event()
        """Rung when there may be a job, or when the shop closes."""
        self._shop, self._equipment, self._name = shop, shop.equipment, name

    def work(self) -> None:
        """Take and end jobs until the shop closes; a claim that breaks this slot ends with its lease."""
        while not self._shop.closing.asked.is_set():
            # Cleared before the look: whoever rings after it is heard.
            self.bell.clear()
            try:
                is_idle = not self._take_up_next()
            except Exception:
                _log.exception("slot_broke", extra={"worker": self._name})
                is_idle = True
            if is_idle:
                self.bell.wait(self._shop.reach.pause_seconds)

    def _take_up_next(self) -> bool:
        with self._shop.dispatch.claimed(self._name) as claim:
            if claim is not None:
                with self._equipment.metrics.slot_busy():
                    self._work_on(claim)
        return claim is not None

    def _work_on(self, claim: Claim) -> None:
        equipment, span = self._equipment, TraceContext.below(claim.traceparent)
        with log.bound(job_id=claim.id, attempt=claim.attempt, trace_id=span.trace_id):
            _log.info("job_claimed", extra={"worker": self._name})
            reporter = Reporter(equipment.courier.letters, claim)
            attempt = Attempt(claim, self._shop, reporter)
            reporter.tell(State.FETCHING, "fetching", 0.0)
            try:
                ending = attempt.run(os.getpid())
                self._conclude(attempt, verdict(ending, equipment.settings))
            finally:
                reporter.close()
            self._shop.reach.once(equipment.previews.clear, 0)

    def _conclude(self, attempt: Attempt, judged: Verdict) -> None:
        if not isinstance(judged, Done):
            judged = self._cleared(attempt, judged)
        claim, queue, told = attempt.claim, self._equipment.queue, self._shop.reach.until_told
        match judged:
            case Done(result):
                self._deliver(attempt, result)
            case Failure(error):
                self._note_return(attempt, told(lambda: queue.fail(claim, error)), error.message)
            case Unwanted():
                if told(lambda: queue.cancelled(claim)):
                    self._close(attempt, State.CANCELLED)
            case HandedBack(reason):
                self._note_return(attempt, told(lambda: queue.hand_back(claim, reason)), reason)
            case Lost(reason):
                self._note_return(attempt, told(lambda: queue.lost(claim, reason)), reason)
            case LetGo():
                _log.warning("job_let_go")

    def _cleared(self, attempt: Attempt, judged: Verdict) -> Verdict:
        """Remove the job's files, unless another worker may have the job by now; then let go of it."""
        claim, journal = attempt.claim, attempt.journal
        if not isinstance(judged, LetGo):
            wish = self._shop.reach.until_told(
                lambda: self._equipment.queue.renew(claim, journal.clock.stage, journal.progress)
            )
            if wish in (None, Wish.LET_GO):
                judged = LetGo()
        if not isinstance(judged, LetGo) or self._has_no_film(claim):
            clear_job(self._equipment.settings, claim.id)
        return judged

    def _has_no_film(self, claim: Claim) -> bool:
        """Tell whether a job whose claim was lost has ended without a film."""

        def ended() -> bool:
            try:
                status = self._equipment.desk.status(claim.id, claim.owner).status
            except UnknownJob:
                return True
            return status in TERMINAL and status is not State.DONE

        return self._shop.reach.until_told(ended) or False

    def _deliver(self, attempt: Attempt, result: RenderResult) -> None:
        journal, begin = attempt.journal, STAGE_SHARES[UPLOADING][0]
        journal.clock.enter(UPLOADING)
        journal.progress = begin
        attempt.reporter.tell(State.UPLOADING, UPLOADING, begin)
        queue, claim, told = self._equipment.queue, attempt.claim, self._shop.reach.until_told
        # Also moves a job whose render ended before the first word about it to where it stands.
        match told(lambda: queue.renew(claim, UPLOADING, begin)):
            case Wish.CANCEL:
                self._conclude(attempt, Unwanted())
            case Wish.GO_ON if told(lambda: queue.uploading(claim)):
                self._upload(attempt, Upload(attempt, result, self._equipment.settings))
            case _:
                self._conclude(attempt, LetGo())

    def _upload(self, attempt: Attempt, upload: Upload) -> None:
        queue, claim = self._equipment.queue, attempt.claim
        judged = upload.run()
        if not isinstance(judged, Done):
            self._conclude(attempt, judged)
        elif self._shop.reach.until_told(lambda: queue.finish(claim, judged.result)):
            self._close(attempt, State.DONE, result=judged.result)
            if not upload.leaves_film_here:
                clear_job(self._equipment.settings, claim.id)
        else:
            self._conclude(attempt, LetGo())

    def _note_return(self, attempt: Attempt, status: JobStatus | None, reason: str) -> None:
        """Log that a job is queued again, or how it ended when it cannot be."""
        if status and status.status in TERMINAL:
            self._close(attempt, status.status, error=status.error)
        elif status:
            _log.info("job_handed_back", extra={"reason": reason})

    def _close(
        self,
        attempt: Attempt,
        state: State,
        *,
        error: JobError | None = None,
        result: RenderResult | None = None,
    ) -> None:
        self._equipment.courier.wake()
        self._count(attempt, state, error, result)
        log.job_finished(
            _log,
            state.value,
            result.timings if result else attempt.journal.clock.seconds,
            error=error.model_dump() if error else None,
            duration_seconds=result.duration if result else None,
            size_bytes=result.size_bytes if result else None,
        )

    def _count(
        self, attempt: Attempt, state: State, error: JobError | None, result: RenderResult | None
    ) -> None:
        clock = attempt.journal.clock
        clock.close()
        stages = clock.seconds | (result.timings if result else {})
        work = Work(stages, sum(clock.seconds.values()), attempt.most_memory_bytes)
        self._equipment.metrics.job_ended(state, error)
        self._equipment.metrics.work_ended(work, result)
