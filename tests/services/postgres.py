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
from typing import Any, NamedTuple

import sqlalchemy as sa

from tests.waiting import eventually

#: Where Debian and others put the server's programs; the newest comes last.
_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
#: User that the server runs as when the tests run as root, which it refuses.
_USER = "postgres"
#: Nothing has to survive a power cut.
_HASTY = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class Missing(Exception):
    """There is no server to be started; the message tells what to install."""


class Postgres(NamedTuple):
    """A running server."""

    socket_dir: Path
    password: str
    process: "subprocess.Popen[bytes]"

    def url(self, database: str) -> str:
        """Name one of its databases."""
        return f"postgresql://{_USER}:{self.password}@/{database}?host={self.socket_dir}"

    def new_database(self) -> str:
        """Make an empty database and return its URL."""
        name = f"test_{uuid.uuid4().hex}"
        self.administer(f"CREATE DATABASE {name}")
        return self.url(name)

    def administer(self, statement: str) -> None:
        """Carry out a statement outside of any transaction."""
        engine = sa.create_engine(_with_driver(self.url("postgres")), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(sa.text(statement))
        finally:
            engine.dispose()


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


@contextmanager
def running(*, durable: bool = False) -> Iterator[Postgres]:
    """Start a server and end it; one that is durable writes to the disk as in production.

    Raises:
        Missing: no server is installed.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="ns-pg-"))
    password = secrets.token_hex(16)
    as_user: dict[str, Any] = {"user": _USER, "group": _USER, "extra_groups": []} if os.geteuid() == 0 else {}
    try:
        if as_user:
            shutil.chown(folder, _USER, _USER)
        _initialise(programs, folder, password, as_user)
        command = [str(programs / "postgres"), "-D", str(folder / "data"), "-k", str(folder)]
        command += () if durable else _HASTY
        with (folder.parent / f"{folder.name}.log").open("wb") as log:
            process = subprocess.Popen(
                [*command, "-c", "listen_addresses="], cwd=folder, stdout=log, stderr=log, **as_user
            )
        try:
            server = Postgres(folder, password, process)
            eventually(lambda: _answers(server))
            yield server
        finally:
            process.send_signal(signal.SIGQUIT)
            process.wait(30)
    finally:
        shutil.rmtree(folder)
        (folder.parent / f"{folder.name}.log").unlink(missing_ok=True)


def _programs() -> Path:
    if sys.platform == "win32":
        raise Missing("PostgreSQL is started privately on Linux and macOS only")
    for pattern in _FOLDERS:
        for folder in sorted(Path("/").glob(pattern[1:]), key=lambda found: found.parent.name, reverse=True):
            if (folder / "initdb").exists():
                return folder
    raise Missing("PostgreSQL is missing. Debian: apt-get install postgresql; macOS: brew install postgresql")


def _initialise(programs: Path, folder: Path, password: str, as_user: dict[str, Any]) -> None:
    (folder / "password").write_text(password)
    (folder / "password").chmod(0o644)  # the folder itself is the server's alone
    done = subprocess.run(
        [
            *(str(programs / "initdb"), "-D", str(folder / "data"), "-U", _USER, "--no-sync", "--no-locale"),
            *("--encoding=UTF8", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}"),
        ],
        cwd=folder,
        capture_output=True,
        **as_user,
    )
    assert done.returncode == 0, done.stderr.decode()


def _answers(server: Postgres) -> bool:
    assert server.process.poll() is None, "the server ended by itself"
    try:
        server.administer("SELECT 1")
    except sa.exc.OperationalError:
        return False
    return True
