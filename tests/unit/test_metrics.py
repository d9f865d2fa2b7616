"""Metrics: named as Prometheus wishes, right, and cheap to ask for."""

import re
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families

from src import metrics as module
from src.metrics import Metrics, Work
from src.models.status import JobError, SegmentCache, State
from src.pipeline.stages import STAGE_SHARES
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
    metrics = Metrics(lambda: CENSUS, {"data": Path("/")})
    metrics.slots_opened(2)
    result = RESULT.model_copy(
        update={
            "duration": 20.0,
            "cpu_seconds": 8.0,
            "size_bytes": 5_000_000,
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
    assert told["neuroshorts_worker_slots", ()] == 2
    assert told["neuroshorts_render_cpu_seconds_total", ()] == 8
    assert told["neuroshorts_film_seconds_total", ()] == 20
    assert told["neuroshorts_film_bytes_total", ()] == 5_000_000
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


def test_a_slot_is_busy_as_long_as_it_works_also_when_that_breaks() -> None:
    metrics = Metrics()
    with suppress(ZeroDivisionError), metrics.slot_busy():
        assert samples(metrics)["neuroshorts_worker_slots_busy", ()] == 1
        raise ZeroDivisionError
    assert samples(metrics)["neuroshorts_worker_slots_busy", ()] == 0


def test_disks_are_told_by_folder_and_a_folder_that_is_gone_is_left_out(tmp_path: Path) -> None:
    told = samples(Metrics(folders={"data": tmp_path, "cache": tmp_path / "gone"}))
    disk = shutil.disk_usage(tmp_path)
    assert told["neuroshorts_disk_size_bytes", ("data",)] == disk.total
    assert 0 < told["neuroshorts_disk_free_bytes", ("data",)] <= disk.total
    assert ("neuroshorts_disk_free_bytes", ("cache",)) not in told


def test_what_may_happen_begins_at_0_so_that_its_first_time_is_growth() -> None:
    told = samples(Metrics())
    for outcome in ("delivered", "again", "given_up"):
        assert told["neuroshorts_webhook_attempts_total", (outcome,)] == 0
    for stage in STAGE_SHARES:
        assert told["neuroshorts_stage_seconds_count", (stage,)] == 0
    for state in ("done", "cancelled"):
        assert told["neuroshorts_jobs_ended_total", ("", state)] == 0


def test_two_processes_worth_of_metrics_do_not_meet() -> None:
    one, other = Metrics(), Metrics()
    one.webhook_attempted("delivered")
    assert samples(other)["neuroshorts_webhook_attempts_total", ("delivered",)] == 0
