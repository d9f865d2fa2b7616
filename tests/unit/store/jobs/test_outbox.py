"""What has to be known together with a job: its turn at a worker, and the call of its end."""

import threading
from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from src.errors import InvalidJob
from src.models.callbacks import Callbacks
from src.models.job import parse_job
from src.models.status import JobError, State
from src.store.jobs.desk import JobDesk
from src.store.jobs.outbox import Outbox, Turn
from src.store.jobs.queue import JobQueue
from src.store.jobs.submission import Submission
from src.store.jobs.tables import job, outbox, webhook

HOOK = Callbacks(webhook_url="https://n8n.example/resume?signature=1", webhook_headers={"X-Row": "7"})
AWAY = JobError(code="storage_away", message="the bucket does not answer", retryable=True)


@pytest.fixture
def desk(engine: sa.Engine) -> JobDesk:
    return JobDesk(engine, 1000, has_outbox=True)


@pytest.fixture
def queue(engine: sa.Engine) -> JobQueue:
    return JobQueue(engine, 60, 3, has_outbox=True)


@pytest.fixture
def turns(engine: sa.Engine) -> Outbox:
    return Outbox(engine)


def ids(taken: Sequence[Turn]) -> list[str]:
    return [turn.job_id for turn in taken]


def make_due(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(job.update().values(due_ms=0))
        connection.execute(outbox.update().values(due_ms=0))


def calls(engine: sa.Engine) -> list[sa.RowMapping]:
    with engine.connect() as connection:
        return list(connection.execute(sa.select(webhook)).mappings())


def test_a_job_that_is_taken_in_wants_one_turn(desk: JobDesk, turns: Outbox) -> None:
    ids_in = [desk.submit(Submission(b"{}", priority=9, traceparent="00-a")).status.id for _ in range(3)]
    taken = turns.take(10)
    assert ids(taken) == ids_in
    assert {(turn.priority, turn.traceparent) for turn in taken} == {(9, "00-a")}


def test_a_job_handed_in_twice_wants_one_turn(desk: JobDesk, turns: Outbox) -> None:
    for _ in range(2):
        desk.submit(Submission(b"{}", idempotency_key="row-1"))
    assert len(turns.take(10)) == 1


def test_a_turn_is_taken_once_and_gone_when_it_is_sent(desk: JobDesk, turns: Outbox) -> None:
    desk.submit(Submission(b"{}"))
    taken = turns.take(10)
    assert turns.take(10) == ()
    turns.release(taken)
    assert turns.take(10) == taken
    turns.sent(taken)
    turns.release(taken)
    assert turns.take(10) == ()


def test_publishers_at_the_same_time_take_different_turns(desk: JobDesk, turns: Outbox) -> None:
    ids_in = [desk.submit(Submission(b"{}")).status.id for _ in range(40)]
    taken: list[str] = []

    def publish() -> None:
        while some := turns.take(3):
            taken.extend(ids(some))

    threads = [threading.Thread(target=publish) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(ids_in)


def test_a_job_that_is_queued_again_wants_another_turn(desk: JobDesk, queue: JobQueue, turns: Outbox) -> None:
    id = desk.submit(Submission(b"{}")).status.id
    turns.sent(turns.take(10))
    claim = queue.claim("w")
    assert claim
    queue.renew(claim, "rendering", 0.5)
    assert turns.take(10) == ()
    queue.hand_back(claim, "stopped")
    assert ids(turns.take(10)) == [id]


def test_without_a_broker_no_turns_are_written(engine: sa.Engine, turns: Outbox) -> None:
    JobDesk(engine, 10).submit(Submission(b"{}"))
    assert turns.take(10) == ()


def test_waiting_jobs_without_a_turn_get_one(desk: JobDesk, queue: JobQueue, turns: Outbox) -> None:
    first, second = (desk.submit(Submission(b"{}")).status.id for _ in range(2))
    turns.sent(turns.take(1))
    assert turns.refill() == 1
    assert sorted(ids(turns.take(10))) == sorted([first, second])
    assert turns.refill() == 0


def test_a_failure_that_may_pass_is_tried_again_later(
    desk: JobDesk, queue: JobQueue, turns: Outbox, engine: sa.Engine
) -> None:
    # rendering > queued > rendering > queued > rendering > failed
    id = desk.submit(Submission(b"{}", callbacks=HOOK)).status.id
    for attempt in (1, 2):
        turns.sent(turns.take(10))
        claim = queue.claim("w")
        assert claim
        assert claim.attempt == attempt
        status = queue.fail(claim, AWAY)
        assert status
        assert (status.status, status.error) == (State.QUEUED, AWAY)
        assert desk.status(id).error == AWAY
        assert queue.claim("w") is None
        assert turns.take(10) == ()
        make_due(engine)
        assert ids(turns.take(1)) == [id]
    last = queue.claim("w")
    assert last
    assert desk.status(id).error is None
    status = queue.fail(last, AWAY)
    assert status
    assert (status.status, status.error, status.attempts) == (State.FAILED, AWAY, 3)
    assert len(calls(engine)) == 1


def test_a_failure_that_does_not_pass_ends_the_job(desk: JobDesk, queue: JobQueue) -> None:
    desk.submit(Submission(b"{}"))
    claim = queue.claim("w")
    assert claim
    status = queue.fail(claim, JobError(code="bad", message="no"))
    assert status
    assert status.status is State.FAILED
    assert queue.fail(claim, JobError(code="bad", message="no")) is None


def test_a_claim_tells_what_the_caller_said(desk: JobDesk, queue: JobQueue) -> None:
    desk.submit(Submission(b"{}", traceparent="00-b", base_url="http://here", callbacks=HOOK))
    claim = queue.claim("w")
    assert claim
    assert (claim.traceparent, claim.base_url, claim.callbacks) == ("00-b", "http://here", HOOK)


def test_the_time_of_all_attempts_is_added_up(desk: JobDesk, queue: JobQueue, engine: sa.Engine) -> None:
    desk.submit(Submission(b"{}"))
    for worked_ms in (3000, 7000):
        claim = queue.claim("w")
        assert claim
        with engine.begin() as connection:
            connection.execute(job.update().values(claimed_ms=job.c.claimed_ms - (worked_ms - 3000) - 2000))
        queue.hand_back(claim, "stopped")
    with engine.connect() as connection:
        worked_ms = connection.execute(sa.select(job.c.worked_ms)).scalar_one()
    assert 8000 <= worked_ms < 18_000


@pytest.mark.parametrize("end", ["cancel", "fail", "finish_cancelled", "lose"])
def test_every_end_calls_the_webhook_once(
    desk: JobDesk, queue: JobQueue, engine: sa.Engine, end: str
) -> None:
    id = desk.submit(Submission(b"{}", callbacks=HOOK)).status.id
    assert calls(engine) == []
    claim = None if end == "cancel" else queue.claim("w")
    if claim is None:
        desk.cancel(id)
    elif end == "fail":
        queue.fail(claim, JobError(code="bad", message="no"))
    elif end == "finish_cancelled":
        queue.cancelled(claim)
    else:
        JobQueue(engine, 60, 1).lost(claim, "it died")
    desk.cancel(id)
    (call,) = calls(engine)
    assert (call["job_id"], call["url"], call["headers"]) == (id, HOOK.webhook_url, HOOK.webhook_headers)
    assert (call["state"], call["attempts"], call["answers"]) == ("waiting", 0, [])


def test_a_job_without_a_webhook_calls_nobody(desk: JobDesk, engine: sa.Engine) -> None:
    progress = Callbacks(progress_url="https://n8n.example/progress")
    for callbacks in (None, progress):
        desk.cancel(desk.submit(Submission(b"{}", callbacks=callbacks)).status.id)
    assert calls(engine) == []


def refusal_of(body: bytes) -> InvalidJob:
    with pytest.raises(InvalidJob) as refused:
        parse_job(body)
    return refused.value


def test_a_job_that_is_refused_has_failed_and_its_caller_is_told(
    desk: JobDesk, queue: JobQueue, turns: Outbox, engine: sa.Engine
) -> None:
    body = b'{"scenes": []}'
    handed_in = Submission(body, idempotency_key="message-1", callbacks=HOOK)
    status = desk.refuse(handed_in, refusal_of(body))
    assert (status.status, status.error and status.error.path) == (State.FAILED, "scenes")
    assert desk.refuse(handed_in, refusal_of(body)) == status
    assert desk.status(status.id) == status
    assert queue.claim("w") is None
    assert turns.take(10) == ()
    assert len(calls(engine)) == 1


def test_calls_are_forgotten_with_their_job(desk: JobDesk, engine: sa.Engine) -> None:
    desk.cancel(desk.submit(Submission(b"{}", callbacks=HOOK)).status.id)
    assert desk.forget(2**52) == 1
    assert calls(engine) == []
