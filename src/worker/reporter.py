"""Tells an address of the caller's how a job comes along: the latest word, and never in the way of work."""

import logging
import threading
import uuid

from ..errors import NeuroShortsError
from ..models.progress import ProgressReport
from ..models.status import JobError, State
from ..network.letters import Letter, Letters
from ..store.jobs.queue import Claim

_log = logging.getLogger(__name__)

#: Least seconds between two words about one job.
PAUSE_SECONDS = 1.0
#: Words in a row that nobody took, after which there are no more for this job.
_MOST_FAILURES = 5


class Reporter:
    """Reports one attempt at a job, if somebody wants to hear of it."""

    def __init__(self, letters: Letters, claim: Claim) -> None:
        self._letters, self._claim = letters, claim
        self._url = claim.callbacks.progress_url if claim.callbacks else ""
        self._latest: ProgressReport | None = None
        self._news = threading.Event()
        self._closed = threading.Event()
        self._is_begun = False

    def tell(self, state: State, stage: str, progress: float, error: JobError | None = None) -> None:
        """Take in how far the job is, and what holds it up; returns at once."""
        if not self._url:
            return
        claim = self._claim
        self._latest = ProgressReport(
            id=claim.id,
            job_id=claim.job_id,
            status=state,
            stage=stage,
            progress=progress,
            attempts=claim.attempt,
            error=error,
        )
        self._news.set()
        if not self._is_begun:
            self._is_begun = True
            threading.Thread(target=self._report, name=f"report-{claim.id}", daemon=True).start()

    def close(self) -> None:
        """Say nothing any more; returns at once."""
        self._closed.set()
        self._news.set()

    def _report(self) -> None:
        told: ProgressReport | None = None
        failures = 0
        while failures < _MOST_FAILURES:
            self._news.wait()
            self._news.clear()
            latest = self._latest
            if self._closed.is_set():
                return
            if latest and latest != told:
                failures = 0 if self._is_taken(latest) else failures + 1
                told = latest
                self._closed.wait(PAUSE_SECONDS)
        _log.warning("progress_given_up", extra={"job_id": self._claim.id, "failures": failures})

    def _is_taken(self, report: ProgressReport) -> bool:
        claim = self._claim
        headers = claim.callbacks.webhook_headers if claim.callbacks else {}
        body = report.model_dump_json().encode()
        letter = Letter("progress", uuid.uuid4().hex, 1, body, claim.traceparent)
        try:
            status = self._letters.send(self._url, headers, letter).status
        except NeuroShortsError as error:
            _log.info("progress_not_told", extra={"job_id": claim.id, "code": error.code})
            return False
        return 200 <= status < 300
