"""Opens the database of jobs and brings it to the present tables."""

import sqlite3
from pathlib import Path
from typing import Any

import alembic.command
import alembic.config
import sqlalchemy as sa

from ...settings import Settings

#: Execution option of transactions that write: SQLite has to know at their start.
WRITES = "writes"
_BUSY_MS = 30_000


def database_url(settings: Settings) -> str:
    """Tell which database holds the jobs: the operator's, or SQLite in the data folder."""
    return settings.database_url or f"sqlite:///{(settings.data_dir / 'jobs.sqlite3').absolute().as_posix()}"


def open_database(url: str) -> sa.Engine:
    """Open a database by its URL (`sqlite:///jobs.sqlite3`, `postgresql://...`) and migrate it."""
    engine = sa.create_engine(_with_driver(url), pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        if engine.url.database:
            Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
        sa.event.listen(engine, "connect", _set_up_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    _migrate(engine)
    return engine


def _with_driver(url: str) -> sa.URL:
    parsed = sa.make_url(url)
    if parsed.drivername in {"postgres", "postgresql"}:
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def _set_up_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    # The driver would begin transactions by itself, too late to be sure of the right to write.
    connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "synchronous = FULL", f"busy_timeout = {_BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrate(engine: sa.Engine) -> None:
    config = alembic.config.Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        if engine.dialect.name == "postgresql":
            # Of several processes that start at the same time, one migrates.
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('neuroshorts'))"))
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "head")
