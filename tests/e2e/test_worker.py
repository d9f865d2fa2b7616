"""Workers that render real jobs of a real database."""

import sys
from pathlib import Path

import pytest

from src.models.status import State
from src.worker.process import RENDER_COMMAND
from tests.e2e.house import AT_ONCE_SECONDS, LARGER, LONG, SHORT, House
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills process groups and reads /proc")


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


def test_two_workers_render_each_of_twelve_jobs_once(house: House) -> None:
    jobs = [
        {**SHORT, "id": f"row-{n}", "scenes": [{"text": "", "duration": 0.5 + n / 10}]} for n in range(12)
    ]
    with house.worker(), house.worker("--slots", "2"):
        eventually(lambda: len(house.events("worker_started")) == 2)
        ids = [house.submit(job) for job in jobs]
        statuses = [house.ended(id) for id in ids]
        # The line of the last one in the log follows what the database knows.
        eventually(lambda: len(house.events("job_finished")) >= len(ids))
    assert {status.status for status in statuses} == {State.DONE}
    assert {status.attempts for status in statuses} == {1}
    assert sorted(event["job_id"] for event in house.events("job_finished")) == sorted(ids)
    workers = {event["worker"].rsplit("-", 1)[0] for event in house.events("job_claimed")}
    assert len(workers) == 2


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
