"""Progress that is told on the way, and never in the way."""

import json
import threading

import pytest

from src.models.callbacks import Callbacks
from src.models.status import JobError, State
from src.network.calls import Caller
from src.network.guard import Guard
from src.network.letters import Letters
from src.store.jobs.queue import Claim
from src.worker import reporter as reporter_module
from src.worker.reporter import Reporter
from tests.receiver import Received, Reply, receiving
from tests.waiting import PATIENCE_SECONDS, eventually

AWAY = JobError(code="server_error", message="'media.example' has trouble", retryable=True)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporter_module, "PAUSE_SECONDS", 0.01)


def reporting() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name.startswith("report-")}


def letters() -> Letters:
    return Letters(Caller(Guard(["127.0.0.1"])), "s3cret")


def claim(progress_url: str) -> Claim:
    callbacks = Callbacks(progress_url=progress_url, webhook_headers={"X-A": "1"})
    return Claim("1" * 32, "token", b"{}", "", 2, callbacks=callbacks, job_id="row-1")


def test_progress_is_told_with_who_it_is_about() -> None:
    with receiving() as receiver:
        reporter = Reporter(letters(), claim(receiver.url))
        reporter.tell(State.RENDERING, "encoding", 0.5)
        eventually(lambda: receiver.received)
        reporter.tell(State.FETCHING, "fetching", 0.0, AWAY)
        eventually(lambda: len(receiver.received) == 2)
        reporter.close()
    assert json.loads(receiver.received[1].body)["error"] == AWAY.model_dump()
    received = receiver.received[0]
    assert json.loads(received.body) == {
        "id": "1" * 32,
        "job_id": "row-1",
        "status": "rendering",
        "stage": "encoding",
        "progress": 0.5,
        "attempts": 2,
        "error": None,
    }
    assert received.headers["x-neuroshorts-event"] == "progress"
    assert received.headers["x-a"] == "1"
    assert received.headers["x-neuroshorts-signature"].startswith("t=")


def test_of_what_happens_meanwhile_only_the_latest_is_told() -> None:
    over = threading.Event()

    def slow(number: int, received: Received) -> Reply:
        over.wait(PATIENCE_SECONDS)
        return Reply()

    with receiving(slow) as receiver:
        reporter = Reporter(letters(), claim(receiver.url))
        reporter.tell(State.FETCHING, "fetching", 0.0)
        eventually(lambda: receiver.received)
        for percent in range(1, 90):
            reporter.tell(State.RENDERING, "encoding", percent / 100)
        over.set()
        eventually(lambda: len(receiver.received) == 2)
        reporter.close()
    assert [json.loads(received.body)["progress"] for received in receiver.received] == [0.0, 0.89]


def test_who_never_takes_progress_is_not_called_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    def given_up() -> bool:
        return "progress_given_up" in [record.getMessage() for record in caplog.records]

    with receiving(lambda number, received: Reply(500)) as receiver:
        reporter, told = Reporter(letters(), claim(receiver.url)), 0
        while not given_up():
            told += 1
            reporter.tell(State.RENDERING, "encoding", told / 10_000)
            expected = min(told, 5)
            eventually(lambda expected=expected: len(receiver.received) == expected)  # type: ignore[misc]
        reporter.close()
    assert len(receiver.received) == 5


def test_nobody_is_told_when_nobody_asked() -> None:
    before = reporting()
    reporter = Reporter(letters(), claim(""))
    reporter.tell(State.RENDERING, "encoding", 0.5)
    reporter.close()
    assert not reporting() - before
