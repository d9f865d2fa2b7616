"""An installation beside an n8n: interface, worker, database, broker, and workflows that use them."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from src.settings import PREFIX
from tests.e2e.command import ROOT
from tests.e2e.customer import Customer
from tests.e2e.fleet import Member
from tests.e2e.renders import is_render, processes
from tests.services.n8n import N8n
from tests.services.ports import free_port
from tests.services.postgres import Postgres
from tests.services.rabbitmq import RabbitMQ
from tests.waiting import eventually

#: How often a job may be taken up: once more than a test kills its worker.
MAX_ATTEMPTS = 2


class Studio(Customer):
    """What n8n talks to."""

    n8n: N8n

    def __init__(self, folder: Path, database: Postgres, broker: RabbitMQ, n8n: N8n) -> None:
        self.broker = broker
        self._folder = folder
        url = f"http://127.0.0.1:{free_port()}"
        environment = {
            "DATABASE_URL": database.new_database(),
            "BROKER_URL": broker.url,
            "FETCH_ALLOW_HOSTS": n8n.url.removeprefix("http://"),
            "PUBLIC_URL": url,
            "API_KEYS_REQUIRED": "yes",
            "INGRESS_OWNER": "n8n",
            "LEASE_SECONDS": "4",
            "MAX_ATTEMPTS": str(MAX_ATTEMPTS),
            **{f"{name}_DIR": str(folder / name.lower()) for name in ("DATA", "CACHE", "LOG")},
        }
        self._environment = {PREFIX + name: value for name, value in environment.items()}
        super().__init__(url, self.told("keys", "create", "n8n"), n8n, folder)
        port = url.rpartition(":")[2]
        self.interface = Member(folder, self._environment, "serve", "--slots", "0", "--port", port)
        self.worker = Member(folder, self._environment, "worker", "--grace", "1")

    def settings_of_n8n(self) -> dict[str, str]:
        """Tell the workflows where everything is, as an operator does."""
        return {
            "NEUROSHORTS_API_URL": self.url,
            "NEUROSHORTS_API_KEY": self.key,
            "NEUROSHORTS_BROKER_URL": self.broker.url,
        }

    def told(self, *command: str) -> str:
        """Run our command here; return what it told."""
        done = subprocess.run(
            [sys.executable, "-m", "src.main", *command],
            cwd=self._folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **self._environment},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def until_rendering(self, metadata: dict[str, Any]) -> None:
        """Wait until a job's frames are painted."""

        def is_painted() -> bool:
            return any(job["status"] == "rendering" and job["progress"] > 0 for job in self.jobs(metadata))

        eventually(lambda: is_painted() and self.renders())

    def ends(self) -> Counter[str]:
        """Count how often each job ended, by the log of all processes."""
        files = sorted((self._folder / "log").glob("app.log*"))
        # The last line of a file may be half of one.
        events = [json.loads(line) for file in files for line in file.read_text("utf-8").split("\n")[:-1]]
        return Counter(event["job_id"] for event in events if event["event"] == "job_finished")

    def renders(self) -> list[int]:
        """List the processes that render here."""
        return [pid for pid in processes() if is_render(pid, self._folder / "cache" / "work")]

    def close(self) -> None:
        """End every process."""
        super().close()
        for member in (self.worker, self.interface):
            member.kill()
        eventually(lambda: not self.renders())


@contextmanager
def opened(folder: Path, database: Postgres, broker: RabbitMQ, n8n: N8n) -> Iterator[Studio]:
    """Run an installation for an n8n that is not started yet; every process has ended afterwards."""
    studio = Studio(folder, database, broker, n8n)
    try:
        yield studio
    finally:
        studio.close()
