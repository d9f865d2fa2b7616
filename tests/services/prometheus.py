"""A Prometheus of the tests' own, with the configuration that comes with the service; gone afterwards."""

import json
import math
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.services.missing import Missing
from tests.services.ports import free_port
from tests.waiting import eventually

#: What comes with the service.
SHIPPED = Path(__file__).parents[2] / "deploy" / "observability" / "prometheus"
INSTALL = "Debian: apt-get install prometheus"
_PROGRAM = "prometheus"


class Series(NamedTuple):
    """Numbers of one thing over time."""

    labels: Mapping[str, str]
    values: tuple[float, ...]


class Prometheus:
    """A server that scrapes each second."""

    def __init__(self, folder: Path, targets: Mapping[str, str]) -> None:
        self.port = free_port()
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

    def formatted(self, expression: str) -> str:
        """Parse an expression and write it as Prometheus would."""
        return str(self._asked("format_query", query=expression))

    def over(self, expression: str, begin: float, end: float) -> list[Series]:
        """Ask for each second of a time; what is no number is left out."""
        result = self._asked("query_range", query=expression, start=begin, end=end, step=1)["result"]
        read = [Series(row["metric"], tuple(float(value) for _, value in row["values"])) for row in result]
        finite = [Series(s.labels, tuple(v for v in s.values if math.isfinite(v))) for s in read]
        return [series for series in finite if series.values]

    def last(self, expression: str) -> dict[tuple[str, ...], float]:
        """Ask for now; by the values of the labels, those in the order of their names."""
        result = self._asked("query", query=expression)["result"]
        return {
            tuple(value for _, value in sorted(row["metric"].items())): float(row["value"][1])
            for row in result
        }

    def _asked(self, what: str, **parameters: Any) -> Any:
        body = urllib.parse.urlencode(parameters).encode()
        try:
            with urllib.request.urlopen(self._url(f"api/v1/{what}"), body, timeout=20) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            with error:
                raise AssertionError(f"{parameters}: {error.read().decode()}") from error

    def _answers(self) -> bool:
        assert self._process.poll() is None, (self._folder / "log").read_text()[-3000:]
        try:
            urllib.request.urlopen(self._url("-/ready"), timeout=5).close()
        except urllib.error.HTTPError as busy:
            busy.close()
            return False
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
        return True

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"


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
