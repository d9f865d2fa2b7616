"""Who takes jobs in and hands them out, on both databases."""

import pytest
import sqlalchemy as sa

from src.store.jobs.desk import JobDesk
from src.store.jobs.queue import JobQueue


@pytest.fixture
def desk(engine: sa.Engine) -> JobDesk:
    return JobDesk(engine, most_queued=1000)


@pytest.fixture
def queue(engine: sa.Engine) -> JobQueue:
    return JobQueue(engine, lease_seconds=60, most_attempts=3)


@pytest.fixture
def forgetful(engine: sa.Engine) -> JobQueue:
    """Give out claims whose lease is over already: their workers count as gone at once."""
    return JobQueue(engine, lease_seconds=-1, most_attempts=3)
