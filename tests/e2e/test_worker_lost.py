"""Jobs whose renders, workers or database are lost: each ends once, with the film that it should have."""

import os
import signal
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from src.models.status import State
from src.store.jobs.queue import JobQueue
from tests.conftest import LoggedErrors
from tests.e2e.house import ENDLESS, LONG, SHORT, House, descendants_named
from tests.services.postgres import Postgres
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills process groups and reads /proc")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Render the long job where nothing happens; return the film's digest."""
    calm = House(tmp_path_factory.mktemp("calm"))
    with calm.working():
        result = calm.ended(calm.submit(LONG)).result
    calm.engine.dispose()
    assert result
    return result.sha256


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


def test_a_job_whose_renders_always_die_fails(house: House) -> None:
    id = house.submit(SHORT)
    with house.working(command=[sys.executable, "-c", "import os; os.abort()"]):
        status = house.ended(id)
    assert (status.status, status.attempts) == (State.FAILED, 3)
    assert status.error
    assert status.error.code == "worker_lost"
    assert "its process was ended by SIGABRT" in status.error.message


def test_a_render_that_cannot_be_started_costs_an_attempt_and_not_the_worker(
    tmp_path: Path, logged_errors: LoggedErrors
) -> None:
    logged_errors.expect()
    house = House(tmp_path, max_attempts=1, lease_seconds=2)
    id = house.submit(SHORT)
    with house.working(command=["/nowhere/python"]):
        error = house.ended(id).error
    house.engine.dispose()
    assert error
    assert (error.code, error.retryable) == ("worker_lost", True)
    assert "slot_broke" in {record.getMessage() for record in logged_errors.records}


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
    house.leases_run_out()
    with house.worker():
        status = house.ended(id)
        # Its line in the log follows what the database knows.
        eventually(lambda: house.events("job_finished"))
    assert (status.status, status.attempts) == (State.DONE, 2)
    assert status.result
    assert status.result.cache.segments_hit >= 1
    assert status.result.sha256 == undisturbed
    assert [(event["status"], event["job_id"]) for event in house.events("job_finished")] == [("done", id)]
    assert house.files() == {id, "long.mp4", "long.jpg"}


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


def test_a_database_that_is_away_for_a_while_ends_neither_worker_nor_job(
    postgres: Postgres, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = postgres.new_database()
    house = House(tmp_path, database_url=server)
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
