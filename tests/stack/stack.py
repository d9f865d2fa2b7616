"""The stack of docker-compose.yml as an operator has it: a checkout, its `.env`, and containers."""

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

from deploy.make_env import SECRETS
from tests.e2e.command import ROOT
from tests.e2e.customer import Customer
from tests.services.n8n_api import N8nApi
from tests.services.ports import free_port
from tests.services.prometheus_api import PrometheusApi
from tests.stack.container import Container
from tests.stack.engine import Engine
from tests.waiting import eventually

#: Who listens on this machine, by the setting that says where.
_PUBLISHED = {"API": "PUBLIC_URL", "N8N": "N8N_PUBLIC_URL", "S3": "S3_PUBLIC_URL", "PROMETHEUS": ""}
#: All but Grafana, whose image is not to be had without a registry.
_OBSERVERS = ("prometheus",)


class Stack(Customer):
    """All containers, and what their operator and their customers do with them."""

    def __init__(self, engine: Engine, checkout: Path, folder: Path) -> None:
        self._engine, self._checkout = engine, checkout
        self.settings = _settings(checkout / ".env")
        urls = {name: f"http://{self.settings[f'{name}_LISTEN']}" for name in _PUBLISHED}
        self.prometheus = PrometheusApi(urls["PROMETHEUS"])
        self.s3_url = urls["S3"]
        super().__init__(urls["API"], self.settings["API_KEY"], N8nApi(urls["N8N"]), folder)

    def start(self) -> None:
        """Start everything that is there by default."""
        try:
            self.compose("up", "--detach", "--wait")
        except AssertionError as failed:
            raise AssertionError(self.last_words()) from failed

    def observe(self) -> None:
        """Start what looks at the others."""
        self.compose("--profile", "observability", "up", "--detach", "--wait", *_OBSERVERS)
        eventually(self.prometheus.is_ready)

    def scale(self, workers: int) -> None:
        """Have as many workers."""
        self.compose("up", "--detach", "--wait", "--no-recreate", "--scale", f"worker={workers}", "worker")

    def compose(self, *command: str) -> str:
        """Give a command about the whole stack; return what it told."""
        return self._engine.docker("compose", *command, folder=self._checkout)

    def docker(self, *command: str) -> str:
        """Give any command; return what it told."""
        return self._engine.docker(*command)

    def containers(self, service: str) -> list[Container]:
        """List the containers of a service, those that ended included."""
        ids = self.compose("--profile", "*", "ps", "--all", "--quiet", service).split()
        return [Container(self._engine, id) for id in ids]

    def container(self, service: str) -> Container:
        """Give the one container of a service."""
        (found,) = self.containers(service)
        return found

    def states(self) -> dict[str, str]:
        """Tell how each service is."""
        lines = self.compose("ps", "--all", "--format", "json").splitlines()
        rows = [json.loads(line) for line in lines]
        return {row["Service"]: _state(row) for row in rows}

    def workers(self) -> list[Container]:
        """List the workers."""
        return self.containers("worker")

    def busy_workers(self) -> list[Container]:
        """List the workers that render now."""
        return [worker for worker in self.workers() if worker.renders()]

    def until_rendering(self, metadata: dict[str, Any]) -> Container:
        """Wait until a job's frames are painted; give the worker that does it."""

        def is_painted() -> bool:
            return any(job["status"] == "rendering" and job["progress"] > 0 for job in self.jobs(metadata))

        (worker,) = eventually(lambda: self.busy_workers() if is_painted() else None)
        return worker

    def ends(self) -> Counter[str]:
        """Count how often each job ended, by the logs of the workers."""
        lines = self.compose("logs", "--no-log-prefix", "--no-color", "worker").splitlines()
        # Compose writes for a terminal: codes may stand before what was logged.
        events = [json.loads(line[line.index("{") :]) for line in lines if "{" in line]
        return Counter(event["job_id"] for event in events if event["event"] == "job_finished")

    def last_words(self) -> str:
        """Tell what every service said last."""
        return self.compose("--profile", "*", "logs", "--no-color", "--tail", "30")

    def end(self) -> None:
        """End everything, its volumes included."""
        self.close()
        self.n8n.close()
        self.compose("--profile", "*", "down", "--volumes", "--timeout", "5")


def check_out(folder: Path) -> Path:
    """Make a clean checkout of what is committed, with secrets and ports of its own."""
    checkout = folder / "checkout"
    for command in (["git", "clone", "--quiet", str(ROOT), str(checkout)], ["make", "--silent", "env"]):
        subprocess.run(command, cwd=checkout if checkout.exists() else folder, check=True, timeout=120)
    with (checkout / ".env").open("a", encoding="utf-8") as env:
        for name, public in _PUBLISHED.items():
            address = f"127.0.0.1:{free_port()}"
            env.write(f"{name}_LISTEN={address}\n" + (f"{public}=http://{address}\n" if public else ""))
    return checkout


def _settings(env: Path) -> dict[str, str]:
    """Read what is set; every secret is there, and each is for its owner alone."""
    assert env.stat().st_mode & 0o077 == 0
    settings = dict(line.split("=", 1) for line in env.read_text("utf-8").splitlines())
    assert set(SECRETS) <= set(settings)
    return settings


def _state(row: dict[str, Any]) -> str:
    return row["Health"] or (f"exited {row['ExitCode']}" if row["State"] == "exited" else str(row["State"]))
