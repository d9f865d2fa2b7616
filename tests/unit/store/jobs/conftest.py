"""Both databases that jobs may be in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from src.store.jobs.database import open_database
from src.store.jobs.desk import JobDesk
from src.store.jobs.queue import JobQueue


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'jobs.sqlite3'}"
    made: str = request.getfixturevalue("postgres").new_database()
    return made


@pytest.fixture
def engine(url: str) -> Iterator[sa.Engine]:
    opened = open_database(url)
    yield opened
    opened.dispose()


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
