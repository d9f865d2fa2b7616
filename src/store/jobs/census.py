"""How many jobs and webhooks there are, by state: what an operator watches."""

from collections.abc import Mapping
from typing import NamedTuple

import sqlalchemy as sa

from ...models.status import State
from ...models.webhooks import WebhookState
from .rows import now_ms
from .tables import job, webhook


class Census(NamedTuple):
    """The store at one moment."""

    jobs: Mapping[str, int]
    """By state, each of them."""
    oldest_queued_seconds: float
    """Age of the job that has waited the longest; 0 when none waits."""
    webhooks: Mapping[str, int]
    """By state, each of them."""


def take_census(engine: sa.Engine) -> Census:
    """Count what is in the store."""
    waiting = sa.select(sa.func.min(job.c.created_ms)).where(job.c.status == State.QUEUED.value)
    with engine.connect() as connection:
        jobs = _counted(connection, job.c.status)
        webhooks = _counted(connection, webhook.c.state)
        oldest_ms = connection.execute(waiting).scalar_one()
    return Census(
        {state.value: jobs.get(state.value, 0) for state in State},
        0.0 if oldest_ms is None else max(0.0, (now_ms() - oldest_ms) / 1000),
        {state.value: webhooks.get(state.value, 0) for state in WebhookState},
    )


def _counted(connection: sa.Connection, state: sa.Column[str]) -> dict[str, int]:
    query = sa.select(state, sa.func.count()).group_by(state)
    return {row[0]: row[1] for row in connection.execute(query)}
