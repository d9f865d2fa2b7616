"""Metrics: named as Prometheus wishes, right, and cheap to ask for."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families

from src import metrics as module
from src.metrics import Metrics, Work
from src.models.status import JobError, SegmentCache, State
from src.store.jobs.census import Census
from tests.unit.store.jobs.results import RESULT

CENSUS = Census({state.value: 0 for state in State} | {"queued": 3}, 12.5, {"waiting": 2, "delivered": 0})
DOCUMENT = Path(__file__).parents[2] / "docs" / "metrics.md"


def samples(metrics: Metrics) -> dict[tuple[str, tuple[str, ...]], float]:
    """Read all samples by name and the values of their labels, those in the order of their names."""
    families = text_string_to_metric_families(metrics.text().decode())
    return {
        (s.name, tuple(v for _, v in sorted(s.labels.items()))): s.value
        for family in families
        for s in family.samples
    }


@pytest.fixture
def busy() -> Metrics:
    """Have one of everything counted."""
    metrics = Metrics(lambda: CENSUS)
    result = RESULT.model_copy(
        update={
            "duration": 20.0,
            "bytes_fetched": 1000,
            "cache": SegmentCache(segments_hit=2, segments_rendered=3, segments_total=6),
        }
    )
    metrics.job_ended(State.DONE)
    metrics.work_ended(Work({"rendering": 4.0, "mixing": 1.0}, 5.0, 300 * 1024**2), result)
    metrics.job_ended(State.FAILED, JobError(code="missing_file", message="no such file"))
    metrics.work_ended(Work({"fetching": 0.1}, 0.1, 0), None)
    metrics.webhook_attempted("delivered")
    metrics.request_answered("GET", "/jobs/{id}", 200, 0.003)
    return metrics


def test_what_happens_is_counted(busy: Metrics) -> None:
    told = samples(busy)
    assert told["neuroshorts_jobs", ("queued",)] == told["neuroshorts_queue_depth", ()] == 3
    assert told["neuroshorts_oldest_queued_job_age_seconds", ()] == 12.5
    assert told["neuroshorts_webhooks", ("waiting",)] == 2
    assert told["neuroshorts_jobs_ended_total", ("", "done")] == 1
    assert told["neuroshorts_jobs_ended_total", ("missing_file", "failed")] == 1
    assert told["neuroshorts_stage_seconds_sum", ("rendering",)] == 4
    assert told["neuroshorts_stage_seconds_count", ("fetching",)] == 1
    assert told["neuroshorts_render_realtime_factor_sum", ()] == 0.25
    assert told["neuroshorts_segments_total", ("cache",)] == 2
    assert told["neuroshorts_segments_total", ("rendered",)] == 3
    assert told["neuroshorts_fetch_bytes_total", ()] == 1000
    assert told["neuroshorts_webhook_attempts_total", ("delivered",)] == 1
    assert told["neuroshorts_render_memory_bytes_sum", ()] == 300 * 1024**2
    assert told["neuroshorts_render_memory_bytes_count", ()] == 1
    assert told["process_resident_memory_bytes", ()] > 1024**2


def test_names_follow_the_conventions_and_stand_once(busy: Metrics) -> None:
    text = busy.text().decode()
    named = re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE)
    assert len({name for name, _ in named}) == len(named)
    for name, kind in named:
        assert (kind == "counter") == name.endswith("_total"), name
        if kind == "histogram":
            assert name.endswith(("_seconds", "_bytes", "_factor")), name


def test_every_metric_of_ours_is_documented(busy: Metrics) -> None:
    named = set(re.findall(r"^# TYPE (neuroshorts_\S+) ", busy.text().decode(), re.MULTILINE))
    # What the client library adds to each counter and histogram: when it began.
    named = {name for name in named if not name.endswith("_created")}
    assert named == set(re.findall(r"^\| `(neuroshorts_\w+)", DOCUMENT.read_text("utf-8"), re.MULTILINE))


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed (Debian: prometheus)")
def test_promtool_finds_nothing_wrong(busy: Metrics) -> None:
    checked = subprocess.run(["promtool", "check", "metrics"], input=busy.text(), capture_output=True)
    assert (checked.returncode, checked.stderr.decode()) == (0, "")


def test_the_store_is_counted_once_a_second_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = list[None]()

    def census() -> Census:
        taken.append(None)
        return CENSUS

    metrics = Metrics(census)
    assert taken == []
    metrics.text()
    metrics.text()
    assert len(taken) == 1
    monkeypatch.setattr(module, "CENSUS_SECONDS", 0)
    metrics.text()
    assert len(taken) == 2


def test_a_store_that_is_away_is_told_beside_everything_else() -> None:
    def away() -> Census:
        raise sa.exc.OperationalError("select", {}, Exception("gone"))

    metrics = Metrics(away)
    metrics.job_ended(State.CANCELLED)
    told = samples(metrics)
    assert told["neuroshorts_store_up", ()] == 0
    assert told["neuroshorts_jobs_ended_total", ("", "cancelled")] == 1
    assert ("neuroshorts_queue_depth", ()) not in told


def test_two_processes_worth_of_metrics_do_not_meet() -> None:
    one, other = Metrics(), Metrics()
    one.webhook_attempted("failed")
    assert ("neuroshorts_webhook_attempts_total", ("failed",)) not in samples(other)
