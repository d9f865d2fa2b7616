"""A PostgreSQL server of the tests' own: a unix socket and data in a temporary folder, gone afterwards."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.services.missing import Missing
from tests.services.ports import free_port
from tests.waiting import PATIENCE_SECONDS, eventually

#: Where Debian and others put the server's programs; the newest comes last.
_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
#: User that the server runs as when the tests run as root, which it refuses.
_USER = "postgres"
#: Nothing has to survive a power cut.
_HASTY = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class Postgres:
    """A server that is started and stopped; its data outlive a stop."""

    def __init__(self, programs: Path, folder: Path, *, durable: bool) -> None:
        self.port = free_port()
        self._folder = folder
        self._password = secrets.token_hex(16)
        root = os.geteuid() == 0
        self._as_user: dict[str, Any] = {"user": _USER, "group": _USER, "extra_groups": []} if root else {}
        self._command = (
            *(str(programs / "postgres"), "-D", str(folder / "data"), "-k", str(folder)),
            *("-c", "listen_addresses=127.0.0.1", "-c", f"port={self.port}"),
            *(() if durable else _HASTY),
        )
        if root:
            shutil.chown(folder, _USER, _USER)
        self._initialise(programs)

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=self._folder, stdout=log, stderr=log, **self._as_user
            )
        eventually(self._answers)

    def stop(self) -> None:
        """Stop it at once, with every connection."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(PATIENCE_SECONDS)

    def url(self, database: str, port: int | None = None) -> str:
        """Name one of its databases, reached by a socket or over a port that leads to the server."""
        if port is not None:
            return f"postgresql://{_USER}:{self._password}@127.0.0.1:{port}/{database}"
        return f"postgresql://{_USER}:{self._password}@/{database}?host={self._folder}&port={self.port}"

    def new_database(self) -> str:
        """Make an empty database and return its URL."""
        return self.url(self.new_name())

    def new_name(self) -> str:
        """Make an empty database and return its name."""
        name = f"test_{uuid.uuid4().hex}"
        self.administer(f"CREATE DATABASE {name}")
        return name

    def administer(self, statement: str) -> None:
        """Carry out a statement outside of any transaction."""
        engine = sa.create_engine(_with_driver(self.url("postgres")), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(sa.text(statement))
        finally:
            engine.dispose()

    @property
    def _log(self) -> Path:
        return self._folder.with_suffix(".log")

    def remove(self) -> None:
        """Remove everything that it kept."""
        shutil.rmtree(self._folder)
        self._log.unlink(missing_ok=True)

    def _initialise(self, programs: Path) -> None:
        password_file = self._folder / "password"
        password_file.write_text(self._password)
        password_file.chmod(0o644)  # the folder itself is the server's alone
        done = subprocess.run(
            [
                *(str(programs / "initdb"), "-D", str(self._folder / "data"), "-U", _USER),
                *("--no-sync", "--no-locale", "--encoding=UTF8", "--auth=scram-sha-256"),
                f"--pwfile={password_file}",
            ],
            cwd=self._folder,
            capture_output=True,
            **self._as_user,
        )
        assert done.returncode == 0, done.stderr.decode()

    def _answers(self) -> bool:
        assert self._process.poll() is None, "the server ended by itself: " + self._log.read_text()[-2000:]
        try:
            self.administer("SELECT 1")
        except sa.exc.OperationalError:
            return False
        return True


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


@contextmanager
def running(*, durable: bool = False) -> Iterator[Postgres]:
    """Start a server and end it; one that is durable writes to the disk as in production.

    Raises:
        Missing: no server is installed.
    """
    server = Postgres(_programs(), Path(tempfile.mkdtemp(prefix="ns-pg-")), durable=durable)
    try:
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        server.remove()


def _programs() -> Path:
    if sys.platform == "win32":
        raise Missing("PostgreSQL is started privately on Linux and macOS only")
    for pattern in _FOLDERS:
        for folder in sorted(Path("/").glob(pattern[1:]), key=lambda found: found.parent.name, reverse=True):
            if (folder / "initdb").exists():
                return folder
    raise Missing("PostgreSQL is missing. Debian: apt-get install postgresql; macOS: brew install postgresql")
