"""One attempt at a job: rendered in a process while its claim is kept, until one of them ends."""

import logging

from .. import log
from ..models.status import JobError, State
from ..pipeline.stages import StageClock, share_done
from ..store.jobs.queue import Claim, Wish
from .folders import job_folder
from .messages import Event, Message, Order, Shown, Step, without_passwords
from .process import Ending, Kill, RenderProcess
from .reporter import Reporter
from .shop import Shop

_log = logging.getLogger(__name__)

#: Seconds between two words to the store: how far the job is, and whether it is still wanted.
RENEW_SECONDS = 0.5
#: What a job is in most stages: rendering. In these it is something else.
_STATES = {"fetching": State.FETCHING, "uploading": State.UPLOADING}


class Journal:
    """How far an attempt is, and what each stage took."""

    def __init__(self) -> None:
        self.clock = StageClock("fetching")
        self.progress = 0.0
        self.error: JobError | None = None
        """What holds it up at present, and is tried again."""
        self._frame: bytes | None = None

    def hear(self, message: Message) -> None:
        """Take in what the process tells."""
        if isinstance(message, Event):
            with log.bound(stage=self.clock.stage):
                log.repeat(message.logger, message.level, message.event, message.fields)
        elif isinstance(message, Step):
            self.clock.enter(message.stage)
            self.progress = max(self.progress, share_done(message))
            self.error = message.setback.as_error() if message.setback else None
        elif isinstance(message, Shown):
            self._frame = message.jpeg

    def take_frame(self) -> bytes | None:
        """Give the latest frame that was not given before."""
        frame, self._frame = self._frame, None
        return frame


class Attempt:
    """A claim and the process that works for it."""

    def __init__(self, claim: Claim, shop: Shop, reporter: Reporter) -> None:
        self.claim = claim
        self.reporter = reporter
        self.journal = Journal()
        self.most_memory_bytes = 0
        """Highest memory of its process; 0 where that is not known."""
        self._shop, self._equipment = shop, shop.equipment

    def run(self, parent_pid: int) -> Ending:
        """Render to the end; kill the process when the claim, the caller or the worker wants that."""
        equipment = self._equipment
        settings = equipment.settings
        folder = job_folder(settings, self.claim.id)
        order = Order(
            id=self.claim.id,
            body=self.claim.body,
            folder=folder,
            settings=without_passwords(settings),
            parent_pid=parent_pid,
            shows_frames=True,
        )
        process = RenderProcess(
            order, self._shop.command, self.journal.hear, equipment.signatory, equipment.calls
        )
        process.start()
        try:
            while not process.ended.wait(RENEW_SECONDS):
                if why := self.reason_to_end():
                    process.kill(why)
        except BaseException:
            process.kill(Kill.STOPPED)
            raise
        finally:
            ending = process.close()
            self.journal.clock.close()
            self.most_memory_bytes = ending.most_bytes
        return ending

    def reason_to_end(self) -> Kill | None:
        """Tell the store how far the job is and keep it; learn why the work should end, if it should."""
        if self._shop.closing.over.is_set():
            return Kill.STOPPED
        claim, journal = self.claim, self.journal
        match self._shop.reach.once(
            lambda: self._equipment.queue.renew(claim, journal.clock.stage, journal.progress, journal.error),
            Wish.GO_ON,
        ):
            case Wish.CANCEL:
                return Kill.CANCELLED
            case Wish.LET_GO:
                return Kill.CLAIM_LOST
            case Wish.GO_ON:
                self._keep_frame()
                stage = journal.clock.stage
                state = _STATES.get(stage, State.RENDERING)
                self.reporter.tell(state, stage, journal.progress, journal.error)
                return None

    def _keep_frame(self) -> None:
        """Let others see the latest frame, if the store is there; the next one comes soon."""
        frame = self.journal.take_frame()
        if frame:
            previews, claim = self._equipment.previews, self.claim
            self._shop.reach.once(lambda: previews.keep(claim.id, claim.token, frame), False)
