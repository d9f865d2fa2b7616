"""A Prometheus of the tests' own, with the configuration that comes with the service; gone afterwards."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.services.missing import Missing
from tests.services.ports import free_port
from tests.services.prometheus_api import PrometheusApi
from tests.waiting import eventually

#: What comes with the service.
SHIPPED = Path(__file__).parents[2] / "deploy" / "observability" / "prometheus"
INSTALL = "Debian: apt-get install prometheus"
_PROGRAM = "prometheus"


class Prometheus(PrometheusApi):
    """A server that scrapes each second."""

    def __init__(self, folder: Path, targets: Mapping[str, str]) -> None:
        self.port = free_port()
        super().__init__(f"http://127.0.0.1:{self.port}")
        self._folder = folder
        configuration = _configuration({**targets, "prometheus": f"127.0.0.1:{self.port}"})
        (folder / "prometheus.yml").write_text(yaml.safe_dump(configuration))

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = {
            "config.file": self._folder / "prometheus.yml",
            "storage.tsdb.path": self._folder / "data",
            "web.listen-address": f"127.0.0.1:{self.port}",
        }
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [_PROGRAM, *(f"--{name}={value}" for name, value in options.items())], stdout=log, stderr=log
            )
        eventually(self._answers)

    def end(self) -> None:
        """Kill it."""
        self._process.kill()
        self._process.wait()

    def _answers(self) -> bool:
        assert self._process.poll() is None, (self._folder / "log").read_text()[-3000:]
        return self.is_ready()


def _configuration(targets: Mapping[str, str]) -> dict[str, Any]:
    """Take the configuration as it is, but for where everybody is and how often they are asked."""
    configuration: dict[str, Any] = yaml.safe_load((SHIPPED / "prometheus.yml").read_text())
    configuration["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    configuration["rule_files"] = [str(SHIPPED / name) for name in configuration["rule_files"]]
    jobs = [job for job in configuration["scrape_configs"] if job["job_name"] in targets]
    for job in jobs:
        job.pop("dns_sd_configs", None)
        job["static_configs"] = [{"targets": [targets[job["job_name"]]]}]
    return {**configuration, "scrape_configs": jobs}


@contextmanager
def running(targets: Mapping[str, str]) -> Iterator[Prometheus]:
    """Start a server that scrapes addresses by the names of their jobs, and end it.

    Raises:
        Missing: none is installed.
    """
    if not shutil.which(_PROGRAM):
        raise Missing(f"Prometheus is missing. {INSTALL}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ns-prometheus-")))
        server = Prometheus(folder, targets)
        server.start()
        stack.callback(server.end)
        yield server
