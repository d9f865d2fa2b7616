"""Dashboards: as described, nothing on top of each other, everything explained."""

import itertools
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.observability.dashboards.document import SCHEMA_VERSION
from deploy.observability.dashboards.files import DASHBOARDS, FOLDER, files
from tests.services.missing import or_skipped
from tests.services.prometheus import SHIPPED, running

DOCUMENT = Path(__file__).parents[3] / "docs" / "metrics.md"
NAMES = sorted(files())
#: What is no metric: words of the language, and what may be written above a dashboard.
_WORDS = {"or", "and", "unless", "offset", "sum", "max", "min", "avg", "count", "by", "on", "cpu_hour_price"}
#: What others tell: libraries, Prometheus itself, the broker.
THEIRS = re.compile(r"up|ALERTS|process_\w+|rabbitmq_\w+")


def read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / name).read_text("utf-8"))
    return document


def expressions(name: str) -> list[str]:
    return [target["expr"] for panel in read(name)["panels"] for target in panel.get("targets", ())]


def metrics_in(expression: str) -> set[str]:
    """Find the names of metrics: what is no label, no function and no value."""
    bare = re.sub(r'"[^"]*"|\[[^]]*\]|\{[^}]*\}|\b(by|on|without) \([^)]*\)', "", expression)
    named = set(re.findall(r"\b([a-zA-Z_][\w:]*)\b(?!\s*\()", bare))
    return named - _WORDS


def test_the_files_are_what_the_descriptions_say() -> None:
    """Mend it with `python -m deploy.observability.dashboards`."""
    assert {file.name: file.read_text("utf-8") for file in FOLDER.glob("*.json")} == files()


@pytest.mark.parametrize("name", NAMES)
def test_no_panels_overlap_and_none_leaves_the_grid(name: str) -> None:
    places = [(panel["title"], panel["gridPos"]) for panel in read(name)["panels"]]
    taken: dict[tuple[int, int], str] = {}
    for title, place in places:
        assert place["x"] + place["w"] <= 24, title
        cells = itertools.product(
            range(place["x"], place["x"] + place["w"]), range(place["y"], place["y"] + place["h"])
        )
        for cell in cells:
            assert cell not in taken, f"{title} lies on {taken.get(cell)}"
            taken[cell] = title


@pytest.mark.parametrize("name", NAMES)
def test_every_panel_is_explained_and_asks_the_data_source_that_is_chosen(name: str) -> None:
    document = read(name)
    panels = [panel for panel in document["panels"] if panel["type"] != "row"]
    assert len({panel["id"] for panel in document["panels"]}) == len(document["panels"])
    assert document["schemaVersion"] == SCHEMA_VERSION
    assert [v["name"] for v in document["templating"]["list"] if v["type"] == "datasource"] == ["datasource"]
    for panel in panels:
        assert re.fullmatch(r"[A-Z0-9].{10,160}\.", panel["description"]), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        assert panel["fieldConfig"]["defaults"]["thresholds"]["steps"][0]["value"] is None
        assert panel["datasource"]["uid"] == "${datasource}"
        if panel["type"] in ("timeseries", "bargauge"):
            assert all(target["legendFormat"] for target in panel["targets"]), panel["title"]


def test_titles_stand_once_and_addresses_of_dashboards_differ() -> None:
    assert len({dashboard.uid for dashboard in DASHBOARDS}) == len(DASHBOARDS)
    for dashboard in DASHBOARDS:
        for row in dashboard.rows:
            assert len({panel.title for panel in row.panels}) == len(row.panels)
            assert 24 % len(row.panels) == 0, row.title


def rules(name: str) -> list[dict[str, Any]]:
    document = yaml.safe_load((SHIPPED / "rules" / name).read_text("utf-8"))
    return [rule for group in document["groups"] for rule in group["rules"]]


def test_every_metric_that_is_asked_for_is_told_and_every_record_is_read() -> None:
    told = set(re.findall(r"^\| `(neuroshorts_\w+)", DOCUMENT.read_text("utf-8"), re.MULTILINE))
    records = {rule["record"] for rule in rules("recording.yml")}
    asking = [rule["expr"] for name in ("recording.yml", "alerts.yml") for rule in rules(name)]
    asking += [expression for name in NAMES for expression in expressions(name)]
    asked = {metric for expression in asking for metric in metrics_in(expression)}
    plain = {re.sub(r"(?<=[a-z])_(bucket|sum|count)$", "", metric) for metric in asked}
    strange = {metric for metric in plain - told - records if not THEIRS.fullmatch(metric)}
    assert strange == set()
    assert records <= asked
    assert "neuroshorts_queue_depth" in asked


def test_what_is_asked_of_the_broker_is_what_is_kept_of_it() -> None:
    configuration = yaml.safe_load((SHIPPED / "prometheus.yml").read_text("utf-8"))
    job = next(job for job in configuration["scrape_configs"] if job["job_name"] == "rabbitmq")
    kept = re.compile(job["metric_relabel_configs"][0]["regex"])
    asking = [rule["expr"] for rule in rules("alerts.yml")]
    asking += [expression for name in NAMES for expression in expressions(name)]
    asked = {metric for expression in asking for metric in metrics_in(expression)}
    assert {m for m in asked if m.startswith("rabbitmq") and not kept.fullmatch(m)} == set()


@pytest.mark.skipif(sys.platform != "linux", reason="Prometheus is started on Linux only")
def test_prometheus_can_parse_every_expression() -> None:
    with or_skipped(running({})) as prometheus:
        for name in NAMES:
            for expression in expressions(name):
                # Grafana fills these in; they are no language of Prometheus.
                filled = re.sub(r"\$__(rate_interval|range)", "5m", expression)
                filled = filled.replace("$cpu_hour_price", "0.04")
                assert prometheus.formatted(filled), expression


def test_the_folder_that_is_provisioned_is_where_dashboards_are_put() -> None:
    provisioning = FOLDER.parent / "provisioning"
    provider = yaml.safe_load((provisioning / "dashboards" / "neuroshorts.yml").read_text("utf-8"))
    source = yaml.safe_load((provisioning / "datasources" / "prometheus.yml").read_text("utf-8"))
    scraped = yaml.safe_load((SHIPPED / "prometheus.yml").read_text("utf-8"))["global"]["scrape_interval"]
    assert provider["providers"][0]["options"]["path"] == "/var/lib/grafana/dashboards"
    assert source["datasources"][0]["jsonData"]["timeInterval"] == scraped
