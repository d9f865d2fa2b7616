"""Intake, relay and turns on the real broker and a real database."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from src.bus.layout import DEAD, JOBS, RETRY, WORK
from src.cli.jobstore import make_desk, make_metrics, make_supervisor, open_jobs
from src.models.status import JobStatus, State
from src.settings import Settings
from src.store.jobs.outbox import Outbox
from src.store.jobs.queue import JobQueue
from src.store.jobs.submission import Submission
from src.store.webhooks import Webhooks
from src.trace import TraceContext
from src.worker import relay
from src.worker.slot import Slot
from src.worker.supervisor import Supervisor
from tests.services.postgres import Postgres
from tests.services.rabbitmq import RabbitMQ
from tests.submissions import nobodys
from tests.waiting import eventually

JOB: dict[str, Any] = {"scenes": [{"text": "Hello"}]}
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def body_of(**more: Any) -> bytes:
    return json.dumps({**JOB, **more}).encode()


def taken(**more: Any) -> Submission:
    body = body_of(**more)
    return nobodys(body)


class Office:
    """A database, the broker, and workers between them."""

    def __init__(self, folder: Path, rabbitmq: RabbitMQ, **more: Any) -> None:
        folders = {name: folder / name for name in ("data_dir", "cache_dir", "log_dir")}
        self.settings = Settings(**{**folders, "broker_url": rabbitmq.url, **more})
        self.engine = open_jobs(self.settings)
        self.desk = make_desk(self.engine, self.settings)
        self.outbox = Outbox(self.engine)
        self.rabbitmq = rabbitmq

    @contextmanager
    def working(self, slots: int = 0) -> Iterator[Supervisor]:
        supervisor = make_supervisor(
            self.engine, self.settings, slots, 1.0, make_metrics(self.engine, self.settings)
        )
        supervisor.start()
        try:
            yield supervisor
        finally:
            supervisor.end_now()
            supervisor.stop()

    def jobs(self, count: int) -> tuple[JobStatus, ...]:
        """Wait until there are some jobs; the newest first."""
        return eventually(lambda: found if len(found := self.desk.page().jobs) >= count else None)

    def depth(self, queue: str, depth: int) -> None:
        """Wait until a queue has so many messages."""
        eventually(lambda: self.rabbitmq.depth(queue) == depth)

    def dead_letter(self) -> tuple[bytes, dict[str, Any]]:
        body, properties = eventually(lambda: self.rabbitmq.taken(DEAD))
        return body, properties.headers

    def claim(self) -> Any:
        return JobQueue(self.engine, 60, 3, has_outbox=True).claim("another worker")


@pytest.fixture
def office(tmp_path: Path, rabbitmq: RabbitMQ) -> Iterator[Office]:
    built = Office(tmp_path, rabbitmq, ingress_owner="films")
    built.desk.page()
    yield built
    built.engine.dispose()


@contextmanager
def served(office: Office) -> Iterator[None]:
    """Work without slots, once the queues are there."""
    with office.working():
        eventually(lambda: office.rabbitmq.has(JOBS) and office.rabbitmq.has(DEAD))
        yield


def jobs(office: Office, count: int) -> tuple[JobStatus, ...]:
    """Wait until the owner of the ingress has so many jobs."""
    return eventually(lambda: found if len(found := office.desk.page("films").jobs) >= count else None)


def test_a_published_job_is_taken_in_and_gets_a_turn(office: Office) -> None:
    with served(office):
        office.rabbitmq.publish(JOBS, body_of(id="row-1", priority=7), headers={"traceparent": TRACE})
        (status,) = jobs(office, 1)
        body, properties = eventually(lambda: office.rabbitmq.taken(WORK))
    assert (status.job_id, status.status) == ("row-1", State.QUEUED)
    assert json.loads(body) == {"id": status.id}
    claim = office.claim()
    assert (properties.priority, properties.headers["traceparent"]) == (7, claim.traceparent)
    trace = TraceContext.read(claim.traceparent)
    assert trace
    assert (claim.owner, trace.trace_id) == ("films", TRACE[3:35])


@pytest.mark.parametrize(("more", "properties"), [({"id": "row-1"}, {}), ({}, {"message_id": "m-1"})])
def test_a_job_that_is_published_twice_is_one_job(
    office: Office, more: dict[str, Any], properties: dict[str, str]
) -> None:
    with served(office):
        for _ in range(2):
            office.rabbitmq.publish(JOBS, body_of(**more), **properties)
        office.rabbitmq.publish(JOBS, body_of(id="last"))
        eventually(lambda: "last" in {job.job_id for job in office.desk.page("films").jobs})
        office.depth(WORK, 2)
    assert len(office.desk.page("films").jobs) == 2
    eventually(lambda: office.rabbitmq.depth(DEAD) == 0)


def test_another_job_under_the_same_name_is_a_dead_letter(office: Office) -> None:
    with served(office):
        office.rabbitmq.publish(JOBS, body_of(id="row-1"))
        jobs(office, 1)
        office.rabbitmq.publish(JOBS, body_of(id="row-1", priority=9))
        body, headers = office.dead_letter()
    assert json.loads(body)["priority"] == 9
    assert headers["x-neuroshorts-code"] == "key_reused"
    assert len(office.desk.page("films").jobs) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"\xff", "bad_json"),
        (b"", "bad_json"),
        (b"[]", "model_type"),
        (b'{"scenes": []}', "too_short"),
        (b"[" * 100_000, "bad_json"),
        (b" " * (4 * 1024**2 + 1), "job_too_large"),
    ],
)
def test_what_is_no_job_is_a_dead_letter_with_its_reason(office: Office, body: bytes, code: str) -> None:
    with served(office):
        office.rabbitmq.publish(JOBS, body, headers={"workflow": "7"})
        letter, headers = office.dead_letter()
        office.depth(JOBS, 0)
    assert letter == body
    assert headers["workflow"] == "7"
    assert headers["x-neuroshorts-reason"]
    (status,) = office.desk.page("films").jobs
    assert status.status is State.FAILED
    assert status.error
    assert status.error.code == headers["x-neuroshorts-code"] == code


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"music": {"src": "http://127.0.0.1/a.mp3"}}, "forbidden_host"),
        ({"music": {"src": "gs://theirs/a.mp3"}}, "forbidden_bucket"),
        ({"output": {"destinations": [{"type": "s3", "bucket": "theirs"}]}}, "forbidden_bucket"),
    ],
)
def test_what_no_worker_may_do_is_a_dead_letter_with_its_reason(
    office: Office, more: dict[str, Any], code: str
) -> None:
    with served(office):
        office.rabbitmq.publish(JOBS, body_of(**more))
        _, headers = office.dead_letter()
    (status,) = office.desk.page("films").jobs
    assert status.error
    assert status.error.code == headers["x-neuroshorts-code"] == code


def test_a_sender_of_a_wrong_job_is_told_and_may_send_it_right(office: Office) -> None:
    with served(office):
        wrong = {"id": "row-1", "scenes": [], "callback": "https://n8n.example/resume?signature=s"}
        office.rabbitmq.publish(JOBS, json.dumps(wrong).encode())
        office.dead_letter()
        office.rabbitmq.publish(JOBS, body_of(id="row-1"))
        right, failed = jobs(office, 2)
    assert (failed.job_id, failed.status) == ("row-1", State.FAILED)
    assert (right.job_id, right.status) == ("row-1", State.QUEUED)
    with office.engine.connect() as connection:
        told = connection.exec_driver_sql("SELECT job_id, url FROM webhook").all()
    assert [tuple(row) for row in told] == [(failed.id, "https://n8n.example/resume?signature=s")]


def test_a_job_for_which_there_is_no_room_comes_back(tmp_path: Path, rabbitmq: RabbitMQ) -> None:
    office = Office(tmp_path, rabbitmq, max_queued_jobs=1)
    with served(office):
        office.rabbitmq.publish(JOBS, body_of(id="row-1"))
        office.jobs(1)
        office.rabbitmq.publish(JOBS, body_of(id="row-2"))
        body, properties = eventually(lambda: office.rabbitmq.taken(RETRY))
        assert properties.expiration == "30000"
        office.claim()
        office.rabbitmq.publish(RETRY, body, expiration="100")
        assert office.jobs(2)[0].job_id == "row-2"
    office.engine.dispose()


def test_a_database_that_is_away_delays_a_job(tmp_path: Path, rabbitmq: RabbitMQ, postgres: Postgres) -> None:
    office = Office(tmp_path, rabbitmq, database_url=postgres.new_database())
    name = office.engine.url.database
    with served(office):
        postgres.administer(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        postgres.administer(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        )
        office.rabbitmq.publish(JOBS, body_of(id="row-1"))
        office.depth(JOBS, 0)
        postgres.administer(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        assert office.jobs(1)[0].job_id == "row-1"
        office.depth(WORK, 1)
    office.engine.dispose()


def test_jobs_handed_in_while_the_broker_is_away_get_their_turns_when_it_is_back(office: Office) -> None:
    with served(office):
        office.rabbitmq.stop()
        for number in range(3):
            office.desk.submit(taken(id=f"row-{number}"))
        office.rabbitmq.start()
        office.depth(WORK, 3)
    assert office.outbox.take(9) == ()


def test_turns_that_the_broker_lost_are_made_anew(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "REFILL_SECONDS", 0.1)
    with served(office):
        office.desk.submit(taken())
        eventually(lambda: office.rabbitmq.taken(WORK))
        office.depth(WORK, 1)


def test_void_turns_do_no_harm(tmp_path: Path, rabbitmq: RabbitMQ) -> None:
    office = Office(tmp_path, rabbitmq)
    cancelled = office.desk.submit(taken()).status.id
    office.desk.cancel(cancelled)
    with served(office):
        office.depth(WORK, 1)
    for body in (b"no turn", b'{"id": "nobody"}'):
        rabbitmq.publish(WORK, body)
    with office.working(slots=2):
        office.depth(WORK, 0)
        id = office.desk.submit(Submission(b"no job")).status.id
        status = eventually(lambda: found if (found := office.desk.status(id)).finished_at else None)
    assert (status.status, status.attempts) == (State.FAILED, 1)
    assert office.desk.status(cancelled).attempts == 0
    office.engine.dispose()


def test_the_most_urgent_job_comes_first_whatever_order_the_broker_has(
    tmp_path: Path, rabbitmq: RabbitMQ
) -> None:
    office = Office(tmp_path, rabbitmq)
    low = office.desk.submit(Submission(b"no job", priority=0)).status.id
    high = office.desk.submit(Submission(b"no job", priority=9)).status.id
    with office.working(slots=1):
        eventually(lambda: office.desk.status(low).finished_at and office.desk.status(high).finished_at)
    started = [office.desk.status(id).started_at for id in (high, low)]
    assert started == sorted(time for time in started if time)
    office.engine.dispose()


def test_a_turn_is_kept_while_the_database_is_away(
    tmp_path: Path, rabbitmq: RabbitMQ, postgres: Postgres
) -> None:
    office = Office(tmp_path, rabbitmq, database_url=postgres.new_database())
    id = office.desk.submit(Submission(b"no job")).status.id
    with served(office):
        office.depth(WORK, 1)
    name = office.engine.url.database
    postgres.administer(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    postgres.administer(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    with office.working(slots=1):
        office.depth(WORK, 0)
        postgres.administer(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        eventually(lambda: office.desk.status(id).finished_at)
        # Who stops a worker between a job's end and its acknowledgement has the turn come back.
        eventually(lambda: (WORK, "0") in rabbitmq.queues("name", "messages"))
    office.engine.dispose()


@pytest.mark.parametrize(
    "headers",
    [{"X-A": "gr\u00fcn"}, {"X-A": "a\r\nb: c"}, {"Transfer-Encoding": "chunked"}, {"X-A": 1}, None],
)
def test_a_sender_of_wrong_headers_is_told_without_them(office: Office, headers: Any) -> None:
    body = json.dumps({"id": "\ud800", "webhook_url": "https://example.org/x", "webhook_headers": headers})
    with served(office):
        office.rabbitmq.publish(JOBS, body.encode())
        office.dead_letter()
    claim = Webhooks(office.engine).take(1)[0]
    assert (claim.url, claim.headers) == ("https://example.org/x", {})


def test_headers_that_fill_a_frame_stop_nobody(office: Office) -> None:
    with served(office):
        office.rabbitmq.publish(JOBS, b"not json", headers={"x": "a" * 131_000})
        office.rabbitmq.publish(JOBS, body_of(id="row-1"))
        assert office.dead_letter()[1]["x-neuroshorts-code"] == "bad_json"
        assert len(jobs(office, 2)) == 2


def test_a_standby_delays_jobs_and_costs_no_slot(
    tmp_path: Path,
    rabbitmq: RabbitMQ,
    postgres: Postgres,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    name = postgres.new_name()

    def be_standby(said: str) -> None:
        postgres.administer(f"ALTER DATABASE {name} SET default_transaction_read_only = {said}")
        sessions = f"pg_stat_activity WHERE datname = '{name}'"
        postgres.administer(f"SELECT pg_terminate_backend(pid) FROM {sessions}")

    worked: list[str] = []
    monkeypatch.setattr(Slot, "_work_on", lambda slot, claim: worked.append(claim.job_id))
    office = Office(tmp_path, rabbitmq, ingress_owner="films", database_url=postgres.url(name))
    with office.working(slots=1):
        eventually(lambda: rabbitmq.has(JOBS) and rabbitmq.has(WORK))
        be_standby("on")
        rabbitmq.publish(WORK, b"{}")
        rabbitmq.publish(JOBS, body_of(id="row-1"))
        office.depth(JOBS, 0)
        eventually(lambda: "database_away" in caplog.messages)
        be_standby("off")
        eventually(lambda: worked == ["row-1"])
    assert rabbitmq.depth(DEAD) == 0
    office.engine.dispose()
