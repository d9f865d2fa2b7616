"""A database opened by one process or by many at the same time."""

import subprocess
import sys
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from src.settings import Settings
from src.store.jobs.database import NewerDatabase, database_url, open_database
from src.store.jobs.desk import JobDesk
from src.store.jobs.submission import Submission
from src.store.jobs.tables import metadata
from tests.services.postgres import Postgres
from tests.waiting import PATIENCE_SECONDS

_OPENER = """
import sys
from src.store.jobs.database import open_database
from src.store.jobs.desk import JobDesk
from src.store.jobs.submission import Submission

sys.stdin.readline()
JobDesk(open_database(sys.argv[1]), 100).submit(Submission(b"{}"))
"""


def test_jobs_are_in_the_data_folder_unless_a_database_is_named(tmp_path: Path) -> None:
    assert database_url(Settings(data_dir=tmp_path)) == f"sqlite:///{tmp_path / 'jobs.sqlite3'}"
    assert database_url(Settings(database_url="postgresql://db/jobs")) == "postgresql://db/jobs"


def test_what_was_handed_in_is_there_when_it_is_opened_again(url: str) -> None:
    first = open_database(url)
    status = JobDesk(first, 10).submit(Submission(b"{}")).status
    first.dispose()
    again = open_database(url)
    assert JobDesk(again, 10).status(status.id) == status
    again.dispose()


def test_a_database_without_an_encoding_of_its_own_keeps_every_script(postgres: Postgres) -> None:
    name = f"ascii_{uuid.uuid4().hex}"
    postgres.administer(
        f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
    )
    engine = open_database(postgres.url(name))
    body = '{"id": "märchen 童话"}'.encode()
    status = JobDesk(engine, 10).submit(Submission(body, job_id="märchen 童话")).status
    assert status.job_id == "märchen 童话"
    engine.dispose()


def test_processes_that_start_at_the_same_time_make_one_set_of_tables(url: str) -> None:
    command = [sys.executable, "-c", _OPENER, url]
    root = Path(__file__).parents[4]
    openers = [subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE) for _ in range(4)]
    for opener in openers:
        assert opener.stdin
        opener.stdin.write(b"go\n")
        opener.stdin.flush()
    for opener in openers:
        opener.communicate(timeout=PATIENCE_SECONDS)
    assert [opener.returncode for opener in openers] == [0] * 4
    engine = open_database(url)
    assert len(JobDesk(engine, 10).page().jobs) == 4
    engine.dispose()


def test_the_migrations_make_exactly_the_tables_that_the_code_names(url: str) -> None:
    engine = open_database(url)
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()
    # Comments are for readers of the code, and SQLite does not tell which way the columns of an index go.
    ignored = ("comment", "ix_job_queue") if url.startswith("sqlite") else ("comment",)
    assert [change for change in found if not any(word in str(change) for word in ignored)] == []


def test_a_database_of_a_newer_version_is_refused_in_words(url: str) -> None:
    engine = open_database(url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(NewerDatabase, match="a newer version"):
        open_database(url)
    if url.startswith("postgresql"):
        others = sa.create_engine(engine.url, poolclass=sa.NullPool)
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        with others.connect() as connection:
            assert connection.scalar(sa.text(query)) == 1
