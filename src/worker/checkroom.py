"""Jobs checked on request: media of strangers are opened in a process of its own, held to limits."""

import os
import threading
from collections.abc import Sequence

from ..errors import Busy, InvalidJob, NeuroShortsError, RejectedJob, RenderFailed, Transient
from ..models.outlook import Outlook
from ..settings import Settings
from ..speech.attempts import DirectCalls
from .folders import job_folder
from .messages import Checked, Failed, Order, without_passwords
from .process import RENDER_COMMAND, Ending, Kill, RenderProcess
from .signatory import Signatory

#: Checks at the same time; the callers of more are sent away.
MOST_AT_ONCE = 2
#: Seconds that one check may take.
MOST_SECONDS = 30
#: Seconds between two looks whether the caller still waits.
_LOOK_SECONDS = 0.1


class CheckRoom:
    """Checks a few jobs at a time; safe to use from any thread."""

    def __init__(
        self, settings: Settings, command: Sequence[str] = RENDER_COMMAND, most_seconds: int = MOST_SECONDS
    ) -> None:
        self._signatory, self._calls = Signatory(settings), DirectCalls(settings)
        limits = {"max_render_seconds": min(most_seconds, settings.max_render_seconds)}
        self._settings = without_passwords(settings).model_copy(update=limits)
        self._command = command
        self._places = threading.BoundedSemaphore(MOST_AT_ONCE)

    def check(self, body: bytes, given_up: threading.Event) -> Outlook:
        """Do everything short of rendering; the process ends at once when the caller gives up.

        Raises:
            RejectedJob: the job cannot be rendered as written; an `InvalidJob` tells every problem.
            Busy: enough jobs are being checked already.
            Transient: the check took too long, was given up, or its voice is away.
            RenderFailed: the check broke.
        """
        if not self._places.acquire(blocking=False):
            raise Busy("jobs are checked already, as many as may be at the same time")
        try:
            return _outlook(self._ending(body, given_up), self._settings)
        finally:
            self._places.release()

    def _ending(self, body: bytes, given_up: threading.Event) -> Ending:
        order = Order(
            id="check",
            body=body,
            folder=job_folder(self._settings, "check"),
            settings=self._settings,
            parent_pid=os.getpid(),
            task="check",
        )
        process = RenderProcess(order, self._command, lambda message: None, self._signatory, self._calls)
        process.start()
        try:
            while not process.ended.wait(_LOOK_SECONDS):
                if given_up.is_set():
                    process.kill(Kill.CANCELLED)
        finally:
            process.kill(Kill.STOPPED)
            ending = process.close()
        return ending


def _outlook(ending: Ending, settings: Settings) -> Outlook:
    match ending:
        case Ending(told=Checked(outlook=outlook)):
            return outlook
        case Ending(told=Failed() as failed):
            raise _error_of(failed)
        case Ending(killed=Kill.TIME_LIMIT):
            told = f"not checked within {settings.max_render_seconds} s: hand the job in, or try again later"
            raise Transient(told)
        case Ending(killed=Kill.MEMORY_LIMIT):
            raise RejectedJob("its media take more memory than a render may: use smaller ones")
        case Ending(killed=Kill.CANCELLED):
            raise Transient("nobody waited for the check any more")
    raise RenderFailed("the check ended without a word; the log tells more")


def _error_of(failed: Failed) -> NeuroShortsError:
    if failed.problems:
        return InvalidJob(failed.problems)
    told = failed.error
    kind = Transient if told.retryable else RenderFailed
    error = kind(told.message, path=told.path, scene_id=told.scene_id)
    error.code = told.code
    return error
