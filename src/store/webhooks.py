"""Tellings of ended jobs that are still to be made, or were made; the same on SQLite and PostgreSQL."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..models.callbacks import Callbacks
from ..models.status import JobStatus
from ..models.webhooks import CallOutcome, WebhookReport, WebhookState
from .jobs.database import WRITES
from .jobs.ledger import new_webhook
from .jobs.rows import now_ms, status_of
from .jobs.tables import job, webhook

#: Milliseconds for which a call is its courier's alone: far above what a call may take. After a courier was
#: killed, the call is made again when they are over.
LEASE_MS = 60_000
#: Outcomes of one webhook that are kept.
MOST_KEPT = 20


class WebhookCall(NamedTuple):
    """A call that is to be made now, by whoever took it."""

    id: str
    attempt: int
    """From 1; a call whose courier was killed counts, too."""
    url: str
    headers: Mapping[str, str]
    created_ms: int
    outcomes: tuple[CallOutcome, ...]
    """What came of the latest calls."""
    status: JobStatus
    """What is told, with paths in the place of links."""
    base_url: str
    """What links begin with, unless the operator set that; may be empty."""
    traceparent: str


class Webhooks:
    """Hands out calls, and keeps what came of them; safe to use from any thread and process."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(**{WRITES: True})

    def take(self, most: int, but_not: Collection[str] = ()) -> tuple[WebhookCall, ...]:
        """Take calls that are due, the longest waiting first, before others do.

        Args:
            most: how many.
            but_not: beginnings of URLs, up to the path, that are not to be called now.
        """
        now = now_ms()
        is_due = (
            webhook.c.state == WebhookState.WAITING.value,
            webhook.c.due_ms <= now,
            webhook.c.lease_ms <= now,
            *(~webhook.c.url.startswith(f"{origin}/", autoescape=True) for origin in but_not),
        )
        due = sa.select(webhook).where(*is_due).order_by(webhook.c.due_ms, webhook.c.id).limit(most)
        with self._engine.connect() as connection:
            # Mostly there is none: SQLite's only lock for writing is then left to others.
            if connection.execute(due.with_only_columns(webhook.c.id)).first() is None:
                return ()
        with self._writing.begin() as connection:
            rows = connection.execute(due.with_for_update(skip_locked=True)).mappings().all()
            taken = webhook.c.id.in_([row["id"] for row in rows])
            leased = {"lease_ms": now + LEASE_MS, "attempts": webhook.c.attempts + 1}
            connection.execute(webhook.update().where(taken).values(**leased))
            ended = sa.select(job).where(job.c.id.in_({row["job_id"] for row in rows}))
            jobs = {found["id"]: found for found in connection.execute(ended).mappings()}
        return tuple(_call_of(row, jobs[row["job_id"]]) for row in rows)

    def delivered(self, call: WebhookCall, outcome: CallOutcome) -> bool:
        """Note that a job was told; tell whether the call was still this courier's."""
        return self._change(call, outcome, {"state": WebhookState.DELIVERED.value, "ended_ms": now_ms()})

    def again(self, call: WebhookCall, outcome: CallOutcome, seconds: float) -> bool:
        """Have a call made again later; tell whether it was still this courier's."""
        return self._change(call, outcome, {"due_ms": now_ms() + round(seconds * 1000)})

    def given_up(self, call: WebhookCall, outcome: CallOutcome) -> bool:
        """Note that a job cannot be told; tell whether the call was still this courier's."""
        return self._change(call, outcome, {"state": WebhookState.GIVEN_UP.value, "ended_ms": now_ms()})

    def order_again(self, job_id: str) -> WebhookReport | None:
        """Have an ended job told again, or now if that waits; None for a job that tells nobody."""
        with self._writing.begin() as connection:
            ended = sa.select(job.c.callbacks).where(job.c.id == job_id).with_for_update()
            callbacks = Callbacks.model_validate(connection.execute(ended).scalar_one_or_none() or {})
            if not callbacks.webhook_url:
                return None
            is_waiting = (webhook.c.job_id == job_id, webhook.c.state == WebhookState.WAITING.value)
            waiting = sa.select(webhook.c.id).where(*is_waiting).limit(1).with_for_update()
            id = connection.execute(waiting).scalar_one_or_none()
            if id is None:
                row = new_webhook(job_id, callbacks)
                connection.execute(webhook.insert().values(**row))
                id = row["id"]
            else:
                connection.execute(webhook.update().where(webhook.c.id == id).values(due_ms=now_ms()))
            found = sa.select(webhook).where(webhook.c.id == id)
            return _report_of(connection.execute(found).mappings().one())

    def of_job(self, job_id: str) -> tuple[WebhookReport, ...]:
        """List the tellings of a job, the newest first."""
        order = (webhook.c.created_ms.desc(), webhook.c.id)
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(webhook).where(webhook.c.job_id == job_id).order_by(*order))
            return tuple(_report_of(row) for row in rows.mappings())

    def _change(self, call: WebhookCall, outcome: CallOutcome, changes: dict[str, Any]) -> bool:
        kept = [*call.outcomes, outcome][-MOST_KEPT:]
        changes |= {"lease_ms": 0, "answers": [one.model_dump(mode="json") for one in kept]}
        with self._writing.begin() as connection:
            return connection.execute(webhook.update().where(*_held(call)).values(**changes)).rowcount == 1


def _held(call: WebhookCall) -> tuple[sa.ColumnElement[bool], ...]:
    """Find a call unless somebody else took it, because its lease was over."""
    is_same = (webhook.c.id == call.id, webhook.c.attempts == call.attempt)
    return (*is_same, webhook.c.state == WebhookState.WAITING.value)


def _call_of(row: sa.RowMapping, ended: sa.RowMapping) -> WebhookCall:
    return WebhookCall(
        row["id"],
        row["attempts"] + 1,
        row["url"],
        row["headers"],
        row["created_ms"],
        _outcomes_of(row),
        status_of(ended),
        ended["base_url"],
        ended["traceparent"],
    )


def _report_of(row: sa.RowMapping) -> WebhookReport:
    is_waiting = row["state"] == WebhookState.WAITING
    return WebhookReport(
        id=row["id"],
        url=row["url"],
        state=row["state"],
        attempts=row["attempts"],
        created_at=_time(row["created_ms"]),
        due_at=_time(row["due_ms"]) if is_waiting else None,
        ended_at=None if row["ended_ms"] is None else _time(row["ended_ms"]),
        calls=_outcomes_of(row),
    )


def _outcomes_of(row: sa.RowMapping) -> tuple[CallOutcome, ...]:
    return tuple(CallOutcome.model_validate(kept) for kept in row["answers"])


def _time(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
