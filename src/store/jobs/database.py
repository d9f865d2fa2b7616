"""Opens the database of jobs and brings it to the present tables."""

import sqlite3
from pathlib import Path
from typing import Any

import alembic.command
import alembic.config
import sqlalchemy as sa
from alembic.util import CommandError

from ...errors import NeuroShortsError
from ...settings import Settings

#: Execution option of transactions that write: SQLite has to know at their start.
WRITES = "writes"
#: What is raised when the database is away, or lets nobody write for now (a standby after a fail-over):
#: to be tried again. Whatever else it raises is a bug.
AWAY = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.InternalError, sa.exc.TimeoutError)
_BUSY_MS = 30_000
#: Connections of one process, all of them kept: to open one costs more than a submission takes.
_CONNECTIONS = 12
#: Seconds that a thread waits for one of them.
_WAIT_SECONDS = 30.0
#: Seconds until a server that does not answer counts as away, and milliseconds until a connection does; by
#: default that takes a quarter of an hour, and two hours while an answer is awaited.
#: Source: PostgreSQL, 34.1.2 Parameter Key Words.
_PATIENCE = {
    "connect_timeout": "10",
    "tcp_user_timeout": "20000",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "2",
}
#: A database without an encoding of its own (SQL_ASCII) gives bytes otherwise.
_TEXT = {"client_encoding": "utf8"}


class NewerDatabase(NeuroShortsError):
    """Tables that this version does not know."""

    code = "newer_database"

    def __init__(self) -> None:
        super().__init__(
            "the database of jobs was made by a newer version: install that version, or go back to the backup"
            " from before the upgrade"
        )


def database_url(settings: Settings) -> str:
    """Tell which database holds the jobs: the operator's, or SQLite in the data folder."""
    return settings.database_url or f"sqlite:///{(settings.data_dir / 'jobs.sqlite3').absolute().as_posix()}"


def open_database(url: str) -> sa.Engine:
    """Open a database by its URL (`sqlite:///jobs.sqlite3`, `postgresql://...`) and migrate it.

    Raises:
        NewerDatabase: a newer version has migrated it.
    """
    engine = sa.create_engine(
        _with_driver(url),
        # Errors are logged, and what jobs and headers hold is nobody's business.
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=_CONNECTIONS,
        max_overflow=0,
        pool_timeout=_WAIT_SECONDS,
    )
    if engine.dialect.name == "sqlite":
        if engine.url.database:
            Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
        sa.event.listen(engine, "connect", _set_up_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    try:
        _migrate(engine)
    except BaseException:
        # Its connections would stay until the collector finds them.
        engine.dispose()
        raise
    return engine


def _with_driver(url: str) -> sa.URL:
    parsed = sa.make_url(url)
    if parsed.drivername in {"postgres", "postgresql"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "postgresql":
        return parsed.update_query_dict({**_PATIENCE, **_TEXT, **parsed.query})
    return parsed


def _set_up_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    # The driver would begin transactions by itself, too late to be sure of the right to write.
    connection.isolation_level = None
    # The time to wait comes first: changing the journal may have to wait for another process already.
    pragmas = (f"busy_timeout = {_BUSY_MS}", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON")
    try:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        # The pool forgets a connection that was not set up, without closing it.
        connection.close()
        raise


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
        try:
            alembic.command.upgrade(config, "head")
        except CommandError as error:
            # What it says of a revision that it has not.
            raise NewerDatabase from error
