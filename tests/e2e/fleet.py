"""A whole installation: interface, workers, database, broker, receiver of webhooks; any of it may die."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pika

from src.settings import PREFIX
from tests.e2e.command import ROOT
from tests.receiver import Receiver, Reply
from tests.services.ports import free_port
from tests.services.postgres import Postgres
from tests.services.rabbitmq import RabbitMQ
from tests.services.tcp_proxy import proxied
from tests.waiting import PATIENCE_SECONDS, eventually

#: Seconds that a broker or a database stays away.
_AWAY_SECONDS = (0.5, 3.0)
_PAUSE_SECONDS = 0.2
_WORKERS = 2


class Member:
    """A process of the installation, which is started again when it was killed."""

    def __init__(self, folder: Path, environment: dict[str, str], *arguments: str) -> None:
        self._folder, self._environment, self._arguments = folder, environment, arguments
        self.start()

    def start(self) -> None:
        """Start it."""
        with (self._folder / "members.log").open("ab") as told:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "src.main", *self._arguments],
                cwd=self._folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), **self._environment},
                stdout=told,
                stderr=told,
            )

    def restart_killed(self) -> None:
        """Kill it without a warning and start it again."""
        self.kill()
        self.start()

    @property
    def pid(self) -> int:
        """Number of its process."""
        return self._process.pid

    def kill(self) -> None:
        """Kill it without a warning."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """Ask it to end; return its exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(PATIENCE_SECONDS)


class Fleet:
    """The installation, and what strikes it."""

    def __init__(self, folder: Path, database: Postgres, broker: RabbitMQ, stack: ExitStack) -> None:
        self._database, self._broker = database, broker
        self._to_database = stack.enter_context(proxied(lambda: database.port))
        self._to_broker = stack.enter_context(proxied(lambda: broker.ports.amqp))
        self.receiver = Receiver(lambda number, call: Reply())
        stack.callback(self.receiver.close)
        name = database.new_name()
        self.database_url = database.url(name)
        self.folder = folder
        self.url = f"http://127.0.0.1:{free_port()}"
        environment = {
            "DATABASE_URL": database.url(name, self._to_database.port),
            "BROKER_URL": _through(broker.url, self._to_broker.port),
            "FETCH_ALLOW_HOSTS": "127.0.0.1",
            "PUBLIC_URL": "https://films.example",
            "LEASE_SECONDS": "4",
            "MAX_ATTEMPTS": "50",
            **{f"{name}_DIR": str(folder / name.lower()) for name in ("DATA", "CACHE", "LOG")},
        }
        own = {PREFIX + name: value for name, value in environment.items()}
        port = self.url.rpartition(":")[2]
        self._interface = Member(folder, own, "serve", "--slots", "0", "--port", port)
        self._workers = [Member(folder, own, "worker", "--grace", "1") for _ in range(_WORKERS)]
        self._members = (*self._workers, self._interface)
        self.struck: Counter[str] = Counter()

    def faults(self, random_: random.Random) -> dict[str, Callable[[], Any]]:
        """List what may happen."""
        return {
            "worker killed": lambda: random_.choice(self._workers).restart_killed(),
            "interface killed": self._interface.restart_killed,
            "broker away": lambda: self._away(self._broker.stop, self._broker.start, random_),
            "database away": lambda: self._away(self._database.stop, self._database.start, random_),
            "connections cut": lambda: (self._to_database.cut(), self._to_broker.cut()),
        }

    def strike(
        self, seed: int, every_seconds: tuple[float, float], over: threading.Event, *, most: int | None
    ) -> None:
        """Let one thing after the other happen, each kind as often as the others, until it is over."""
        random_ = random.Random(seed)
        faults = self.faults(random_)
        while self.struck.total() != most and not over.wait(random_.uniform(*every_seconds)):
            fewest = min(self.struck[name] for name in faults)
            name = random_.choice([name for name in faults if self.struck[name] == fewest])
            faults[name]()
            self.struck[name] += 1

    def _away(self, stop: Callable[[], Any], start: Callable[[], Any], random_: random.Random) -> None:
        stop()
        threading.Event().wait(random_.uniform(*_AWAY_SECONDS))
        start()

    def post(self, job: dict[str, Any]) -> None:
        """Hand a job in by HTTP, as often as it takes to be told that it is kept."""

        def is_kept() -> bool:
            with suppress(httpx.TransportError):
                status = httpx.post(f"{self.url}/render", json=job, timeout=10).status_code
                assert status in {200, 202, 503}, status
                return status != 503
            return False

        self._until_kept(is_kept)

    def publish(self, job: dict[str, Any]) -> None:
        """Hand a job in through the broker, as often as it takes to be confirmed."""

        def is_kept() -> bool:
            with suppress(pika.exceptions.AMQPError, OSError), self._channel() as channel:
                channel.confirm_delivery()
                body = json.dumps(job).encode()
                channel.basic_publish("", "neuroshorts.jobs", body, mandatory=True)
                return True
            return False

        self._until_kept(is_kept)

    @contextmanager
    def _channel(self) -> Iterator[Any]:
        connection = pika.BlockingConnection(pika.URLParameters(self._broker.url))
        try:
            yield connection.channel()
        finally:
            if connection.is_open:
                connection.close()

    def _until_kept(self, is_kept: Callable[[], bool]) -> None:
        pause = threading.Event()
        eventually(lambda: is_kept() or pause.wait(_PAUSE_SECONDS))

    def stop(self) -> list[int]:
        """Ask every process to end once it has begun its work; return the exit codes."""
        eventually(self._has_begun)
        return [member.stop() for member in self._members]

    def _has_begun(self) -> bool:
        begun = {event["worker"].rpartition("-")[2] for event in self.events("worker_started")}
        with suppress(httpx.TransportError):
            answers = httpx.get(f"{self.url}/healthz", timeout=10).status_code == 200
            return answers and all(str(worker.pid) in begun for worker in self._workers)
        return False

    def kill(self) -> None:
        """Kill every process."""
        for member in self._members:
            member.kill()

    def events(self, name: str) -> list[dict[str, Any]]:
        """Read events of one name from the log of all processes."""
        files = sorted((self.folder / "log").glob("app.log*"))
        # The last line of a file may be half of one.
        lines = [line for file in files for line in file.read_text(encoding="utf-8").split("\n")[:-1]]
        return [event for event in map(json.loads, lines) if event["event"] == name]


def _through(url: str, port: int) -> str:
    """Name a service by another port of this machine."""
    parts = urlsplit(url)
    return parts._replace(netloc=f"{parts.netloc.rpartition(':')[0]}:{port}").geturl()


@contextmanager
def sailing(folder: Path, database: Postgres, broker: RabbitMQ) -> Iterator[Fleet]:
    """Run an installation; whatever happened, everything of it has ended afterwards."""
    with ExitStack() as stack:
        fleet = Fleet(folder, database, broker, stack)
        stack.callback(fleet.kill)
        yield fleet
