"""Callers that are told what became of their jobs, whatever they answer."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from src.metrics import Metrics
from src.models.callbacks import Callbacks
from src.models.webhooks import WebhookReport, WebhookState
from src.network.calls import Caller
from src.network.guard import Guard
from src.network.letters import Letters
from src.store.jobs.database import open_database
from src.store.jobs.desk import JobDesk
from src.store.jobs.submission import Submission
from src.store.links import ShareLinks
from src.store.webhooks import Webhooks
from src.worker import courier as courier_module
from src.worker.closing import Closing
from src.worker.courier import MOST_CALLS_OF_ONE, Courier, Mail
from src.worker.reach import Reach
from tests.receiver import Received, Reply, receiving
from tests.waiting import PATIENCE_SECONDS, eventually

BODY = b'{"scenes": [{"text": "Hello"}]}'


class Office:
    """A database of ended jobs and a courier that works for it."""

    def __init__(
        self, engine: sa.Engine, allowed: tuple[str, ...] = ("127.0.0.1",), seconds: float = 20
    ) -> None:
        self.desk, self.webhooks = JobDesk(engine, 1000), Webhooks(engine)
        letters = Letters(Caller(Guard(allowed), seconds=seconds), "s3cret")
        self.mail = Mail(self.webhooks, letters, ShareLinks(b"links"), "", Metrics())

    def ended(self, url: str) -> str:
        """Hand a job in and cancel it, so that its caller is to be told."""
        id = self.desk.submit(Submission(BODY, callbacks=Callbacks(webhook_url=url))).status.id
        self.desk.cancel(id)
        return id

    def report(self, id: str) -> WebhookReport:
        (report,) = self.webhooks.of_job(id)
        return report

    def until(self, id: str, state: WebhookState) -> WebhookReport:
        eventually(lambda: self.report(id).state is state)
        return self.report(id)

    @contextmanager
    def working(self) -> Iterator[Courier]:
        courier = Courier(self.mail)
        closing = Closing(10)
        courier.start(Reach(closing))
        try:
            yield courier
        finally:
            closing.end()
            assert courier.stop(PATIENCE_SECONDS)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    opened = open_database(f"sqlite:///{tmp_path / 'jobs.sqlite3'}")
    yield opened
    opened.dispose()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("src.worker.redelivery.SCHEDULE_SECONDS", (0.01,))
    monkeypatch.setattr(courier_module, "LOOK_SECONDS", 0.02)


def test_a_caller_is_told_what_became_of_a_job(engine: sa.Engine) -> None:
    office = Office(engine)
    with receiving() as receiver, office.working():
        id = office.ended(receiver.url)
        report = office.until(id, WebhookState.DELIVERED)
    (received,) = receiver.received
    assert json.loads(received.body) == office.desk.status(id).model_dump(mode="json")
    assert received.headers["x-neuroshorts-delivery"] == report.id
    (call,) = report.calls
    assert (call.status, call.text, call.decision) == (200, "thanks", "delivered")


def test_a_receiver_that_is_busy_gets_the_same_bytes_again(engine: sa.Engine) -> None:
    office = Office(engine)
    with (
        receiving(lambda n, _: Reply(503 if n < 3 else 200, f"call {n}".encode())) as receiver,
        office.working(),
    ):
        report = office.until(office.ended(receiver.url), WebhookState.DELIVERED)
    assert len({received.body for received in receiver.received}) == 1
    assert [received.headers["x-neuroshorts-attempt"] for received in receiver.received] == ["1", "2", "3"]
    assert len({received.headers["x-neuroshorts-delivery"] for received in receiver.received}) == 1
    assert [(call.status, call.text) for call in report.calls] == [
        (503, "call 1"),
        (503, "call 2"),
        (200, "call 3"),
    ]
    assert report.calls[0].since == report.calls[1].since < report.calls[2].since


def test_a_waiting_execution_of_n8n_is_resumed_once(engine: sa.Engine) -> None:
    # As measured: not found while it starts, running until it waits, then resumed, and finished for ever.
    resumed: list[Received] = []

    def n8n(number: int, received: Received) -> Reply:
        if number < 3:
            return Reply(404, b'{"code":404,"message":"not registered"}')
        if number < 5:
            return Reply(409, b'{"code":409,"message":"The execution \\"7\\" is running already."}')
        if resumed:
            return Reply(409, b'{"code":409,"message":"The execution \\"7\\" has finished already."}')
        resumed.append(received)
        # The answer is lost: the next call finds the execution finished.
        return Reply(502)

    office = Office(engine)
    with receiving(n8n) as receiver, office.working():
        id = office.ended(f"http://{receiver.address}/webhook-waiting/7?signature=ab%2Fc")
        report = office.until(id, WebhookState.DELIVERED)
    assert [call.status for call in report.calls] == [404, 404, 409, 409, 502, 409]
    assert [received.path for received in resumed] == ["/webhook-waiting/7?signature=ab%2Fc"]


@pytest.mark.parametrize(
    ("allowed", "code", "status"), [((), "forbidden_host", None), (("127.0.0.1",), "", 410)]
)
def test_who_cannot_be_told_is_given_up(
    engine: sa.Engine,
    allowed: tuple[str, ...],
    code: str,
    status: int | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    office = Office(engine, allowed)
    with receiving(lambda n, _: Reply(410)) as receiver, office.working():
        report = office.until(office.ended(receiver.url), WebhookState.GIVEN_UP)
    (call,) = report.calls
    assert (call.code, call.status) == (code, status)
    assert call.decision.startswith("given up: ")
    assert "webhook_given_up" in [record.getMessage() for record in caplog.records]


def test_a_slow_receiver_holds_no_other_up(engine: sa.Engine) -> None:
    over = threading.Event()

    def slow(number: int, received: Received) -> Reply:
        over.wait(PATIENCE_SECONDS)
        return Reply()

    office = Office(engine)
    with receiving(slow) as sloth, receiving() as swift, office.working():
        waiting = [office.ended(sloth.url) for _ in range(40)]
        office.until(office.ended(swift.url), WebhookState.DELIVERED)
        assert len(sloth.received) <= MOST_CALLS_OF_ONE
        over.set()
        for id in waiting:
            office.until(id, WebhookState.DELIVERED)
    assert len(sloth.received) == 40


def test_two_couriers_tell_each_job_once(engine: sa.Engine) -> None:
    office = Office(engine)
    with receiving() as receiver, office.working(), office.working():
        ids = [office.ended(receiver.url) for _ in range(20)]
        for id in ids:
            office.until(id, WebhookState.DELIVERED)
    assert sorted(json.loads(received.body)["id"] for received in receiver.received) == sorted(ids)


def test_an_idle_courier_is_woken(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier_module, "LOOK_SECONDS", 600)
    office = Office(engine)
    with receiving() as receiver, office.working() as courier:
        first = office.ended(receiver.url)
        courier.wake()
        office.until(first, WebhookState.DELIVERED)
        second = office.ended(receiver.url)
        courier.wake()
        office.until(second, WebhookState.DELIVERED)


def test_what_a_stopped_courier_leaves_the_next_one_tells(engine: sa.Engine) -> None:
    office = Office(engine)
    courier = Courier(office.mail)
    courier.start(Reach(Closing(10)))
    assert courier.stop(PATIENCE_SECONDS)
    with receiving() as receiver:
        id = office.ended(receiver.url)
        courier.wake()
        assert office.report(id).attempts == 0
        with office.working():
            office.until(id, WebhookState.DELIVERED)


def test_a_strange_answer_is_kept_without_what_databases_choke_on(engine: sa.Engine) -> None:
    office = Office(engine)
    with receiving(lambda n, _: Reply(200, b"\0\xff<html>" * 1000)) as receiver, office.working():
        report = office.until(office.ended(receiver.url), WebhookState.DELIVERED)
    assert "\0" not in report.calls[0].text
    assert len(report.calls[0].text) == 500
