"""Alerts: each says what to do, is tried in both directions, and names codes that there are."""

import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.services.prometheus import INSTALL, SHIPPED

ROOT = Path(__file__).parents[3]
OPERATIONS = ROOT / "docs" / "operations.md"
NEEDS_PROMTOOL = pytest.mark.skipif(
    not shutil.which("promtool"), reason=f"promtool is not installed. {INSTALL}"
)


def alerts() -> list[dict[str, Any]]:
    document = yaml.safe_load((SHIPPED / "rules" / "alerts.yml").read_text("utf-8"))
    return [rule for group in document["groups"] for rule in group["rules"]]


def paragraphs() -> dict[str, str]:
    """Read what stands below each heading of operations, by its anchor."""
    text = OPERATIONS.read_text("utf-8")
    parts = re.split(r"^#+ (.+)$", text, flags=re.MULTILINE)[1:]
    return {
        re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-"): told
        for title, told in zip(parts[::2], parts[1::2], strict=True)
    }


@pytest.mark.parametrize("alert", alerts(), ids=lambda a: f"{a['alert']}-{a['labels']['severity']}")
def test_every_alert_says_what_it_is_and_leads_to_what_to_do(alert: dict[str, Any]) -> None:
    assert alert["labels"]["severity"] in {"warning", "critical"}
    assert alert["annotations"]["summary"]
    assert alert["annotations"]["description"]
    assert alert["annotations"]["runbook"] == f"docs/operations.md, paragraph {alert['alert']}"
    told = paragraphs()[alert["alert"].lower()]
    for part in ("Means:", "Look at:", "Do:", "Goes away:"):
        assert f"**{part}**" in told, f"{alert['alert']}: {part}"


def test_operations_has_no_paragraph_about_an_alert_that_is_gone() -> None:
    named = {alert["alert"].lower() for alert in alerts()}
    assert {anchor for anchor in paragraphs() if anchor.startswith("neuroshorts")} == named


def test_every_alert_is_seen_to_fire_and_not_to_fire() -> None:
    seen: dict[str, set[bool]] = defaultdict(set)
    severities: set[tuple[str, str]] = set()
    for file in (SHIPPED / "tests").glob("*.yml"):
        document = yaml.safe_load(file.read_text("utf-8"))
        assert len(document["group_eval_order"]) == 2, "alerts may be tried before what they read is recorded"
        for case in document["tests"]:
            for check in case["alert_rule_test"]:
                expected = check["exp_alerts"]
                seen[check["alertname"]].add(bool(expected))
                severities |= {(check["alertname"], alert["exp_labels"]["severity"]) for alert in expected}
    assert seen == {alert["alert"]: {False, True} for alert in alerts()}
    assert severities == {(alert["alert"], alert["labels"]["severity"]) for alert in alerts()}


def codes_of(name: str) -> set[str]:
    (alert,) = (alert for alert in alerts() if alert["alert"] == name)
    (codes,) = re.findall(r'code=~"([^"]+)"', alert["expr"])
    return set(codes.split("|"))


def test_codes_that_an_alert_about_renders_looks_for_are_codes_that_jobs_fail_with() -> None:
    source = "\n".join(file.read_text("utf-8") for file in (ROOT / "src").rglob("*.py"))
    for code in codes_of("NeuroShortsRendersBreak"):
        assert f'"{code}"' in source, code


def test_an_alert_about_deliveries_knows_every_code_that_is_not_the_caller_s_own_fault() -> None:
    text = (ROOT / "docs" / "delivery.md").read_text("utf-8")
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| .* \| (?:fails at once|tried again)", text, re.MULTILINE)
    told = {code for row in rows for code in re.findall(r"`(\w+)`", row)}
    assert codes_of("NeuroShortsDeliveriesFail") == told - {"object_exists"}


@NEEDS_PROMTOOL
@pytest.mark.parametrize(
    ("command", "pattern"),
    [
        (("check", "config"), "prometheus.yml"),
        (("check", "rules", "--lint=all", "--lint-fatal"), "rules/*.yml"),
        (("test", "rules"), "tests/*.yml"),
    ],
)
def test_promtool_finds_nothing_wrong(command: tuple[str, ...], pattern: str) -> None:
    files = [str(file) for file in sorted(SHIPPED.glob(pattern))]
    done = subprocess.run(["promtool", *command, *files], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_operations_shows_how_an_alertmanager_is_attached(tmp_path: Path) -> None:
    """The block of `docs/operations.md`, as the programs of both servers check it."""
    told = OPERATIONS.read_text("utf-8")
    (routes,) = re.findall(r"^```yaml\n(route:.*?)^```", told, re.MULTILINE | re.DOTALL)
    (managers,) = re.findall(r"`(alertmanagers: \[.*\])`", told)
    (tmp_path / "alertmanager.yml").write_text(routes, "utf-8")
    (tmp_path / "prometheus.yml").write_text(f"alerting: {{ {managers} }}\n", "utf-8")
    checks = {"amtool": "alertmanager.yml", "promtool": "prometheus.yml"}
    if absent := [program for program in checks if not shutil.which(program)]:
        pytest.skip(f"{absent} missing. Debian: apt-get install prometheus prometheus-alertmanager")
    for program, file in checks.items():
        subcommand = ("check-config",) if program == "amtool" else ("check", "config")
        command = [program, *subcommand, str(tmp_path / file)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
