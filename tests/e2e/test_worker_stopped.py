"""Workers that are told to stop: what they finish, and what they hand back."""

import signal
import sys
from pathlib import Path

import pytest

from src.models.status import State
from tests.e2e.house import LONG, SHORT, House
from tests.waiting import PATIENCE_SECONDS, eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills process groups and reads /proc")


def test_a_worker_that_is_stopped_hands_back_what_its_grace_is_too_short_for(house: House) -> None:
    id = house.submit(LONG)
    with house.worker("--grace", "0.1") as worker:
        eventually(house.segments)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE_SECONDS) == 0
    status = house.desk.status(id)
    assert (status.status, status.stage, status.progress) == (State.QUEUED, "", 0.0)
    assert house.renders() == []
    assert house.files() == set()
    assert [event["reason"] for event in house.events("job_handed_back")] == ["the worker was stopped"]
    assert len(house.events("worker_stopped")) == 1


def test_a_worker_that_is_stopped_finishes_what_its_grace_is_long_enough_for(house: House) -> None:
    first, second = house.submit(SHORT), house.submit(SHORT)
    with house.worker("--grace", "600") as worker:
        eventually(house.renders)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE_SECONDS) == 0
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
        assert worker.wait(PATIENCE_SECONDS) == 0
    assert house.desk.status(id).status is State.QUEUED
    assert house.renders() == []


def pending(pid: int) -> bool:
    """Tell whether a signal waits to be delivered to a process. Source: proc(5), ShdPnd."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return any(int(line.split()[1], 16) for line in lines if line.startswith(("SigPnd", "ShdPnd")))
