"""Takes jobs in that others publish to the broker."""

import hashlib
import logging
import threading
from typing import Any, NamedTuple

from pydantic import HttpUrl, TypeAdapter, ValidationError

from .. import log
from ..admission import admitted
from ..bus.consumer import Consumer
from ..bus.failures import BrokerAway
from ..bus.layout import DEAD, RETRY
from ..bus.messages import Delivery, Message, dead_letter, later
from ..bus.publisher import Publisher
from ..errors import InvalidJob, KeyReused, NeuroShortsError, Problem, RejectedJob
from ..models.call_headers import CallHeaders
from ..models.callbacks import Callbacks
from ..models.job import MAX_JOB_BYTES
from ..models.json_text import read_json
from ..network.guard import Guard
from ..settings import Settings
from ..store.jobs.depth import QueueFull
from ..store.jobs.desk import JobDesk
from ..store.jobs.submission import Submission
from ..trace import TraceContext
from .closing import Closing
from .reach import Reach

_log = logging.getLogger(__name__)

#: Jobs that are on their way at the same time: while one is put into the database, the next ones arrive.
PLACES = 4
#: Longest idempotency key that the store takes.
_MAX_KEY = 255
_URL: TypeAdapter[HttpUrl] = TypeAdapter(HttpUrl)
_HEADERS: TypeAdapter[dict[str, str]] = TypeAdapter(CallHeaders)


class Inlet(NamedTuple):
    """What jobs come through, and where those go that cannot be taken in."""

    jobs: Consumer
    publisher: Publisher
    owner: str
    """Whose jobs they are."""
    guard: Guard
    """Tells whom jobs may have called, and whom they may fetch from."""
    settings: Settings
    """Tell what else jobs may name."""


class Intake:
    """Puts jobs into the database; a job is acknowledged when it is there, or where it belongs instead."""

    def __init__(self, inlet: Inlet, desk: JobDesk, reach: Reach, closing: Closing) -> None:
        self._inlet, self._jobs, self._publisher = inlet, inlet.jobs, inlet.publisher
        self._desk, self._reach, self._closing = desk, reach, closing
        self._bell = threading.Event()

    def start(self) -> None:
        """Connect to the broker."""
        self._jobs.start(self._bell.set)

    def work(self) -> None:
        """Take jobs in until the worker closes."""
        while not self._closing.asked.is_set():
            # Cleared before the look: whoever rings after it is heard.
            self._bell.clear()
            try:
                while not self._closing.asked.is_set() and (delivery := self._jobs.next()):
                    self._take_in(delivery)
            except Exception:
                _log.exception("intake_broke")
            if not self._closing.asked.is_set():
                self._bell.wait()

    def leave(self) -> None:
        """Take no more jobs in; returns at once."""
        self._jobs.leave()
        self._bell.set()

    def stop(self) -> None:
        """Give back what was not taken in."""
        self._jobs.stop()

    def _take_in(self, delivery: Delivery) -> None:
        """Have a message end somewhere: in the database, to be tried later, or with the dead."""
        # One trace for all attempts, begun here where the sender has none.
        trace = TraceContext.below(delivery.traceparent)
        with log.bound(trace_id=trace.trace_id):
            try:
                is_settled = self._settled(delivery, trace.traceparent)
            except Exception as error:
                _log.exception("intake_broke")
                is_settled = self._published(DEAD, dead_letter(delivery, "internal_error", repr(error)))
        if is_settled:
            self._jobs.accept(delivery)

    def _settled(self, delivery: Delivery, traceparent: str) -> bool:
        """Tell whether the message is somewhere for good; not so when all work has to be over."""
        try:
            submission = submitted(delivery, self._inlet)._replace(traceparent=traceparent)
            receipt = self._reach.until_told(lambda: self._desk.submit(submission))
        except QueueFull:
            return self._published(RETRY, later(delivery))
        except KeyReused as error:
            return self._published(DEAD, dead_letter(delivery, error.code, str(error)))
        except RejectedJob as error:
            return self._refused(delivery, error, traceparent)
        if receipt is None:
            return False
        with log.bound(job_id=receipt.status.id):
            _log.info("job_taken_in", extra={"is_new": receipt.is_new})
        return True

    def _refused(self, delivery: Delivery, error: RejectedJob, traceparent: str) -> bool:
        """Record the job as failed, so that its sender is told, and keep the message for people."""
        told = error if isinstance(error, InvalidJob) else InvalidJob([_problem(error)])
        submission = rough(delivery, self._inlet.owner)._replace(traceparent=traceparent)
        status = self._reach.until_told(lambda: self._desk.refuse(submission, told))
        if status is None:
            return False
        _log.warning("job_refused", extra={"id": status.id, "code": error.code, "reason": str(error)})
        return self._published(DEAD, dead_letter(delivery, error.code, str(error)))

    def _published(self, queue: str, message: Message) -> bool:
        """Publish, however long that takes; tell whether it was done before all work had to be over."""
        while True:
            try:
                self._publisher.publish(queue, message)
            except BrokerAway:
                if self._closing.asked.wait(self._publisher.pause_seconds):
                    return False
            else:
                return True


def submitted(delivery: Delivery, inlet: Inlet) -> Submission:
    """Read a job from a message.

    Raises:
        RejectedJob: it cannot be rendered as written, or not here.
    """
    submission = admitted(delivery.body, inlet.owner, inlet.guard, inlet.settings)
    key = submission.idempotency_key or _kept(delivery.message_id, _MAX_KEY) or None
    return submission._replace(idempotency_key=key)


def rough(delivery: Delivery, owner: str) -> Submission:
    """Read what can be read of a job that is not valid: who sent it, and who wants to be told."""
    read = _object(delivery.body)
    digest = hashlib.sha256(delivery.body).hexdigest()
    name = read.get("id")
    return Submission(
        delivery.body[:MAX_JOB_BYTES],
        owner,
        job_id=_kept(name, 200) if isinstance(name, str) else "",
        # Not its id: the sender may use that for the job as it should have been.
        idempotency_key=f"refused-{digest}",
        callbacks=_callbacks(read),
    )


def _callbacks(read: dict[str, Any]) -> Callbacks | None:
    spellings = ("webhook_url", "webhookUrl", "callback_url", "callbackUrl", "callback")
    url = next((read[name] for name in spellings if name in read), None)
    try:
        return Callbacks(webhook_url=str(_URL.validate_python(url)), webhook_headers=_headers(read))
    except ValidationError:
        return None


def _headers(read: dict[str, Any]) -> dict[str, str]:
    """Read the headers of calls; those that cannot be sent, or may not, keep nobody from being told."""
    try:
        return _HEADERS.validate_python(read.get("webhook_headers", read.get("webhookHeaders", {})))
    except ValidationError:
        return {}


def _kept(text: str, most: int) -> str:
    """Leave out what no database keeps: U+0000, and halves of surrogate pairs."""
    return text[:most].replace("\0", "").encode(errors="ignore").decode()


def _object(body: bytes) -> dict[str, Any]:
    try:
        read = read_json(body) if len(body) <= MAX_JOB_BYTES else {}
    except InvalidJob:
        return {}
    return read if isinstance(read, dict) else {}


def _problem(error: NeuroShortsError) -> Problem:
    return Problem(error.path, error.code, error.message)
