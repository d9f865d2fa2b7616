"""Turns at a worker that are still to be announced to the broker."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from ...models.status import State
from .database import WRITES
from .rows import now_ms
from .tables import job, outbox

#: Milliseconds that a publisher has before others take its turns to be unpublished.
_LEASE_MS = 30_000
#: Turns that are made anew at once.
_MOST_REFILLED = 1000


def _taking() -> sa.Executable:
    due = (
        sa.select(outbox.c.id)
        .where(outbox.c.due_ms <= sa.bindparam("now"), outbox.c.lease_ms <= sa.bindparam("now"))
        .order_by(outbox.c.id)
        .limit(sa.bindparam("most"))
        .with_for_update(skip_locked=True)
    )
    return (
        outbox.update()
        .where(outbox.c.id.in_(due.scalar_subquery()))
        .values(lease_ms=sa.bindparam("lease_until"))
        .returning(outbox.c.id, outbox.c.job_id, outbox.c.priority, outbox.c.traceparent)
    )


#: Built once: SQLAlchemy takes longer to build a statement than to run it.
_TAKE = _taking()
_FORGET = outbox.delete().where(outbox.c.id.in_(sa.bindparam("numbers", expanding=True)))


class Turn(NamedTuple):
    """A job waits."""

    number: int
    job_id: str
    priority: int
    traceparent: str


class Outbox:
    """Hands out turns to be published; one that is published twice does no harm."""

    def __init__(self, engine: sa.Engine) -> None:
        self._writing = engine.execution_options(**{WRITES: True})

    def take(self, most: int) -> tuple[Turn, ...]:
        """Take turns that are due, oldest first, before others do."""
        now = now_ms()
        given = {"now": now, "lease_until": now + _LEASE_MS, "most": most}
        with self._writing.begin() as connection:
            return tuple(sorted(Turn(*row) for row in connection.execute(_TAKE, given)))

    def sent(self, turns: Sequence[Turn]) -> None:
        """Forget turns that the broker has."""
        with self._writing.begin() as connection:
            connection.execute(_FORGET, {"numbers": [turn.number for turn in turns]})

    def release(self, turns: Sequence[Turn]) -> None:
        """Give turns back that the broker did not take."""
        numbers = [turn.number for turn in turns]
        with self._writing.begin() as connection:
            connection.execute(outbox.update().where(outbox.c.id.in_(numbers)).values(lease_ms=0))

    def refill(self) -> int:
        """Make turns for waiting jobs that have none here, for a broker that has none either; count them."""
        now = now_ms()
        has_turn = sa.exists().where(outbox.c.job_id == job.c.id)
        waiting = (
            sa.select(job.c.id, job.c.priority, job.c.traceparent, sa.literal(now), sa.literal(0))
            .where(job.c.status == State.QUEUED.value, job.c.due_ms <= now, ~has_turn)
            .order_by(job.c.priority.desc(), job.c.created_ms)
            .limit(_MOST_REFILLED)
        )
        columns = ("job_id", "priority", "traceparent", "due_ms", "lease_ms")
        refilled = outbox.insert().from_select(columns, waiting).returning(outbox.c.id)
        with self._writing.begin() as connection:
            return len(connection.execute(refilled).all())
