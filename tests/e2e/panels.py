"""Panels of the dashboards, and what a Prometheus has to show on them."""

import time

from deploy.observability.dashboards.files import DASHBOARDS
from tests.services.prometheus_api import PrometheusApi
from tests.waiting import PATIENCE_SECONDS, eventually

#: What Grafana puts in for its own variables, but for `$__rate_interval`: the time of four scrapes.
_GRAFANA = {"$__range": "5m", "$instance": ".*", "$cpu_hour_price": "0.04"}


def until_full(
    prometheus: PrometheusApi, begin: float, rate_interval: str, seconds: float = PATIENCE_SECONDS
) -> None:
    """Wait until every panel has something to show since a time."""
    given, empty = {"$__rate_interval": rate_interval, **_GRAFANA}, [""]

    def is_full() -> bool:
        empty[:] = [
            f"{dashboard.title}: {panel.title}: {query.expression}"
            for dashboard in DASHBOARDS
            for row in dashboard.rows
            for panel in row.panels
            for query in panel.queries
            if not prometheus.over(_filled(query.expression, given), begin, time.time())
        ]
        return not empty

    try:
        eventually(is_full, seconds)
    except AssertionError as late:
        raise AssertionError(f"empty: {empty}") from late


def _filled(expression: str, variables: dict[str, str]) -> str:
    for variable, value in variables.items():
        expression = expression.replace(variable, value)
    return expression
