"""Calls handed out to couriers and what came of them, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from src.models.callbacks import Callbacks
from src.models.status import State
from src.models.webhooks import CallOutcome, WebhookState
from src.store import webhooks as webhooks_module
from src.store.jobs.census import take_census
from src.store.jobs.desk import JobDesk
from src.store.jobs.queue import JobQueue
from src.store.jobs.submission import Submission
from src.store.webhooks import MOST_KEPT, WebhookCall, Webhooks
from tests.unit.store.jobs.results import RESULT

BODY = b'{"scenes": [{"text": "Hello"}]}'
NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def webhooks(engine: sa.Engine) -> Webhooks:
    return Webhooks(engine)


def ended(desk: JobDesk, url: str = "https://example.com/hook") -> str:
    """Hand a job in and cancel it, so that its caller is to be told."""
    callbacks = Callbacks(webhook_url=url, webhook_headers={"X-A": "1"}) if url else None
    submission = Submission(
        BODY, base_url="https://films.example", traceparent="00-1-2-01", callbacks=callbacks
    )
    id = desk.submit(submission).status.id
    desk.cancel(id)
    return id


def taken(webhooks: Webhooks) -> WebhookCall:
    (call,) = webhooks.take(1)
    return call


def outcome(call: WebhookCall, status: int = 503) -> CallOutcome:
    return CallOutcome(attempt=call.attempt, at=NOW, since=NOW, status=status, text="busy \0"[:5])


def test_a_call_carries_all_that_is_told(desk: JobDesk, webhooks: Webhooks) -> None:
    id = ended(desk)
    call = taken(webhooks)
    assert (call.attempt, call.url, call.headers) == (1, "https://example.com/hook", {"X-A": "1"})
    assert (call.base_url, call.traceparent, call.outcomes) == ("https://films.example", "00-1-2-01", ())
    assert (call.status.id, call.status.status) == (id, State.CANCELLED)


def test_a_job_that_is_done_is_told_with_its_result(
    desk: JobDesk, queue: JobQueue, webhooks: Webhooks
) -> None:
    desk.submit(Submission(BODY, callbacks=Callbacks(webhook_url="https://example.com/")))
    claim = queue.claim("w")
    assert claim
    assert webhooks.take(9) == ()
    queue.renew(claim, "rendering", 0.5)
    queue.uploading(claim)
    queue.finish(claim, RESULT)
    assert taken(webhooks).status.result == RESULT


def test_a_call_that_was_taken_is_its_couriers_alone(
    desk: JobDesk, webhooks: Webhooks, engine: sa.Engine
) -> None:
    ended(desk)
    call = taken(webhooks)
    assert webhooks.take(9) == ()
    assert webhooks.delivered(call, outcome(call, 200))
    assert webhooks.take(9) == ()
    assert take_census(engine).webhooks == {"waiting": 0, "delivered": 1, "given_up": 0}


def test_a_call_whose_courier_was_killed_is_made_again(
    desk: JobDesk, webhooks: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = ended(desk)
    monkeypatch.setattr(webhooks_module, "LEASE_MS", -1)
    lost, again = taken(webhooks), taken(webhooks)
    assert (lost.id, lost.attempt, again.id, again.attempt) == (again.id, 1, lost.id, 2)
    # What the first one says in the end is not heard.
    assert not webhooks.given_up(lost, outcome(lost))
    assert webhooks.delivered(again, outcome(again, 200))
    (report,) = webhooks.of_job(id)
    assert (report.state, [call.attempt for call in report.calls]) == (WebhookState.DELIVERED, [2])


def test_a_call_is_made_again_when_it_is_due(desk: JobDesk, webhooks: Webhooks) -> None:
    id = ended(desk)
    call = taken(webhooks)
    assert webhooks.again(call, outcome(call), 3600)
    assert webhooks.take(9) == ()
    (report,) = webhooks.of_job(id)
    assert report.due_at
    assert 3590 < (report.due_at - report.created_at).total_seconds() < 3700
    assert (report.state, report.attempts, report.calls) == (WebhookState.WAITING, 1, (outcome(call),))


def test_only_the_latest_outcomes_are_kept(desk: JobDesk, webhooks: Webhooks) -> None:
    id = ended(desk)
    for _ in range(MOST_KEPT + 5):
        call = taken(webhooks)
        webhooks.again(call, outcome(call), -1)
    (report,) = webhooks.of_job(id)
    assert [call.attempt for call in report.calls] == list(range(6, MOST_KEPT + 6))


def test_receivers_that_are_called_enough_are_left_out(desk: JobDesk, webhooks: Webhooks) -> None:
    slow = ["https://slow.example/a", "https://slow.example/b?c_%"]
    other = ["https://slow.example:444/", "http://slow.example/", "https://slow.example.com/"]
    for url in [*slow, *other]:
        ended(desk, url)
    found = webhooks.take(9, ["https://slow.example", "https://a_b%.example"])
    assert sorted(call.url for call in found) == sorted(other)
    assert sorted(call.url for call in webhooks.take(9)) == sorted(slow)


def test_couriers_that_look_at_the_same_time_take_each_call_once(desk: JobDesk, webhooks: Webhooks) -> None:
    for _ in range(12):
        ended(desk)
    with ThreadPoolExecutor(4) as pool:
        found = [call.id for some in pool.map(lambda _: webhooks.take(3), range(8)) for call in some]
    found += [call.id for call in webhooks.take(12)]
    assert len(found) == len(set(found)) == 12


def test_an_ended_job_is_told_again_under_a_new_name(desk: JobDesk, webhooks: Webhooks) -> None:
    id = ended(desk)
    first = taken(webhooks)
    webhooks.given_up(first, outcome(first))
    report = webhooks.order_again(id)
    assert report
    second = taken(webhooks)
    assert (second.id, second.attempt) == (report.id, 1)
    assert second.id != first.id
    assert {report.id for report in webhooks.of_job(id)} == {first.id, second.id}


def test_a_call_that_waits_is_made_now_instead_of_twice(desk: JobDesk, webhooks: Webhooks) -> None:
    id = ended(desk)
    call = taken(webhooks)
    webhooks.again(call, outcome(call), 3600)
    report = webhooks.order_again(id)
    assert report
    assert (report.id, taken(webhooks).attempt) == (call.id, 2)
    assert len(webhooks.of_job(id)) == 1


def test_a_job_that_tells_nobody_cannot_be_told_again(desk: JobDesk, webhooks: Webhooks) -> None:
    id = ended(desk, url="")
    assert webhooks.order_again(id) is None
    assert webhooks.of_job(id) == ()


def test_a_forgotten_job_takes_its_webhooks_along(
    desk: JobDesk, webhooks: Webhooks, engine: sa.Engine
) -> None:
    ended(desk)
    assert desk.forget(2**60) == 1
    assert webhooks.take(9) == ()
    assert sum(take_census(engine).webhooks.values()) == 0
