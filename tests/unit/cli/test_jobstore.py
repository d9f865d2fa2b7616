"""The database of jobs when it is not there yet."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from src.cli import jobstore
from src.errors import RenderFailed
from src.settings import Settings
from tests.services import postgres as postgres_server
from tests.services.missing import or_skipped
from tests.services.postgres import Postgres
from tests.waiting import eventually


@pytest.fixture
def server() -> Iterator[Postgres]:
    """Start a server that a test may stop."""
    with or_skipped(postgres_server.running()) as started:
        yield started


def test_a_database_that_is_still_starting_is_waited_for(
    server: Postgres, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(data_dir=tmp_path, database_url=server.new_database())
    opened: list[sa.Engine] = []
    server.stop()
    opening = threading.Thread(target=lambda: opened.append(jobstore.open_jobs(settings)))
    opening.start()
    eventually(lambda: "database_away" in caplog.text)
    server.start()
    opening.join()
    opened[0].dispose()
    assert caplog.text.count("database_away") == 1


def test_a_database_that_does_not_come_is_told(
    server: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobstore, "PATIENCE_SECONDS", 0)
    settings = Settings(data_dir=tmp_path, database_url=server.new_database())
    server.stop()
    with pytest.raises(RenderFailed, match="check NEUROSHORTS_DATABASE_URL"):
        jobstore.open_jobs(settings)
    server.start()


def test_a_file_that_is_no_database_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "jobs.sqlite3").write_bytes(b"something else" * 100)
    with pytest.raises(RenderFailed, match="file is not a database"):
        jobstore.open_jobs(Settings(data_dir=tmp_path))
