"""`make bench-load`: measure the intake on a PostgreSQL and a RabbitMQ of its own, beside a bare endpoint."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from tests.services import postgres, rabbitmq
from tests.services.ports import free_port
from tests.waiting import eventually

from .callers import Load

ROOT = Path(__file__).parents[2]
_WARM_UP_SECONDS = 3.0
#: Connections of callers that ask without a pause: more than the service has threads for the database.
_CONNECTIONS = 32


def bench(
    rate: Annotated[float, typer.Option(help="Requests a second.")] = 200.0,
    seconds: Annotated[float, typer.Option(help="Of each measurement.")] = 30.0,
) -> None:
    """Measure; print the figures as JSON."""
    body = (ROOT / "examples" / "hello.json").read_text(encoding="utf-8")
    with TemporaryDirectory(prefix="load-") as folder, postgres.running(durable=True) as database:
        with (
            rabbitmq.running() as broker,
            _service(Path(folder), database.new_database(), broker.url) as port,
        ):
            told = {"at_rate": _called(port, body, seconds, rate), "most": _called(port, body, seconds, None)}
        with _bare(Path(folder), database.new_database()) as port:
            told |= {"bare": _called(port, body, seconds, None)}
    told["most_over_bare"] = round(told["most"]["requests_per_s"] / told["bare"]["requests_per_s"], 3)
    print(json.dumps(told, indent=2))


def _called(port: int, body: str, seconds: float, rate: float | None) -> dict[str, Any]:
    for length in (_WARM_UP_SECONDS, seconds):
        load = Load(port, "/render", body, length, _CONNECTIONS, rate)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.load.callers"],
            input=json.dumps(load),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


@contextmanager
def _service(folder: Path, database_url: str, broker_url: str) -> Iterator[int]:
    """Serve without slots: what is taken in stays queued, and its turn goes to the broker."""
    own = {
        "NEUROSHORTS_DATABASE_URL": database_url,
        "NEUROSHORTS_BROKER_URL": broker_url,
        "NEUROSHORTS_MAX_QUEUED_JOBS": "10000000",
        **{f"NEUROSHORTS_{name}_DIR": str(folder / name.lower()) for name in ("DATA", "CACHE", "LOG")},
    }
    port = free_port()
    command = [sys.executable, "-m", "src.main", "serve", "--slots", "0", "--port", str(port)]
    with _running(command, own, port):
        yield port


@contextmanager
def _bare(folder: Path, database_url: str) -> Iterator[int]:
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "benchmarks.load.bare:app",
        "--no-access-log",
        "--port",
        str(port),
    ]
    with _running(command, {"DATABASE_URL": database_url}, port):
        yield port


@contextmanager
def _running(command: Sequence[str], own: dict[str, str], port: int) -> Iterator[None]:
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | own, stderr=subprocess.DEVNULL) as process:
        try:
            eventually(lambda: _answers(port))
            yield
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    typer.run(bench)
