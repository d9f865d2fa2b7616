"""One attempt at a job: rendered in a process while its claim is kept, until one of them ends."""

import logging
from collections.abc import Sequence

from pydantic import SecretStr

from .. import log
from ..pipeline.stages import StageClock, share_done
from ..settings import Settings
from ..store.jobs.queue import Claim, JobQueue, Wish
from .closing import Closing
from .folders import job_folder
from .messages import Event, Message, Order, Step
from .process import Ending, Kill, RenderProcess
from .reach import Reach

_log = logging.getLogger(__name__)

#: Seconds between two words to the store: how far the job is, and whether it is still wanted.
RENEW_SECONDS = 0.5


class Journal:
    """How far an attempt is, and what each stage took."""

    def __init__(self) -> None:
        self.clock = StageClock("fetching")
        self.progress = 0.0

    def hear(self, message: Message) -> None:
        """Take in what the process tells."""
        if isinstance(message, Event):
            with log.bound(stage=self.clock.stage):
                log.repeat(message.logger, message.level, message.event, message.fields)
        elif isinstance(message, Step):
            self.clock.enter(message.stage)
            self.progress = max(self.progress, share_done(message))


class Attempt:
    """A claim and the process that works for it."""

    def __init__(self, claim: Claim, queue: JobQueue, reach: Reach, closing: Closing) -> None:
        self.claim = claim
        self.journal = Journal()
        self._queue, self._reach, self._closing = queue, reach, closing

    def run(self, settings: Settings, command: Sequence[str], parent_pid: int) -> Ending:
        """Render to the end; kill the process when the claim, the caller or the worker wants that."""
        # Passwords have no business in the process that opens other people's media.
        told = settings.model_copy(update={"database_url": "", "broker_url": SecretStr("")})
        folder = job_folder(settings, self.claim.id)
        order = Order(
            id=self.claim.id, body=self.claim.body, folder=folder, settings=told, parent_pid=parent_pid
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
                return None
