"""An installation beside an n8n: interface, worker, database, broker, and workflows that use them."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

from src.media.probe import VideoFacts, probe_video
from src.settings import PREFIX
from tests.e2e.command import ROOT
from tests.e2e.fleet import Member
from tests.services.n8n import N8n
from tests.services.ports import free_port
from tests.services.postgres import Postgres
from tests.services.rabbitmq import RabbitMQ
from tests.waiting import eventually

#: How often a job may be taken up: once more than a test kills its worker.
MAX_ATTEMPTS = 2


class Studio:
    """What n8n talks to."""

    def __init__(self, folder: Path, database: Postgres, broker: RabbitMQ, n8n: N8n) -> None:
        self.broker, self.n8n = broker, n8n
        self._folder = folder
        self.url = f"http://127.0.0.1:{free_port()}"
        environment = {
            "DATABASE_URL": database.new_database(),
            "BROKER_URL": broker.url,
            "FETCH_ALLOW_HOSTS": n8n.url.removeprefix("http://"),
            "PUBLIC_URL": self.url,
            "API_KEYS_REQUIRED": "yes",
            "INGRESS_OWNER": "n8n",
            "LEASE_SECONDS": "4",
            "MAX_ATTEMPTS": str(MAX_ATTEMPTS),
            **{f"{name}_DIR": str(folder / name.lower()) for name in ("DATA", "CACHE", "LOG")},
        }
        self._environment = {PREFIX + name: value for name, value in environment.items()}
        self.key = self.told("keys", "create", "n8n")
        port = self.url.rpartition(":")[2]
        self.interface = Member(folder, self._environment, "serve", "--slots", "0", "--port", port)
        self.worker = Member(folder, self._environment, "worker", "--grace", "1")
        self._client = httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {self.key}"})

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

    def post(self, job: dict[str, Any]) -> None:
        """Hand a job in past n8n, as soon as somebody answers."""

        def is_kept() -> bool:
            with suppress(httpx.TransportError):
                return self._client.post("/render", json=job).status_code == 202
            return False

        eventually(is_kept)

    def hand_in(self, path: str, job: dict[str, Any]) -> str:
        """Start a workflow with a job; return the name of its execution."""
        answer = self.n8n.call(f"neuroshorts/{path}", job)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["execution_id"])

    def jobs(self, metadata: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """List the jobs, the oldest first; those of one test by what its job carries."""
        answer = self._client.get("/jobs", params={"sort": "created_at", "limit": 100})
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["jobs"]
        return [job for job in found if metadata is None or job["metadata"] == metadata]

    def calls(self, id: str) -> list[dict[str, Any]]:
        """List the calls that told a job's end."""
        answer = self._client.get(f"/jobs/{id}/callbacks")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["calls"]
        return found

    def until_rendering(self, metadata: dict[str, Any]) -> None:
        """Wait until a job's frames are painted."""

        def is_painted() -> bool:
            return any(job["status"] == "rendering" and job["progress"] > 0 for job in self.jobs(metadata))

        eventually(lambda: is_painted() and self.renders())

    def ends(self) -> Counter[str]:
        """Count how often each job ended, by the log of all processes."""
        files = sorted((self._folder / "log").glob("app.log*"))
        events = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
        return Counter(event["job_id"] for event in events if event["event"] == "job_finished")

    def renders(self) -> list[int]:
        """List the processes that render here."""
        return [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if self._renders(pid)]

    def film(self, url: str) -> VideoFacts:
        """Open a link as anybody may, and look at the film behind it."""
        answer = httpx.get(url, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "video/mp4"
        file = self._folder / "fetched.mp4"
        file.write_bytes(answer.content)
        return probe_video(file, 10**8)

    def close(self) -> None:
        """End every process."""
        self._client.close()
        for member in (self.worker, self.interface):
            member.kill()
        eventually(lambda: not self.renders())

    def _renders(self, pid: int) -> bool:
        files, work = Path(f"/proc/{pid}/fd"), str(self._folder / "cache" / "work")
        with suppress(OSError):
            is_render = b"src.worker.child" in Path(f"/proc/{pid}/cmdline").read_bytes()
            return is_render and any(os.readlink(file).startswith(work) for file in files.iterdir())
        return False


@contextmanager
def opened(folder: Path, database: Postgres, broker: RabbitMQ, n8n: N8n) -> Iterator[Studio]:
    """Run an installation for an n8n that is not started yet; every process has ended afterwards."""
    studio = Studio(folder, database, broker, n8n)
    try:
        yield studio
    finally:
        studio.close()
