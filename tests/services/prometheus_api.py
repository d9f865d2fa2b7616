"""What can be asked of a Prometheus, wherever it runs."""

import json
import math
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from typing import Any, NamedTuple


class Series(NamedTuple):
    """Numbers of one thing over time."""

    labels: Mapping[str, str]
    values: tuple[float, ...]


class PrometheusApi:
    """Somebody who asks one Prometheus."""

    def __init__(self, url: str) -> None:
        self.url = url

    def is_ready(self) -> bool:
        """Tell whether it answers questions."""
        try:
            urllib.request.urlopen(f"{self.url}/-/ready", timeout=5).close()
        except urllib.error.HTTPError as busy:
            busy.close()
            return False
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
        return True

    def targets(self) -> dict[str, list[str]]:
        """List how everybody is who is scraped, by the names of their jobs."""
        found: dict[str, list[str]] = {}
        for target in self._asked("targets?state=active")["activeTargets"]:
            found.setdefault(target["labels"]["job"], []).append(target["health"])
        return found

    def rules(self) -> list[tuple[str, str]]:
        """List every rule by its name, with how it is."""
        groups = self._asked("rules")["groups"]
        return [(rule["name"], rule["health"]) for group in groups for rule in group["rules"]]

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
        body = urllib.parse.urlencode(parameters).encode() or None
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1/{what}", body, timeout=60) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            with error:
                raise AssertionError(f"{parameters}: {error.read().decode()}") from error
