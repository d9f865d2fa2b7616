"""Workers that render real jobs of a real database, and what becomes of the jobs when they are killed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from src.cli.jobstore import equip
from src.metrics import Metrics
from src.models.status import JobStatus, State
from src.settings import PREFIX, Settings
from src.store.jobs.database import database_url, open_database
from src.store.jobs.desk import JobDesk
from src.store.jobs.queue import JobQueue
from src.store.jobs.submission import Submission
from src.worker.process import RENDER_COMMAND
from src.worker.supervisor import Supervisor
from tests.conftest import LoggedErrors
from tests.e2e.command import ROOT
from tests.services.postgres import Postgres
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills process groups and reads /proc")

TINY = {"width": 64, "height": 112, "fps": 10, "sidecars": ["srt"]}
LARGER = {"width": 360, "height": 640, "fps": 30}
SHORT: dict[str, Any] = {"id": "row:1", "output": TINY, "scenes": [{"text": "Hello", "pad_end": 0}]}
#: Its segments are finished one after the other, for some seconds.
LONG: dict[str, Any] = {
    "id": "long",
    "output": LARGER,
    "scenes": [
        {"duration": 4, "visuals": [{"type": "procedural", "family": name}], "transition": {"type": "none"}}
        for name in ("aurora", "rain", "dunes", "voronoi", "flow")
    ],
}
#: Seconds within which a cancelled render is gone, on a machine that is busy with much else: far below those
#: that whatever it waited for would have taken.
AT_ONCE_SECONDS = 20.0
#: Stands for a render that never ends.
ENDLESS = (sys.executable, "-c", "import time; time.sleep(600)")


class House:
    """A folder with a database, films and a cache, and whoever works in it."""

    def __init__(self, folder: Path, **more: Any) -> None:
        folders = {name: folder / name for name in ("data_dir", "cache_dir", "log_dir")}
        self.settings = Settings(**{**folders, "lease_seconds": 2, "workers": 1, **more})
        self.engine = open_database(database_url(self.settings))
        self.desk = JobDesk(self.engine, self.settings.max_queued_jobs)

    def submit(self, job: dict[str, Any]) -> str:
        return self.desk.submit(Submission(json.dumps(job).encode())).status.id

    def supervisor(self, metrics: Metrics | None = None, **more: Any) -> Supervisor:
        slots: int = more.get("slots", 1)
        return Supervisor(equip(self.engine, self.settings, slots, metrics or Metrics()), **more)

    @contextmanager
    def working(self, **more: Any) -> Iterator[Supervisor]:
        """Work in this process until the block ends."""
        supervisor = self.supervisor(**more)
        supervisor.start()
        try:
            yield supervisor
        finally:
            supervisor.end_now()
            supervisor.stop()

    @contextmanager
    def worker(self, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
        """Start the command as a process of its own; it is killed when the block ends."""
        names = ("data_dir", "cache_dir", "log_dir", "lease_seconds", "workers", "max_render_seconds")
        own = {PREFIX + name.upper(): str(getattr(self.settings, name)) for name in names}
        process = subprocess.Popen(
            [sys.executable, "-m", "src.main", "worker", *arguments],
            cwd=self.settings.data_dir,
            env={**os.environ, **own, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def ended(self, id: str) -> JobStatus:
        """Wait until a job has ended."""
        eventually(lambda: self.desk.status(id).finished_at)
        return self.desk.status(id)

    def until(self, id: str, state: State, seconds: float = 60.0) -> JobStatus:
        eventually(lambda: self.desk.status(id).status is state, seconds)
        return self.desk.status(id)

    def segments(self) -> int:
        folder = self.settings.cache_dir / "entries" / "segment"
        return sum(file.is_file() for file in folder.rglob("*"))

    def renders(self) -> list[int]:
        """List the processes that render in this house."""
        work = str(self.settings.cache_dir / "work")
        return [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if works_in(pid, work)]

    def files(self) -> set[str]:
        """List films and work in progress."""
        folders = (self.settings.data_dir / "jobs", self.settings.cache_dir / "work")
        return {file.name for folder in folders for file in folder.rglob("*")}

    def events(self, name: str) -> list[dict[str, Any]]:
        """Read events of one name from the log file of worker processes."""
        lines = (self.settings.log_dir / "app.log").read_text(encoding="utf-8").splitlines()
        return [event for event in map(json.loads, lines) if event["event"] == name]


def works_in(pid: int, folder: str) -> bool:
    """Tell whether a process renders with files open below a folder."""
    files = f"/proc/{pid}/fd"
    try:
        is_render = "src.worker.child" in Path(f"/proc/{pid}/cmdline").read_text()
        return is_render and any(
            os.readlink(f"{files}/{name}").startswith(folder) for name in os.listdir(files)
        )
    except OSError:
        return False


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    yield built
    built.engine.dispose()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Render the long job where nothing happens; return the film's digest."""
    calm = House(tmp_path_factory.mktemp("calm"))
    with calm.working():
        result = calm.ended(calm.submit(LONG)).result
    calm.engine.dispose()
    assert result
    return result.sha256


def test_a_job_is_rendered_to_its_folder(house: House) -> None:
    id = house.submit(SHORT)
    with house.working():
        status = house.ended(id)
    assert (status.status, status.attempts, status.error) == (State.DONE, 1, None)
    assert status.result
    folder = house.settings.data_dir / "jobs" / id
    assert status.result.url == str(folder / "row_1.mp4")
    assert {file.name for file in folder.iterdir()} == {"row_1.mp4", "row_1.jpg", "row_1.srt"}
    assert house.files() == {id, "row_1.mp4", "row_1.jpg", "row_1.srt"}


def test_a_wrong_job_fails_with_its_path(house: House) -> None:
    id = house.submit({"scenes": [{"visuals": [{"type": "image", "src": "/etc/passwd"}]}]})
    with house.working():
        status = house.ended(id)
    assert status.status is State.FAILED
    assert status.error
    assert (status.error.code, status.error.path) == ("forbidden_path", "scenes[0].visuals[0].src")
    assert house.files() == set()


def test_an_accepted_job_wakes_an_idle_worker(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("src.worker.reach.PAUSE_SECONDS", 600)
    with house.working() as supervisor:
        first = house.submit(SHORT)
        supervisor.wake()
        assert house.ended(first).status is State.DONE
        second = house.submit(SHORT)
        supervisor.wake()
        assert house.ended(second).status is State.DONE


def test_a_job_cancelled_while_it_is_rendered_is_gone_at_once(house: House) -> None:
    id = house.submit(LONG)
    with house.working():
        eventually(lambda: house.renders() and house.segments())
        house.desk.cancel(id)
        status = house.until(id, State.CANCELLED, AT_ONCE_SECONDS)
        assert house.renders() == []
        assert house.files() == set()
    assert status.result is None


def test_a_job_cancelled_while_it_waits_is_never_taken_up(house: House) -> None:
    ids = [house.submit(SHORT) for _ in range(2)]
    house.desk.cancel(ids[0])
    with house.working():
        house.ended(ids[1])
    assert house.desk.status(ids[0]).attempts == 0


def test_a_render_that_takes_too_long_fails(tmp_path: Path) -> None:
    house = House(tmp_path, max_render_seconds=3)
    id = house.submit({**LONG, "output": {**LARGER, "width": 1080, "height": 1920}})
    with house.working():
        status = house.ended(id)
    house.engine.dispose()
    assert status.error
    assert status.error.code == "time_limit"
    assert "NEUROSHORTS_MAX_RENDER_SECONDS" in status.error.message
    assert house.files() == set()


def test_a_render_that_takes_too_much_memory_fails(tmp_path: Path) -> None:
    house = House(tmp_path, max_render_memory_bytes=256 * 1024**2, workers=4)
    id = house.submit({**LONG, "output": {**LARGER, "width": 2160, "height": 3840, "quality": "high"}})
    with house.working():
        status = house.ended(id)
    house.engine.dispose()
    assert status.error
    assert status.error.code == "memory_limit"
    assert "NEUROSHORTS_MAX_RENDER_MEMORY_BYTES" in status.error.message
    assert house.files() == set()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_render_that_is_ended_is_resumed_to_the_same_film(
    house: House, undisturbed: str, number: signal.Signals
) -> None:
    id = house.submit(LONG)
    with house.working():
        eventually(house.segments)
        for pid in house.renders():
            os.kill(pid, number)
        status = house.ended(id)
    assert (status.status, status.attempts) == (State.DONE, 2)
    assert status.result
    assert status.result.cache.segments_hit >= 1
    assert status.result.sha256 == undisturbed


def test_a_database_that_is_away_for_a_while_ends_neither_worker_nor_job(
    postgres: Postgres, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = postgres.new_database()
    house = House(tmp_path, database_url=server, lease_seconds=30)
    name = sa.make_url(server).database
    with house.working():
        id = house.submit(LONG)
        eventually(house.segments)
        postgres.administer(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        postgres.administer(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        )
        eventually(lambda: not house.renders())
        postgres.administer(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        status = house.ended(id)
        assert house.ended(house.submit(SHORT)).status is State.DONE
    house.engine.dispose()
    assert (status.status, status.attempts) == (State.DONE, 1)
    assert [record.getMessage() for record in caplog.records if "database" in record.getMessage()] == [
        "database_away"
    ]


def test_a_job_whose_renders_always_die_fails(house: House) -> None:
    id = house.submit(SHORT)
    with house.working(command=[sys.executable, "-c", "import os; os.abort()"]):
        status = house.ended(id)
    assert (status.status, status.attempts) == (State.FAILED, 3)
    assert status.error
    assert status.error.code == "worker_lost"
    assert "its process was ended by SIGABRT" in status.error.message


def test_a_killed_workers_job_is_finished_by_another_and_delivered_once(
    house: House, undisturbed: str
) -> None:
    id = house.submit(LONG)
    with house.worker() as first:
        eventually(house.segments)
        first.kill()
        first.wait()
        eventually(lambda: not house.renders())
        assert house.desk.status(id).status is State.RENDERING
    with house.worker():
        status = house.ended(id)
    assert (status.status, status.attempts) == (State.DONE, 2)
    assert status.result
    assert status.result.cache.segments_hit >= 1
    assert status.result.sha256 == undisturbed
    assert [(event["status"], event["job_id"]) for event in house.events("job_finished")] == [("done", id)]
    assert house.files() == {id, "long.mp4", "long.jpg"}


def test_a_worker_that_is_stopped_hands_back_what_its_grace_is_too_short_for(house: House) -> None:
    id = house.submit(LONG)
    with house.worker("--grace", "0.1") as worker:
        eventually(house.segments)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0
    status = house.desk.status(id)
    assert (status.status, status.stage, status.progress) == (State.QUEUED, "", 0.0)
    assert house.renders() == []
    assert house.files() == set()
    assert [event["reason"] for event in house.events("job_handed_back")] == ["the worker was stopped"]
    assert len(house.events("worker_stopped")) == 1


def test_a_worker_that_is_stopped_finishes_what_its_grace_is_long_enough_for(house: House) -> None:
    first, second = house.submit(SHORT), house.submit(SHORT)
    with house.worker("--grace", "60") as worker:
        eventually(house.renders)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
    assert house.desk.status(first).status is State.DONE
    assert house.desk.status(second).status is State.QUEUED


def test_a_second_signal_ends_a_worker_at_once(house: House) -> None:
    id = house.submit(LONG)
    with house.worker("--grace", "600") as worker:
        eventually(house.renders)
        worker.send_signal(signal.SIGTERM)
        # The first signal has been heard when no other job is taken up; the second may not overtake it.
        eventually(lambda: not pending(worker.pid))
        worker.send_signal(signal.SIGINT)
        assert worker.wait(30) == 0
    assert house.desk.status(id).status is State.QUEUED
    assert house.renders() == []


def pending(pid: int) -> bool:
    """Tell whether a signal waits to be delivered to a process. Source: proc(5), ShdPnd."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return any(int(line.split()[1], 16) for line in lines if line.startswith(("SigPnd", "ShdPnd")))


def test_two_workers_render_each_of_twelve_jobs_once(house: House) -> None:
    jobs = [
        {**SHORT, "id": f"row-{n}", "scenes": [{"text": "", "duration": 0.5 + n / 10}]} for n in range(12)
    ]
    ids = [house.submit(job) for job in jobs]
    with house.worker(), house.worker("--slots", "2"):
        statuses = [house.ended(id) for id in ids]
    assert {status.status for status in statuses} == {State.DONE}
    assert {status.attempts for status in statuses} == {1}
    assert sorted(event["job_id"] for event in house.events("job_finished")) == sorted(ids)
    workers = {event["worker"].rsplit("-", 1)[0] for event in house.events("job_claimed")}
    assert len(workers) == 2


def test_a_claim_that_is_lost_ends_its_render_and_leaves_the_new_one_alone(house: House) -> None:
    id = house.submit(LONG)
    with house.working(command=ENDLESS):
        house.until(id, State.FETCHING)
        taker = JobQueue(house.engine, -1, 3)
        with house.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE job SET claim = 'another'")
        kept = house.settings.data_dir / "jobs" / id / "long.mp4"
        kept.parent.mkdir(parents=True)
        kept.write_bytes(b"the other worker's film")
        eventually(lambda: not descendants_named(ENDLESS[-1]))
        assert kept.exists()
        assert taker.reclaim() == ()


def test_a_cancelled_job_of_a_lost_worker_leaves_nothing(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    id = house.submit(SHORT)
    assert JobQueue(house.engine, -1, 3).claim("a worker that is gone")
    house.desk.cancel(id)
    left = house.settings.data_dir / "jobs" / id / "row_1.mp4"
    left.parent.mkdir(parents=True)
    left.touch()
    with caplog.at_level("INFO"), house.working():
        assert house.ended(id).status is State.CANCELLED
        eventually(lambda: not house.files())
        closing = eventually(lambda: [r for r in caplog.records if r.getMessage() == "job_finished"])
    assert [vars(record)["status"] for record in closing] == ["cancelled"]


def test_a_render_that_cannot_be_started_costs_an_attempt_and_not_the_worker(
    tmp_path: Path, logged_errors: LoggedErrors
) -> None:
    logged_errors.expect()
    house = House(tmp_path, max_attempts=1)
    id = house.submit(SHORT)
    with house.working(command=["/nowhere/python"]):
        error = house.ended(id).error
    house.engine.dispose()
    assert error
    assert (error.code, error.retryable) == ("worker_lost", True)
    assert "slot_broke" in {record.getMessage() for record in logged_errors.records}


def descendants_named(text: str) -> list[int]:
    """List processes whose command line holds a text."""
    found = []
    for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
        try:
            is_it = text in Path(f"/proc/{pid}/cmdline").read_text()
            found += [pid] if is_it and os.getsid(pid) == pid else []
        except OSError:
            continue
    return found


def test_films_of_forgotten_jobs_go_with_them(house: House) -> None:
    id = house.submit(SHORT)
    with house.working():
        house.ended(id)
    with house.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE job SET finished_ms = finished_ms - 31 * 86400000")
    with house.working():
        eventually(lambda: not house.desk.page().jobs)
    assert house.files() == set()


def test_the_renders_command_is_logged_ready_to_paste(house: House, caplog: pytest.LogCaptureFixture) -> None:
    id = house.submit(SHORT)
    with caplog.at_level("INFO"), house.working():
        house.ended(id)
    commands = [vars(r)["command"] for r in caplog.records if r.getMessage() == "child_started"]
    assert commands == [" ".join(RENDER_COMMAND)]
