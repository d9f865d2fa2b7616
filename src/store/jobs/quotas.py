"""What one owner may have of a service that several share."""

from typing import NamedTuple

import sqlalchemy as sa

from ...errors import NeuroShortsError
from ...models.status import State
from .rows import now_ms
from .tables import job

_DAY_MS = 24 * 3600 * 1000
#: Seconds after which a job that waits has likely gone on.
_QUEUE_MOVES_SECONDS = 30
#: Jobs below the quota from where on its submissions are counted one by one: more than ever are under way at
#: the same time.
_CLOSE_JOBS = 200


class QuotaReached(NeuroShortsError):
    """One owner has as many jobs waiting, or was rendered for as long, as it may."""

    retryable = True

    def __init__(self, code: str, message: str, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.code = code
        self.retry_after_seconds = retry_after_seconds


class Quota(NamedTuple):
    """What one owner may have; 0 is as much as it likes."""

    queued_jobs: int = 0
    """Jobs that wait."""
    render_seconds_a_day: int = 0
    """Work on jobs that were handed in within the last 24 hours; it counts when an attempt has ended."""


def refuse_over_quota(connection: sa.Connection, owner: str, quota: Quota) -> None:
    """Let one more job of an owner in; call it in the transaction that takes the job in.

    Raises:
        QuotaReached: too many of its jobs wait, or it was rendered for enough today.
    """
    if quota.queued_jobs and _queued(connection, owner, quota) >= quota.queued_jobs:
        raise QuotaReached(
            "quota_queued_jobs",
            f"{quota.queued_jobs} of your jobs wait already: try again when some are done",
            _QUEUE_MOVES_SECONDS,
        )
    if quota.render_seconds_a_day:
        wait_ms = _wait_ms(connection, owner, quota.render_seconds_a_day * 1000)
        if wait_ms:
            raise QuotaReached(
                "quota_render_seconds",
                f"your jobs of the last 24 hours took all of their {quota.render_seconds_a_day} s:"
                " try again later",
                -(-wait_ms // 1000),
            )


_IS_ITS = job.c.owner == sa.bindparam("owner")
_LATELY = (_IS_ITS, job.c.created_ms > sa.bindparam("since_ms"))

#: Statements of every submission, built once: SQLAlchemy takes longer to build one than to run it.
_COUNT = sa.select(sa.func.count()).select_from(
    sa.select(job.c.id)
    .where(_IS_ITS, job.c.status == State.QUEUED.value)
    .limit(sa.bindparam("most"))
    .subquery()
)
_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtext(:name))")
_SUM = sa.select(sa.func.coalesce(sa.func.sum(job.c.worked_ms), 0)).where(*_LATELY)
_OLDEST_FIRST = (
    sa.select(job.c.created_ms, job.c.worked_ms)
    .where(*_LATELY, job.c.worked_ms > 0)
    .order_by(job.c.created_ms)
)


def _queued(connection: sa.Connection, owner: str, quota: Quota) -> int:
    """Count an owner's waiting jobs up to its quota."""
    asked = {"owner": owner, "most": quota.queued_jobs}
    counted: int = connection.execute(_COUNT, asked).scalar_one()
    if counted < quota.queued_jobs - _CLOSE_JOBS or connection.dialect.name != "postgresql":
        return counted
    # Others that hand in at the same time would count the same: one after the other counts what is there.
    connection.execute(_LOCK, {"name": f"quota {owner}"})
    return connection.execute(_COUNT, asked).scalar_one()


def _wait_ms(connection: sa.Connection, owner: str, most_ms: int) -> int:
    """Tell when an owner's work of 24 hours falls below its quota: in 0 ms if it is below."""
    now = now_ms()
    asked = {"owner": owner, "since_ms": now - _DAY_MS}
    over_ms = int(connection.execute(_SUM, asked).scalar_one()) - most_ms
    if over_ms < 0:
        return 0
    for created_ms, worked_ms in connection.execute(_OLDEST_FIRST, asked):
        over_ms -= worked_ms
        if over_ms < 0:
            return max(1, int(created_ms) + _DAY_MS - now)
    raise AssertionError("work that nobody did")
