"""A finished film on its way to its destinations, while the claim to its job is kept."""

import logging
import threading
from contextvars import copy_context

from ..delivery.catalogue import destinations_of, stays_here
from ..delivery.parcel import Sender, pack
from ..delivery.round import Round, with_links
from ..errors import Interrupted, NeuroShortsError, RenderFailed
from ..models.job import parse_job
from ..models.status import JobError, RenderResult
from ..pipeline.stages import STAGE_SHARES
from ..settings import Settings
from .attempt import RENEW_SECONDS, Attempt
from .process import Kill
from .verdict import Done, Failure, HandedBack, LetGo, Unwanted, Verdict

_log = logging.getLogger(__name__)

#: Name of the stage.
UPLOADING = "uploading"
#: Seconds that a delivery gets to take back what it began. One whose server hangs ends later, by itself.
_FAREWELL_SECONDS = 0.5


class Upload:
    """The film of one attempt, delivered in a thread of its own."""

    def __init__(self, attempt: Attempt, result: RenderResult, settings: Settings) -> None:
        self._attempt, self._result, self._settings = attempt, result, settings
        self._job = parse_job(attempt.claim.body)
        self._halt, self._ended = threading.Event(), threading.Event()
        self._judged: Verdict = HandedBack("the delivery was stopped")

    @property
    def leaves_film_here(self) -> bool:
        """Whether the film is kept on this machine."""
        return stays_here(self._job.output)

    def run(self) -> Verdict:
        """Deliver to the end; stop when the claim, the caller or the worker wants that."""
        try:
            round_ = self._round()
        except NeuroShortsError as error:
            return Failure(JobError.of(error))
        work = copy_context().run
        threading.Thread(target=work, args=(self._deliver, round_), name="delivery", daemon=True).start()
        begin, end = STAGE_SHARES[UPLOADING]
        while not self._ended.wait(RENEW_SECONDS):
            self._attempt.journal.progress = begin + (end - begin) * round_.share_done
            if why := self._attempt.reason_to_end():
                self._halt.set()
                self._ended.wait(_FAREWELL_SECONDS)
                return _stopped(why)
        return self._judged

    def _round(self) -> Round:
        claim = self._attempt.claim
        sender = Sender(claim.id, claim.job_id, claim.owner, claim.created_at)
        parcel = pack(sender, self._job.metadata, self._result)
        destinations = destinations_of(self._job.output, self._settings)
        return Round(parcel, destinations, self._settings.max_delivery_seconds)

    def _deliver(self, round_: Round) -> None:
        try:
            links = round_.go(self._halt)
            self._judged = Done(self._result.model_copy(update=with_links(links)))
        except Interrupted as error:
            self._judged = HandedBack(error.message)
        except NeuroShortsError as error:
            self._judged = Failure(JobError.of(error))
        except Exception as error:
            _log.exception("delivery_broke")
            self._judged = Failure(JobError.of(RenderFailed(f"unexpected {type(error).__name__}: {error}")))
        finally:
            self._ended.set()


def _stopped(why: Kill) -> Verdict:
    match why:
        case Kill.CANCELLED:
            return Unwanted()
        case Kill.CLAIM_LOST:
            return LetGo()
    return HandedBack(why.value)
