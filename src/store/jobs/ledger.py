"""Writes jobs, with all that has to be known together with them or not at all.

A job that is queued wants a turn at a worker, one that has ended wants its caller told: both are rows of the
same transaction, so that no crash can come between.
"""

import uuid
from typing import Any

import sqlalchemy as sa

from ...models.callbacks import Callbacks
from ...models.status import TERMINAL, JobStatus, State
from ...models.webhooks import WebhookState
from .rows import now_ms, values_of
from .submission import Submission
from .tables import job, outbox, webhook

#: Built once: SQLAlchemy takes longer to build a statement than to run it.
_ADD_JOB, _ADD_TURN = job.insert(), outbox.insert()


class Ledger:
    """Adds and changes jobs within transactions of others."""

    def __init__(self, *, has_outbox: bool) -> None:
        self._has_outbox = has_outbox

    def add(
        self, connection: sa.Connection, handed_in: Submission, status: JobStatus, body_sha256: str
    ) -> None:
        """Write a new job."""
        row = {
            "owner": handed_in.owner,
            "idempotency_key": handed_in.idempotency_key,
            "body": handed_in.body,
            "body_sha256": body_sha256,
            "priority": handed_in.priority,
            "is_unwanted": False,
            "traceparent": handed_in.traceparent,
            "base_url": handed_in.base_url,
            "callbacks": handed_in.callbacks and handed_in.callbacks.model_dump(),
        }
        connection.execute(_ADD_JOB, values_of(status) | row)
        self._tell(connection, row, status, 0)

    def write(self, connection: sa.Connection, row: sa.RowMapping, status: JobStatus, **also: Any) -> None:
        """Change a job whose row is locked."""
        connection.execute(job.update().where(job.c.id == status.id).values(**values_of(status), **also))
        if row["status"] != status.status:
            self._tell(connection, row, status, also.get("due_ms", 0))

    def _tell(
        self, connection: sa.Connection, row: sa.RowMapping | dict[str, Any], status: JobStatus, due_ms: int
    ) -> None:
        if status.status is State.QUEUED and self._has_outbox:
            turn = {"job_id": status.id, "priority": row["priority"], "traceparent": row["traceparent"]}
            connection.execute(_ADD_TURN, turn | {"due_ms": due_ms, "lease_ms": 0})
        if status.status not in TERMINAL or not row["callbacks"]:
            return
        callbacks = Callbacks.model_validate(row["callbacks"])
        if callbacks.webhook_url:
            connection.execute(webhook.insert(), new_webhook(status.id, callbacks))


def new_webhook(job_id: str, callbacks: Callbacks) -> dict[str, Any]:
    """Make the row of a call that is due at once."""
    now = now_ms()
    return {
        "id": uuid.uuid4().hex,
        "job_id": job_id,
        "url": callbacks.webhook_url,
        "headers": callbacks.webhook_headers,
        "state": WebhookState.WAITING.value,
        "attempts": 0,
        "answers": [],
        "created_ms": now,
        "due_ms": now,
        "lease_ms": 0,
    }
