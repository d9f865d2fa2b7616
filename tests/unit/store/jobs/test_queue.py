"""Jobs handed out to workers and brought back; in the notation of state tests, > is a step."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from src.models.status import State
from src.store.jobs.census import take_census
from src.store.jobs.desk import JobDesk
from src.store.jobs.queue import Claim, JobQueue, Wish
from src.store.jobs.submission import Submission
from tests.unit.store.jobs.results import ERROR, RESULT

BODY = b'{"scenes": [{"text": "Hello"}]}'


def submitted(desk: JobDesk) -> str:
    return desk.submit(Submission(BODY)).status.id


def claimed(queue: JobQueue) -> Claim:
    claim = queue.claim("w")
    assert claim
    return claim


def test_a_job_goes_its_way(desk: JobDesk, queue: JobQueue) -> None:
    # queued > fetching > rendering > uploading > done
    id = submitted(desk)
    claim = claimed(queue)
    assert (claim.id, claim.body, claim.attempt) == (id, BODY, 1)
    assert queue.renew(claim, "fetching", 0.01) is Wish.GO_ON
    assert desk.status(id).status is State.FETCHING
    assert queue.renew(claim, "speaking", 0.05) is Wish.GO_ON
    status = desk.status(id)
    assert (status.status, status.stage, status.progress) == (State.RENDERING, "speaking", 0.05)
    assert queue.uploading(claim)
    assert queue.uploading(claim)
    assert queue.finish(claim, RESULT)
    status = desk.status(id)
    assert (status.status, status.progress, status.stage, status.result) == (State.DONE, 1.0, "", RESULT)
    assert status.started_at
    assert status.finished_at
    assert status.created_at <= status.started_at <= status.finished_at


def test_a_job_tells_what_holds_it_up_until_it_goes_on(desk: JobDesk, queue: JobQueue) -> None:
    # queued > fetching, held up > fetching, held up > rendering
    id = submitted(desk)
    claim = claimed(queue)
    told = []
    for stage, error in (("fetching", ERROR), ("fetching", None), ("fetching", ERROR), ("rendering", None)):
        assert queue.renew(claim, stage, 0.0, error) is Wish.GO_ON
        told.append(desk.status(id).error)
    assert told == [ERROR, None, ERROR, None]


def test_a_job_fails_with_its_reason(desk: JobDesk, queue: JobQueue) -> None:
    # queued > fetching > failed
    id = submitted(desk)
    assert queue.fail(claimed(queue), ERROR)
    assert (desk.status(id).status, desk.status(id).error) == (State.FAILED, ERROR)


def test_a_cancelled_job_is_ended_by_its_worker(desk: JobDesk, queue: JobQueue) -> None:
    # queued > fetching > cancelled
    id = submitted(desk)
    claim = claimed(queue)
    assert desk.cancel(id).status is State.FETCHING
    assert queue.renew(claim, "rendering", 0.5) is Wish.CANCEL
    assert queue.cancelled(claim)
    assert desk.status(id).status is State.CANCELLED


@pytest.mark.parametrize("end", ["hand_back", "lost"])
def test_a_cancelled_job_that_comes_back_is_not_queued_again(
    desk: JobDesk, queue: JobQueue, end: str
) -> None:
    # queued > fetching > cancelled
    id = submitted(desk)
    claim = claimed(queue)
    desk.cancel(id)
    assert getattr(queue, end)(claim, "the worker was stopped")
    assert desk.status(id).status is State.CANCELLED
    assert queue.claim("w") is None


def test_a_job_that_is_handed_back_is_taken_up_again(desk: JobDesk, queue: JobQueue) -> None:
    # queued > rendering > queued > fetching, as often as it takes: nothing was lost
    id = submitted(desk)
    for attempt in range(1, 6):
        claim = claimed(queue)
        assert claim.attempt == attempt
        queue.renew(claim, "rendering", 0.5)
        assert queue.hand_back(claim, "the worker was stopped")
        status = desk.status(id)
        assert (status.status, status.stage, status.progress) == (State.QUEUED, "", 0.0)


def test_a_job_that_costs_too_many_processes_fails(desk: JobDesk, queue: JobQueue) -> None:
    # queued > fetching > queued > fetching > queued > fetching > failed
    id = submitted(desk)
    queue.hand_back(claimed(queue), "stopped, which does not count")
    states = [queue.lost(claimed(queue), "it was ended by SIGKILL") for _ in range(3)]
    assert [status and status.status for status in states] == [State.QUEUED, State.QUEUED, State.FAILED]
    error = desk.status(id).error
    assert error
    assert (error.code, error.retryable) == ("worker_lost", True)
    assert "lost 3 times, at last because it was ended by SIGKILL" in error.message


def test_a_job_whose_worker_is_gone_is_taken_away(
    desk: JobDesk, queue: JobQueue, forgetful: JobQueue
) -> None:
    # queued > fetching > queued > fetching > queued > fetching > failed
    id = submitted(desk)
    ends = []
    for _ in range(3):
        claim = claimed(forgetful)
        ends += [status.status for status in queue.reclaim()]
        assert forgetful.renew(claim, "rendering", 0.5) is Wish.LET_GO
    assert ends == [State.QUEUED, State.QUEUED, State.FAILED]
    error = desk.status(id).error
    assert error
    assert error.code == "worker_lost"


def test_a_cancelled_job_whose_worker_is_gone_is_ended(
    desk: JobDesk, queue: JobQueue, forgetful: JobQueue
) -> None:
    # queued > fetching > cancelled
    id = submitted(desk)
    claimed(forgetful)
    desk.cancel(id)
    assert [status.status for status in queue.reclaim()] == [State.CANCELLED]
    assert desk.status(id).status is State.CANCELLED


def test_a_claim_that_is_renewed_is_kept(desk: JobDesk, queue: JobQueue, forgetful: JobQueue) -> None:
    submitted(desk)
    claim = claimed(forgetful)
    assert queue.renew(claim, "rendering", 0.5) is Wish.GO_ON
    assert queue.reclaim() == ()
    assert queue.fail(claim, ERROR)


def test_what_is_said_under_a_lost_claim_is_not_heard(
    desk: JobDesk, queue: JobQueue, forgetful: JobQueue
) -> None:
    id = submitted(desk)
    old = claimed(forgetful)
    queue.reclaim()
    new = claimed(queue)
    before = desk.status(id)
    assert not queue.uploading(old)
    assert not queue.finish(old, RESULT)
    assert not queue.fail(old, ERROR)
    assert not queue.cancelled(old)
    assert not queue.hand_back(old, "stopped")
    assert queue.lost(old, "gone") is None
    assert desk.status(id) == before
    assert queue.fail(new, ERROR)


def test_each_job_is_claimed_once_by_eight_workers_at_the_same_time(desk: JobDesk, queue: JobQueue) -> None:
    ids = [submitted(desk) for _ in range(24)]

    def work(worker: int) -> list[str]:
        mine = []
        while claim := queue.claim(f"w{worker}"):
            mine.append(claim.id)
        return mine

    with ThreadPoolExecutor(8) as pool:
        taken = [id for mine in pool.map(work, range(8)) for id in mine]
    left = []
    while claim := queue.claim("w"):
        left.append(claim.id)
    assert sorted(taken + left) == sorted(ids)


def test_two_that_look_for_lost_jobs_count_each_loss_once(
    desk: JobDesk, engine: sa.Engine, forgetful: JobQueue
) -> None:
    for _ in range(8):
        submitted(desk)
        claimed(forgetful)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: forgetful.reclaim(), range(4)))
    assert sum(map(len, found)) == 8
    assert take_census(engine).jobs["queued"] == 8
