"""Jobs handed in and asked after."""

import base64
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from src.errors import KeyReused, UnknownJob
from src.models.status import JobStatus, State
from src.store.jobs import desk as desk_module
from src.store.jobs.census import take_census
from src.store.jobs.depth import QueueFull
from src.store.jobs.desk import JobDesk
from src.store.jobs.listing import Wanted, WrongCursor
from src.store.jobs.queue import JobQueue
from src.store.jobs.quotas import Quota, QuotaReached
from src.store.jobs.submission import Submission
from tests.unit.store.jobs.results import ERROR, RESULT

BODY = b'{"scenes": [{"text": "Hello"}]}'


def submitted(desk: JobDesk, **more: object) -> JobStatus:
    return desk.submit(Submission(**{"body": BODY, **more})).status  # type: ignore[arg-type]


def test_a_job_is_told_as_it_was_handed_in(desk: JobDesk) -> None:
    receipt = desk.submit(Submission(BODY, job_id="row-1", metadata={"row": 1, "name": "Ünïcode"}))
    status = desk.status(receipt.status.id)
    assert receipt == (status, 0, True)
    assert (status.status, status.job_id, status.attempts) == (State.QUEUED, "row-1", 0)
    assert status.metadata == {"row": 1, "name": "Ünïcode"}
    assert desk.body(status.id) == BODY


def test_the_same_key_with_the_same_body_is_the_same_job(desk: JobDesk, engine: sa.Engine) -> None:
    first = desk.submit(Submission(BODY, idempotency_key="k"))
    again = desk.submit(Submission(BODY, idempotency_key="k"))
    assert (again.status, again.is_new) == (first.status, False)
    assert take_census(engine).jobs["queued"] == 1


def test_the_same_key_with_another_body_is_refused(desk: JobDesk) -> None:
    first = submitted(desk, idempotency_key="k")
    with pytest.raises(KeyReused) as refused:
        submitted(desk, body=b"{}", idempotency_key="k")
    assert refused.value.id == first.id


def test_a_key_belongs_to_its_owner(desk: JobDesk) -> None:
    mine = submitted(desk, idempotency_key="k", owner="me")
    theirs = submitted(desk, idempotency_key="k", owner="you", body=b"{}")
    assert mine.id != theirs.id


def test_of_eight_that_hand_in_the_same_key_at_once_one_is_new(desk: JobDesk, engine: sa.Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        for number in range(5):
            handed_in = Submission(BODY, idempotency_key=f"k{number}")
            receipts = list(pool.map(desk.submit, [handed_in] * 8))
            assert sum(receipt.is_new for receipt in receipts) == 1
            assert len({receipt.status.id for receipt in receipts}) == 1
    assert take_census(engine).jobs["queued"] == 5


def failed(desk: JobDesk, queue: JobQueue, **more: object) -> JobStatus:
    submitted(desk, **more)
    claim = queue.claim("w")
    assert claim
    ended = queue.fail(claim, ERROR)
    assert ended
    return ended


def test_a_job_in_place_of_a_failed_one_is_found_under_its_key(desk: JobDesk, queue: JobQueue) -> None:
    # failed --in place of--> failed --in place of--> queued
    keyed = Submission(BODY, owner="me", idempotency_key="k", job_id="row-1")
    former = failed(desk, queue, owner="me", idempotency_key="k", job_id="row-1")
    for _ in range(2):
        again = Submission(BODY, owner="me", job_id="row-1", in_place_of=former.id)
        new = desk.submit(again)
        found = desk.submit(keyed)
        assert (new.is_new, found.is_new, found.status) == (True, False, new.status)
        assert desk.status(former.id, "me") == former
        with pytest.raises(KeyReused):
            desk.submit(keyed._replace(body=b"{}"))
        claim = queue.claim("w")
        assert claim
        former = queue.fail(claim, ERROR) or former
    named = desk.page("me", Wanted(job_id="row-1")).jobs
    assert len(named) == 3


def test_a_job_in_place_of_one_without_a_key_has_none(desk: JobDesk, queue: JobQueue) -> None:
    former = failed(desk, queue)
    new = {desk.submit(Submission(BODY, in_place_of=former.id)).status.id for _ in range(2)}
    assert len(new | {former.id}) == 3


def test_of_eight_in_place_of_one_job_at_once_one_has_its_key(desk: JobDesk, queue: JobQueue) -> None:
    with ThreadPoolExecutor(8) as pool:
        for number in range(5):
            former = failed(desk, queue, idempotency_key=f"k{number}")
            again = Submission(BODY, in_place_of=former.id)
            new = {receipt.status.id for receipt in pool.map(desk.submit, [again] * 8)}
            found = desk.submit(Submission(BODY, idempotency_key=f"k{number}"))
            assert len(new) == 8
            assert (found.is_new, found.status.id in new) == (False, True)
            for id in new:
                desk.cancel(id)


def test_a_job_keeps_its_key_where_there_is_no_room_for_another_in_its_place(
    engine: sa.Engine, desk: JobDesk, queue: JobQueue
) -> None:
    former = failed(desk, queue, idempotency_key="k")
    again = Submission(BODY, in_place_of=former.id)
    with pytest.raises(QueueFull):
        JobDesk(engine, most_queued=0).submit(again)
    submitted(desk)
    with pytest.raises(QuotaReached):
        desk.submit(again._replace(quota=Quota(queued_jobs=1)))
    assert desk.submit(Submission(BODY, idempotency_key="k")).status.id == former.id


def test_nothing_is_in_place_of_somebody_elses_job(desk: JobDesk, queue: JobQueue) -> None:
    former = failed(desk, queue, owner="me", idempotency_key="k")
    for owner, id in (("you", former.id), ("me", "0" * 32)):
        with pytest.raises(UnknownJob):
            desk.submit(Submission(BODY, owner=owner, in_place_of=id))
    assert desk.submit(Submission(BODY, owner="me", idempotency_key="k")).status.id == former.id


def test_more_than_may_wait_are_refused(engine: sa.Engine, queue: JobQueue) -> None:
    desk = JobDesk(engine, most_queued=2)
    submitted(desk, idempotency_key="k")
    submitted(desk)
    with pytest.raises(QueueFull):
        submitted(desk)
    assert not desk.submit(Submission(BODY, idempotency_key="k")).is_new
    assert queue.claim("w")
    submitted(desk)


def test_pages_follow_each_other_without_gaps_while_jobs_come_in(desk: JobDesk) -> None:
    ids = [submitted(desk).id for _ in range(7)]
    seen, cursor = [], None
    while True:
        page = desk.page(wanted=Wanted(limit=3, cursor=cursor))
        seen += [status.id for status in page.jobs]
        submitted(desk)
        if not (cursor := page.following):
            break
    assert sorted(seen) == sorted(ids)


def test_the_oldest_come_first_where_that_is_wanted(desk: JobDesk) -> None:
    ids = [submitted(desk).id for _ in range(5)]
    newest = desk.page().jobs
    first = desk.page(wanted=Wanted(oldest_first=True, limit=3))
    rest = desk.page(wanted=Wanted(oldest_first=True, cursor=first.following))
    assert [job.id for job in (*first.jobs, *rest.jobs)] == [job.id for job in reversed(newest)]
    assert {job.id for job in newest} == set(ids)


def test_jobs_of_the_same_moment_are_paged_and_counted_in_the_order_of_claims(
    desk: JobDesk, queue: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_module, "now_ms", lambda: 1_700_000_000_000)
    ids = {submitted(desk).id for _ in range(5)}
    place = {id: desk.position(id) for id in ids}
    first = desk.page(wanted=Wanted(limit=2))
    rest = desk.page(wanted=Wanted(limit=2, cursor=first.following))
    assert not {status.id for status in first.jobs} & {status.id for status in rest.jobs}
    claimed = [claim.id for _ in ids if (claim := queue.claim("w"))]
    assert claimed == sorted(ids, key=lambda id: place[id])
    assert sorted(place.values()) == [0, 1, 2, 3, 4]


def test_pages_hold_what_was_asked_for(desk: JobDesk, queue: JobQueue) -> None:
    running = submitted(desk, job_id="a")
    queued = submitted(desk, job_id="a")
    submitted(desk, job_id="b")
    submitted(desk, owner="you", job_id="a")
    claim = queue.claim("w")
    assert claim
    assert claim.id == running.id
    named = desk.page(wanted=Wanted(job_id="a", states=[State.QUEUED]))
    assert [status.id for status in named.jobs] == [queued.id]
    worked_on = desk.page(wanted=Wanted(states=[State.FETCHING, State.DONE]))
    assert [status.id for status in worked_on.jobs] == [running.id]
    assert len(desk.page().jobs) == 3
    assert len(desk.page("you").jobs) == 1


@pytest.mark.parametrize(
    "told",
    [b"", b"\xff", b"[1, 2]", b"1", b"99999999999999999999 " + b"0" * 32, b"1 \0", b"1 " + b"g" * 32],
)
def test_a_cursor_that_no_page_gave_is_refused(desk: JobDesk, told: bytes) -> None:
    with pytest.raises(WrongCursor):
        desk.page(wanted=Wanted(cursor=base64.urlsafe_b64encode(told).decode()))
    with pytest.raises(WrongCursor):
        desk.page(wanted=Wanted(cursor="ä" + told.decode("latin-1")))


def test_higher_priorities_and_older_jobs_come_first(desk: JobDesk, queue: JobQueue) -> None:
    later = submitted(desk, priority=1).id
    usual = [submitted(desk).id for _ in range(2)]
    urgent = submitted(desk, priority=9).id
    # Two of the same millisecond come in the order of their ids.
    assert (desk.position(urgent), {desk.position(id) for id in usual}, desk.position(later)) == (
        0,
        {1, 2},
        3,
    )
    claimed = [claim.id for _ in range(4) if (claim := queue.claim("w"))]
    assert (claimed[0], set(claimed[1:3]), claimed[3]) == (urgent, set(usual), later)
    assert desk.position(later) == 0
    assert queue.claim("w") is None


def test_a_job_that_waits_is_cancelled_at_once(desk: JobDesk, queue: JobQueue) -> None:
    status = desk.cancel(submitted(desk).id)
    assert (status.status, status.finished_at is not None) == (State.CANCELLED, True)
    assert desk.cancel(status.id) == status == desk.status(status.id)
    assert queue.claim("w") is None


def test_a_job_that_has_ended_stays_as_it_is(desk: JobDesk, queue: JobQueue) -> None:
    submitted(desk)
    claim = queue.claim("w")
    assert claim
    queue.fail(claim, ERROR)
    failed = desk.status(claim.id)
    assert desk.cancel(claim.id) == failed
    assert failed.error == ERROR


def test_somebody_elses_job_does_not_exist(desk: JobDesk) -> None:
    id = submitted(desk, owner="me").id
    for ask in (desk.status, desk.body, desk.cancel):
        with pytest.raises(UnknownJob):
            ask(id, "you")
        with pytest.raises(UnknownJob):
            ask("no-such-job", "me")


def test_jobs_are_counted_by_state(desk: JobDesk, queue: JobQueue, engine: sa.Engine) -> None:
    for _ in range(3):
        submitted(desk)
    queue.claim("w")
    desk.cancel(desk.page(wanted=Wanted(states=[State.QUEUED])).jobs[0].id)
    counted = take_census(engine).jobs
    assert {state: count for state, count in counted.items() if count} == {
        "queued": 1,
        "fetching": 1,
        "cancelled": 1,
    }
    assert set(counted) == {state.value for state in State}


def test_jobs_that_ended_long_ago_are_forgotten(desk: JobDesk, queue: JobQueue, engine: sa.Engine) -> None:
    done = submitted(desk, idempotency_key="k")
    claim = queue.claim("w")
    assert claim
    queue.renew(claim, "rendering", 0.5)
    queue.uploading(claim)
    queue.finish(claim, RESULT)
    submitted(desk)
    ended = desk.status(done.id).finished_at
    assert ended
    ended_ms = round(ended.timestamp() * 1000)
    assert (desk.ended(ended_ms), desk.forget(ended_ms)) == ((), 0)
    assert (desk.ended(ended_ms + 1), desk.forget(ended_ms + 1)) == ((done.id,), 1)
    with pytest.raises(UnknownJob):
        desk.status(done.id)
    assert take_census(engine).jobs["queued"] == 1
    assert desk.submit(Submission(BODY, idempotency_key="k")).is_new
