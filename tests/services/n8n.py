"""An n8n of the tests' own: loopback, free ports, a database and a folder of its own."""

import os
import secrets
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from tests.services.missing import Missing
from tests.services.n8n_api import N8nApi
from tests.services.ports import free_port
from tests.services.postgres import Postgres
from tests.waiting import eventually

#: Where `make n8n` installs it.
ROOT = Path("/var/cache/neuroshorts/n8n")
IMPORT = Path(__file__).parents[2] / "n8n" / "import.mjs"
_NODE = ROOT / "node" / "node_modules" / ".bin"
_PROGRAM = ROOT / "node_modules" / "n8n" / "bin" / "n8n"
#: Seconds that it may take to start where others use the machine too; alone it takes 12.
_START_SECONDS = 180.0
#: It asks nobody on the internet, and keeps what executions had.
_QUIET = {
    "N8N_DIAGNOSTICS_ENABLED": "false",
    "N8N_VERSION_NOTIFICATIONS_ENABLED": "false",
    "N8N_TEMPLATES_ENABLED": "false",
    "N8N_PERSONALIZATION_ENABLED": "false",
    "N8N_HIRING_BANNER_ENABLED": "false",
    "N8N_SECURE_COOKIE": "false",
    "N8N_DISABLED_MODULES": "mcp-registry",
    "EXECUTIONS_DATA_SAVE_ON_SUCCESS": "all",
    # Otherwise a restart takes executions that wait for crashed ones, and may lose them.
    "N8N_EVENTBUS_RECOVERY_MODE": "simple",
}


class N8n(N8nApi):
    """A server of workflows that can be stopped and started again, and keeps what it has."""

    def __init__(self, folder: Path, database_url: str, extensions: Path | None) -> None:
        port = free_port()
        super().__init__(f"http://127.0.0.1:{port}")
        self._folder = folder
        self._environment = {
            **_plain_environment(),
            **_QUIET,
            **_database(database_url),
            "PATH": f"{_PROGRAM.parent}:{_NODE}:{os.environ['PATH']}",
            "N8N_USER_FOLDER": str(folder),
            "N8N_ENCRYPTION_KEY": secrets.token_hex(16),
            "N8N_LISTEN_ADDRESS": "127.0.0.1",
            "N8N_HOST": "127.0.0.1",
            "N8N_PORT": str(port),
            "N8N_RUNNERS_BROKER_PORT": str(free_port()),
            "N8N_WEBHOOK_URL": self.url + "/",
            "N8N_EDITOR_BASE_URL": self.url + "/",
            **({"N8N_CUSTOM_EXTENSIONS": str(extensions)} if extensions else {}),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def bring_in(self, environment: Mapping[str, str], *options: str) -> str:
        """Import our workflows as an operator does; return what was told."""
        done = subprocess.run(
            ["node", str(IMPORT), *options],
            env={**self._environment, **environment},
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def command(self, *arguments: str) -> str:
        """Run a command of its own; return what was told."""
        done = subprocess.run(
            ["n8n", *arguments], env=self._environment, capture_output=True, text=True, timeout=180
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self) -> None:
        """Start it and wait until it takes requests."""
        with (self._folder / "n8n.log").open("ab") as log:
            self._process = subprocess.Popen(
                ["node", str(_PROGRAM), "start"],
                env=self._environment,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        eventually(self._answers, _START_SECONDS)

    def stop(self) -> None:
        """Stop it in order, as its operator would."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(90)
            finally:
                _end_group(process)

    def kill(self) -> None:
        """Kill it without warning."""
        process, self._process = self._process, None
        if process is not None:
            _end_group(process)

    def close(self) -> None:
        """End it for good."""
        super().close()
        self.stop()

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self._folder / "n8n.log").read_text()[-3000:]
        return self.is_ready()


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _plain_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("N8N_", "DB_"))}


def _database(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    return {
        "DB_TYPE": "postgresdb",
        "DB_POSTGRESDB_HOST": parts.hostname or "",
        "DB_POSTGRESDB_PORT": str(parts.port),
        "DB_POSTGRESDB_DATABASE": parts.path[1:],
        "DB_POSTGRESDB_USER": parts.username or "",
        "DB_POSTGRESDB_PASSWORD": parts.password or "",
    }


@contextmanager
def installed(folder: Path, database: Postgres, extensions: Path | None = None) -> Iterator[N8n]:
    """Give an n8n that is not started yet, and end it.

    Raises:
        Missing: it is not installed.
    """
    if not _PROGRAM.exists() or not (_NODE / "node").exists():
        raise Missing("n8n is missing: make n8n")
    server = N8n(folder, database.url(database.new_name(), database.port), extensions)
    try:
        yield server
    finally:
        server.close()
