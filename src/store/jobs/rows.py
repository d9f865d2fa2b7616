"""Rows of the table as the status that callers get, and back."""

import time
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from ...models.status import JobStatus
from .tables import job

_TIMES = {"created_ms": "created_at", "started_ms": "started_at", "finished_ms": "finished_at"}
#: Columns that a status consists of.
STATUS_COLUMNS = (
    job.c.id,
    job.c.job_id,
    job.c.metadata,
    job.c.status,
    job.c.stage,
    job.c.progress,
    job.c.attempts,
    job.c.error,
    job.c.result,
    *(job.c[name] for name in _TIMES),
)


def now_ms() -> int:
    """Tell the time in milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


_SERVER_TIME = sa.text("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")


def store_now_ms(connection: sa.Connection) -> int:
    """Tell the same by the one clock that all workers share: theirs may differ, and leases must not."""
    if connection.dialect.name != "postgresql":
        return now_ms()
    now: int = connection.execute(_SERVER_TIME).scalar_one()
    return now


def status_of(row: sa.RowMapping) -> JobStatus:
    """Read a status from a row."""
    told = {column.name: row[column.name] for column in STATUS_COLUMNS if column.name not in _TIMES}
    times = {name: _datetime(row[column]) for column, name in _TIMES.items()}
    return JobStatus.model_validate(told | times)


def values_of(status: JobStatus) -> dict[str, Any]:
    """Turn a status into the values of its columns."""
    told = status.model_dump(mode="json")
    values = {column.name: told[column.name] for column in STATUS_COLUMNS if column.name not in _TIMES}
    return values | {column: _ms(getattr(status, name)) for column, name in _TIMES.items()}


def _datetime(ms: int | None) -> datetime | None:
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC)


def _ms(time: datetime | None) -> int | None:
    return None if time is None else round(time.timestamp() * 1000)
