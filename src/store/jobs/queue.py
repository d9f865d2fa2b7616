"""Where workers get jobs and bring them back: what a worker needs of the store.

A worker holds a job by a claim, which it renews while it works. A claim that is not renewed in time is taken
away, and the job queued again: its finished segments are in the cache, so little is lost. Whatever a worker
says under a claim that it no longer holds is not heard, so each job ends once.
"""

import logging
import uuid
from enum import Enum
from typing import Any, NamedTuple

import sqlalchemy as sa

from ...models.status import TERMINAL, JobError, JobStatus, RenderResult, State, advance
from .database import WRITES
from .rows import now_ms, status_of, values_of
from .tables import job

_log = logging.getLogger(__name__)


class Claim(NamedTuple):
    """A job that one worker holds."""

    id: str
    token: str
    """Name of this attempt; what another one says is not heard."""
    body: bytes
    owner: str
    attempt: int


class Wish(Enum):
    """What a worker is to do about the job that it holds."""

    GO_ON = "go on"
    CANCEL = "cancel"
    """Somebody asked for it."""
    LET_GO = "let go"
    """The claim was lost: somebody else has the job, or it has ended."""


class JobQueue:
    """Hands out jobs, one worker each; safe to use from any thread and process."""

    def __init__(self, engine: sa.Engine, lease_seconds: float, most_attempts: int) -> None:
        self._writing = engine.execution_options(**{WRITES: True})
        self._lease_ms = round(lease_seconds * 1000)
        self._most_attempts = most_attempts

    def claim(self, worker: str) -> Claim | None:
        """Take up the next job: of the highest priority, and of those the oldest."""
        order = (job.c.priority.desc(), job.c.created_ms, job.c.id)
        queued = sa.select(job).where(job.c.status == State.QUEUED.value).order_by(*order).limit(1)
        with self._writing.begin() as connection:
            row = connection.execute(queued.with_for_update(skip_locked=True)).mappings().one_or_none()
            if row is None:
                return None
            token = uuid.uuid4().hex
            status = advance(status_of(row), State.FETCHING, f"claimed by {worker}")
            held = {"claim": token, "worker": worker, "lease_ms": now_ms() + self._lease_ms}
            _write(connection, status, held)
        return Claim(status.id, token, row["body"], row["owner"], status.attempts)

    def renew(self, claim: Claim, stage: str, progress: float) -> Wish:
        """Tell how far a job is and keep it for longer; learn what to do about it."""
        with self._writing.begin() as connection:
            row = _held(connection, claim)
            if row is None:
                return Wish.LET_GO
            if row["is_unwanted"]:
                return Wish.CANCEL
            status = status_of(row)
            if status.status is State.FETCHING and stage != "fetching":
                status = advance(status, State.RENDERING, stage)
            status = status.model_copy(update={"stage": stage, "progress": progress})
            _write(connection, status, {"lease_ms": now_ms() + self._lease_ms})
        return Wish.GO_ON

    def uploading(self, claim: Claim) -> bool:
        """Note that the film is finished and being handed over; tell whether the job is still held."""
        return self._change(claim, State.UPLOADING, "film finished")

    def finish(self, claim: Claim, result: RenderResult) -> bool:
        """End a job well; tell whether it was still held."""
        return self._change(claim, State.DONE, "film delivered", result=result)

    def fail(self, claim: Claim, error: JobError) -> bool:
        """End a job with what went wrong; tell whether it was still held."""
        return self._change(claim, State.FAILED, error.code, error=error)

    def cancelled(self, claim: Claim) -> bool:
        """End a job that nobody wants any more; tell whether it was still held."""
        return self._change(claim, State.CANCELLED, "cancelled while worked on")

    def hand_back(self, claim: Claim, reason: str) -> bool:
        """Queue a job again that its worker cannot finish; tell whether it was still held."""
        return self._change(claim, State.QUEUED, reason)

    def reclaim(self) -> int:
        """Queue jobs again whose workers are gone, or end those that took too many workers; tell how many."""
        gone = (job.c.lease_ms < now_ms(), job.c.claim.is_not(None))
        with self._writing.begin() as connection:
            query = sa.select(job).where(*gone).with_for_update(skip_locked=True)
            rows = connection.execute(query).mappings().all()
            for row in rows:
                _write(connection, self._taken_away(row), _LET_GO)
        return len(rows)

    def _taken_away(self, row: sa.RowMapping) -> JobStatus:
        status = status_of(row)
        _log.warning("worker_gone", extra={"id": status.id, "worker": row["worker"]})
        if row["is_unwanted"]:
            return advance(status, State.CANCELLED, "cancelled, and its worker is gone")
        if status.attempts >= self._most_attempts:
            told = f"{status.attempts} workers ended while they rendered this job"
            error = JobError(code="worker_lost", message=told, retryable=True)
            return advance(status, State.FAILED, "worker_lost", error=error)
        return advance(status, State.QUEUED, "its worker is gone")

    def _change(
        self,
        claim: Claim,
        to: State,
        reason: str,
        *,
        error: JobError | None = None,
        result: RenderResult | None = None,
    ) -> bool:
        with self._writing.begin() as connection:
            row = _held(connection, claim)
            if row is None:
                _log.warning("claim_lost", extra={"id": claim.id, "to_state": to.value})
                return False
            status = advance(status_of(row), to, reason, error=error, result=result)
            _write(connection, status, _LET_GO if to in TERMINAL or to is State.QUEUED else {})
        return True


_LET_GO: dict[str, Any] = {"claim": None, "worker": None, "lease_ms": None}


def _held(connection: sa.Connection, claim: Claim) -> sa.RowMapping | None:
    query = sa.select(job).where(job.c.id == claim.id, job.c.claim == claim.token)
    return connection.execute(query.with_for_update()).mappings().one_or_none()


def _write(connection: sa.Connection, status: JobStatus, also: dict[str, Any]) -> None:
    connection.execute(job.update().where(job.c.id == status.id).values(**values_of(status), **also))
