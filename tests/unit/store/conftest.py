"""Both databases that jobs and keys may be in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from src.store.jobs.database import open_database


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
