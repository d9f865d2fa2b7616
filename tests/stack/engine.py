"""A Docker engine of the trial's own: its images, containers and networks are gone afterwards."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.services.missing import Missing
from tests.waiting import eventually

#: Where `make debians` puts releases of Debian, and plugins of Docker in `cli-plugins`.
DEBIANS = Path("/var/cache/neuroshorts/debians")
RELEASES = ("bookworm", "trixie", "sid")
_PLUGINS = ("docker-compose", "docker-buildx")
#: Seconds that a command may take where others use the machine too: an image is built in 3 minutes.
_TIMEOUT_SECONDS = 1800
#: Seconds for which it stops its containers when it ends.
_END_SECONDS = 120


class Engine:
    """A daemon that nobody else knows of, and a way to give it commands."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "DOCKER_HOST": f"unix://{home}/docker.sock",
            "DOCKER_CONFIG": str(DEBIANS),
            "BUILDX_CONFIG": str(home / "buildx"),
            "DOCKER_BUILDKIT": "1",
        }

    def start(self) -> None:
        """Start it and wait until it answers."""
        (self._home / "docker.pid").unlink(missing_ok=True)
        options = {
            "data-root": self._home / "data",
            "exec-root": self._home / "exec",
            "pidfile": self._home / "docker.pid",
            "host": f"unix://{self._home}/docker.sock",
            # The network of this machine stays as it is: containers reach each other, and nothing outside.
            "bridge": "none",
            "iptables": "false",
            "ip-forward": "false",
        }
        with (self._home / "log").open("ab") as log:
            self._process = subprocess.Popen(
                ["dockerd", *(f"--{name}={value}" for name, value in options.items())], stdout=log, stderr=log
            )
        eventually(self._answers)

    def end(self) -> None:
        """End it with all that it runs."""
        self._process.terminate()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def docker(
        self, *command: str | Path, folder: Path | None = None, environment: Mapping[str, str] | None = None
    ) -> str:
        """Give it a command; return what it told."""
        done = self._run(*command, folder=folder, environment=environment)
        assert done.returncode == 0, f"docker {command}: {done.stdout[-3000:]}{done.stderr[-6000:]}"
        return done.stdout

    def has_image(self, name: str) -> bool:
        """Tell whether it has an image."""
        return self._run("image", "inspect", name).returncode == 0

    def _run(
        self, *command: str | Path, folder: Path | None = None, environment: Mapping[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["docker", *map(str, command)],
            cwd=folder,
            env={**self._environment, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_SECONDS,
        )

    def _answers(self) -> bool:
        assert self._process.poll() is None, (self._home / "log").read_text()[-3000:]
        return self._run("info").returncode == 0


@contextmanager
def running(home: Path | None) -> Iterator[Engine]:
    """Start an engine and end it; one with a home of yours keeps its images there.

    Raises:
        Missing: something that it needs is not there.
    """
    _check()
    with ExitStack() as stack:
        if home is None:
            home = Path(tempfile.mkdtemp(prefix="ns-docker-"))
            stack.callback(shutil.rmtree, home)
        home.mkdir(parents=True, exist_ok=True)
        engine = Engine(home)
        engine.start()
        stack.callback(engine.end)
        yield engine


def _check() -> None:
    if sys.platform != "linux" or os.geteuid() != 0:
        raise Missing("A Docker engine of its own is started by root on Linux only")
    absent = [name for name in ("docker", "dockerd") if not shutil.which(name)]
    fetched = [f"cli-plugins/{name}" for name in _PLUGINS] + [f"{name}.tar" for name in RELEASES]
    absent += [name for name in fetched if not (DEBIANS / name).exists()]
    if absent:
        raise Missing(f"{', '.join(absent)} missing. Debian, as root: make debians")
