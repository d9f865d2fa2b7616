"""One attempt at a job: rendered in a process while its claim is kept, until one of them ends."""

import logging
from collections.abc import Sequence

from .. import log
from ..models.status import State
from ..pipeline.stages import StageClock, share_done
from ..settings import Settings
from ..store.jobs.previews import Previews
from ..store.jobs.queue import Claim, JobQueue, Wish
from .closing import Closing
from .folders import job_folder
from .messages import Event, Message, Order, Shown, Step, without_passwords
from .process import Ending, Kill, RenderProcess
from .reach import Reach
from .reporter import Reporter

_log = logging.getLogger(__name__)

#: Seconds between two words to the store: how far the job is, and whether it is still wanted.
RENEW_SECONDS = 0.5


class Journal:
    """How far an attempt is, and what each stage took."""

    def __init__(self) -> None:
        self.clock = StageClock("fetching")
        self.progress = 0.0
        self._frame: bytes | None = None

    def hear(self, message: Message) -> None:
        """Take in what the process tells."""
        if isinstance(message, Event):
            with log.bound(stage=self.clock.stage):
                log.repeat(message.logger, message.level, message.event, message.fields)
        elif isinstance(message, Step):
            self.clock.enter(message.stage)
            self.progress = max(self.progress, share_done(message))
        elif isinstance(message, Shown):
            self._frame = message.jpeg

    def take_frame(self) -> bytes | None:
        """Give the latest frame that was not given before."""
        frame, self._frame = self._frame, None
        return frame


class Attempt:
    """A claim and the process that works for it."""

    def __init__(
        self,
        claim: Claim,
        queue: JobQueue,
        reach: Reach,
        closing: Closing,
        reporter: Reporter,
        previews: Previews | None = None,
    ) -> None:
        self.claim = claim
        self.reporter = reporter
        self.journal = Journal()
        self.most_memory_bytes = 0
        """Highest memory of its process; 0 where that is not known."""
        self._queue, self._reach, self._closing, self._previews = queue, reach, closing, previews

    def run(self, settings: Settings, command: Sequence[str], parent_pid: int) -> Ending:
        """Render to the end; kill the process when the claim, the caller or the worker wants that."""
        folder = job_folder(settings, self.claim.id)
        order = Order(
            id=self.claim.id,
            body=self.claim.body,
            folder=folder,
            settings=without_passwords(settings),
            parent_pid=parent_pid,
            shows_frames=self._previews is not None,
        )
        process = RenderProcess(order, command, self.journal.hear)
        process.start()
        try:
            while not process.ended.wait(RENEW_SECONDS):
                if why := self._reason_to_end():
                    process.kill(why)
        except BaseException:
            process.kill(Kill.STOPPED)
            raise
        finally:
            ending = process.close()
            self.journal.clock.close()
            self.most_memory_bytes = ending.most_bytes
        return ending

    def _reason_to_end(self) -> Kill | None:
        if self._closing.over.is_set():
            return Kill.STOPPED
        claim, journal = self.claim, self.journal
        match self._reach.once(
            lambda: self._queue.renew(claim, journal.clock.stage, journal.progress), Wish.GO_ON
        ):
            case Wish.CANCEL:
                return Kill.CANCELLED
            case Wish.LET_GO:
                return Kill.CLAIM_LOST
            case Wish.GO_ON:
                self._keep_frame()
                stage = journal.clock.stage
                state = State.FETCHING if stage == "fetching" else State.RENDERING
                self.reporter.tell(state, stage, journal.progress)
                return None

    def _keep_frame(self) -> None:
        """Let others see the latest frame, if the store is there; the next one comes soon."""
        frame = self.journal.take_frame()
        if frame and self._previews:
            previews, claim = self._previews, self.claim
            self._reach.once(lambda: previews.keep(claim.id, claim.token, frame), False)
