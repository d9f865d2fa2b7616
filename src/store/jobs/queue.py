"""Where workers get jobs and bring them back: what a worker needs of the store.

A worker holds a job by a claim, which it renews while it works. A claim that is not renewed in time is taken
away, and the job queued again: its finished segments are in the cache, so little is lost. Whatever a worker
says under a claim that it no longer holds is not heard, so each job ends once.
"""

import logging
import uuid
from datetime import UTC, datetime
from enum import Enum
from typing import Any, NamedTuple

import sqlalchemy as sa

from ...models.callbacks import Callbacks
from ...models.status import TERMINAL, JobError, JobStatus, RenderResult, State, advance
from .database import WRITES
from .ledger import Ledger
from .rows import status_of, store_now_ms
from .tables import job

_log = logging.getLogger(__name__)

#: Pause before a job is tried again after a failure that may pass; four times as long after each further one.
_FIRST_RETRY_MS = 10_000
_LET_GO: dict[str, Any] = {"claim": None, "worker": None, "lease_ms": None, "claimed_ms": None}


class Claim(NamedTuple):
    """A job that one worker holds."""

    id: str
    token: str
    """Name of this attempt; what another one says is not heard."""
    body: bytes
    owner: str
    attempt: int
    traceparent: str = ""
    """Trace that the job belongs to."""
    base_url: str = ""
    """What links to its film begin with, unless the operator set that."""
    callbacks: Callbacks | None = None
    job_id: str = ""
    """The caller's name of the job."""
    created_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    """When the job was handed in."""


class Wish(Enum):
    """What a worker is to do about the job that it holds."""

    GO_ON = "go on"
    CANCEL = "cancel"
    """Somebody asked for it."""
    LET_GO = "let go"
    """The claim was lost: somebody else has the job, or it has ended."""


class JobQueue:
    """Hands out jobs, one worker each; safe to use from any thread and process."""

    def __init__(
        self, engine: sa.Engine, lease_seconds: float, most_attempts: int, *, has_outbox: bool = False
    ) -> None:
        self._writing = engine.execution_options(**{WRITES: True})
        self._lease_ms = round(lease_seconds * 1000)
        self._most_attempts = most_attempts
        self._ledger = Ledger(has_outbox=has_outbox)

    def claim(self, worker: str) -> Claim | None:
        """Take up the next job: of the highest priority, and of those the oldest."""
        order = (job.c.priority.desc(), job.c.created_ms, job.c.id)
        with self._writing.begin() as connection:
            now = store_now_ms(connection)
            is_due = (job.c.status == State.QUEUED.value, job.c.due_ms <= now)
            queued = sa.select(job).where(*is_due).order_by(*order).limit(1)
            row = connection.execute(queued.with_for_update(skip_locked=True)).mappings().one_or_none()
            if row is None:
                return None
            token = uuid.uuid4().hex
            status = advance(status_of(row), State.FETCHING, f"claimed by {worker}")
            held = {"claim": token, "worker": worker, "lease_ms": now + self._lease_ms, "claimed_ms": now}
            self._ledger.write(connection, row, status, **held)
        return _claim_of(row, status, token)

    def renew(self, claim: Claim, stage: str, progress: float, error: JobError | None = None) -> Wish:
        """Tell how far a job is, what holds it up, and keep it for longer; learn what to do about it."""
        with self._writing.begin() as connection:
            row = _held(connection, claim)
            if row is None:
                return Wish.LET_GO
            if row["is_unwanted"]:
                return Wish.CANCEL
            status = status_of(row)
            if status.status is State.FETCHING and stage != "fetching":
                status = advance(status, State.RENDERING, stage)
            status = status.model_copy(update={"stage": stage, "progress": progress, "error": error})
            self._ledger.write(connection, row, status, lease_ms=store_now_ms(connection) + self._lease_ms)
        return Wish.GO_ON

    def uploading(self, claim: Claim) -> bool:
        """Note that the film is finished and being handed over; tell whether the job is still held."""
        return self._change(claim, State.UPLOADING, "film finished")

    def finish(self, claim: Claim, result: RenderResult) -> bool:
        """End a job well; tell whether it was still held."""
        return self._change(claim, State.DONE, "film delivered", result=result)

    def fail(self, claim: Claim, error: JobError) -> JobStatus | None:
        """End a job with what went wrong, or try it later if that may pass; tell how it is, if still held."""
        with self._writing.begin() as connection:
            row = _held_or_told(connection, claim, State.FAILED)
            if row is None:
                return None
            retries = row["retries"] + 1
            also = _let_go(connection, row)
            if error.retryable and retries < self._most_attempts and not row["is_unwanted"]:
                pause_ms = _FIRST_RETRY_MS * 4 ** row["retries"]
                status = advance(status_of(row), State.QUEUED, f"{error.code}, tried later", error=error)
                also |= {"retries": retries, "due_ms": store_now_ms(connection) + pause_ms}
            else:
                status = advance(status_of(row), State.FAILED, error.code, error=error)
            self._ledger.write(connection, row, status, **also)
        return status

    def cancelled(self, claim: Claim) -> bool:
        """End a job that nobody wants any more; tell whether it was still held."""
        return self._change(claim, State.CANCELLED, "cancelled while worked on")

    def hand_back(self, claim: Claim, reason: str) -> JobStatus | None:
        """Queue a job again that its worker was asked to leave; tell how it is, if still held."""
        with self._writing.begin() as connection:
            row = _held_or_told(connection, claim, State.QUEUED)
            if row is None:
                return None
            status = _queued_again(row, reason)
            self._ledger.write(connection, row, status, **_let_go(connection, row))
        return status

    def lost(self, claim: Claim, reason: str) -> JobStatus | None:
        """Queue a job again whose render died, or end one that cost too many; tell how it is."""
        with self._writing.begin() as connection:
            row = _held_or_told(connection, claim, State.QUEUED)
            return None if row is None else self._count_loss(connection, row, reason)

    def reclaim(self) -> tuple[JobStatus, ...]:
        """Queue jobs again whose workers are gone, or end those that cost too many; tell how they are."""
        with self._writing.begin() as connection:
            gone = (job.c.lease_ms < store_now_ms(connection), job.c.claim.is_not(None))
            query = sa.select(job).where(*gone).with_for_update(skip_locked=True)
            rows = connection.execute(query).mappings().all()
            for row in rows:
                _log.warning("worker_gone", extra={"id": row["id"], "worker": row["worker"]})
            return tuple(self._count_loss(connection, row, "its worker is gone") for row in rows)

    def _count_loss(self, connection: sa.Connection, row: sa.RowMapping, reason: str) -> JobStatus:
        losses = row["losses"] + 1
        if losses >= self._most_attempts and not row["is_unwanted"]:
            error = JobError(code="worker_lost", message=_told_losses(losses, reason), retryable=True)
            status = advance(status_of(row), State.FAILED, "worker_lost", error=error)
        else:
            status = _queued_again(row, reason)
        self._ledger.write(connection, row, status, **_let_go(connection, row), losses=losses)
        return status

    def _change(
        self,
        claim: Claim,
        to: State,
        reason: str,
        *,
        result: RenderResult | None = None,
    ) -> bool:
        with self._writing.begin() as connection:
            row = _held_or_told(connection, claim, to)
            if row is None:
                return False
            status = status_of(row)
            if status.status is to:
                return True  # told again, because the answer to the first time was lost
            status = advance(status, to, reason, result=result)
            self._ledger.write(
                connection, row, status, **(_let_go(connection, row) if to in TERMINAL else {})
            )
        return True


def _claim_of(row: sa.RowMapping, status: JobStatus, token: str) -> Claim:
    callbacks = Callbacks.model_validate(row["callbacks"]) if row["callbacks"] else None
    known = (row["body"], row["owner"], status.attempts, row["traceparent"], row["base_url"])
    return Claim(status.id, token, *known, callbacks, status.job_id, status.created_at)


def _let_go(connection: sa.Connection, row: sa.RowMapping) -> dict[str, Any]:
    """End the claim of a row, and add up what its attempt took."""
    took_ms = max(0, store_now_ms(connection) - row["claimed_ms"]) if row["claimed_ms"] else 0
    return _LET_GO | {"worked_ms": row["worked_ms"] + took_ms}


def _held(connection: sa.Connection, claim: Claim) -> sa.RowMapping | None:
    query = sa.select(job).where(job.c.id == claim.id, job.c.claim == claim.token)
    return connection.execute(query.with_for_update()).mappings().one_or_none()


def _held_or_told(connection: sa.Connection, claim: Claim, to: State) -> sa.RowMapping | None:
    row = _held(connection, claim)
    if row is None:
        _log.warning("claim_lost", extra={"id": claim.id, "to_state": to.value})
    return row


def _queued_again(row: sa.RowMapping, reason: str) -> JobStatus:
    """Queue a job again, unless nobody wants it any more."""
    if row["is_unwanted"]:
        return advance(status_of(row), State.CANCELLED, f"cancelled while worked on, and {reason}")
    return advance(status_of(row), State.QUEUED, reason)


def _told_losses(losses: int, reason: str) -> str:
    times = "once" if losses == 1 else f"{losses} times"
    return (
        f"the render of this job was lost {times}, at last because {reason}: hand the job in again; if that"
        " fails too, the log of the workers tells more"
    )
