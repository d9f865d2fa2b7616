"""One owner has as many jobs waiting, and is rendered for as long, as it may; others do not notice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from src.store.jobs import desk as desk_module
from src.store.jobs import quotas
from src.store.jobs.desk import JobDesk
from src.store.jobs.queue import JobQueue
from src.store.jobs.quotas import Quota, QuotaReached
from src.store.jobs.submission import Submission
from src.store.jobs.tables import job

_BODY = b'{"scenes": [{"text": "Hello"}]}'
_DAY_MS = 24 * 3600 * 1000


def submitted(desk: JobDesk, quota: Quota, owner: str = "anna", key: str | None = None) -> str:
    return desk.submit(Submission(_BODY, owner, idempotency_key=key, quota=quota)).status.id


def worked(engine: sa.Engine, id: str, seconds: float, handed_in_ms: int) -> None:
    """Note that a job was worked on, and when it was handed in."""
    with engine.begin() as connection:
        changes = {"worked_ms": round(seconds * 1000), "created_ms": handed_in_ms}
        connection.execute(job.update().where(job.c.id == id).values(**changes))


@pytest.fixture
def now_ms(monkeypatch: pytest.MonkeyPatch) -> int:
    """Stop the clock."""
    now = 1_700_000_000_000
    for module in (quotas, desk_module):
        monkeypatch.setattr(module, "now_ms", lambda: now)
    return now


def test_as_many_jobs_wait_as_may(desk: JobDesk, queue: JobQueue) -> None:
    quota = Quota(queued_jobs=2)
    submitted(desk, quota)
    submitted(desk, quota)
    with pytest.raises(QuotaReached) as refused:
        submitted(desk, quota)
    assert refused.value.code == "quota_queued_jobs"
    assert refused.value.retry_after_seconds > 0
    assert queue.claim("worker")
    submitted(desk, quota)


def test_another_owners_jobs_do_not_count(desk: JobDesk) -> None:
    quota = Quota(queued_jobs=1, render_seconds_a_day=1)
    submitted(desk, quota, "anna")
    submitted(desk, quota, "berta")
    submitted(desk, Quota(), "anna")


def test_a_job_that_was_handed_in_before_is_told_whatever_the_quota(desk: JobDesk) -> None:
    quota = Quota(queued_jobs=1)
    assert submitted(desk, quota, key="k") == submitted(desk, quota, key="k")


def test_of_many_at_the_same_time_no_more_come_in_than_may(desk: JobDesk) -> None:
    def attempt(_: int) -> bool:
        try:
            submitted(desk, Quota(queued_jobs=5))
        except QuotaReached:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(40))) == 5


def test_a_caller_is_rendered_for_as_long_as_it_may(desk: JobDesk, engine: sa.Engine, now_ms: int) -> None:
    quota = Quota(render_seconds_a_day=100)
    worked(engine, submitted(desk, quota), 99.9, now_ms)
    worked(engine, submitted(desk, quota), 0.1, now_ms)
    with pytest.raises(QuotaReached) as refused:
        submitted(desk, quota)
    assert refused.value.code == "quota_render_seconds"


def test_work_of_yesterday_does_not_count(desk: JobDesk, engine: sa.Engine, now_ms: int) -> None:
    quota = Quota(render_seconds_a_day=100)
    worked(engine, submitted(desk, quota), 1000, now_ms - _DAY_MS)
    submitted(desk, quota)


def test_it_is_told_to_the_second_when_enough_work_will_be_of_yesterday(
    desk: JobDesk, engine: sa.Engine, now_ms: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    quota = Quota(render_seconds_a_day=100)
    ids = [submitted(desk, quota) for _ in range(3)]
    # 120 s of work: the first job's end does not make room, since 100 s are left then; the second one's does.
    for id, seconds, ago_seconds in zip(ids, (20, 50, 50), (5000, 3000, 1000), strict=True):
        worked(engine, id, seconds, now_ms - ago_seconds * 1000)
    with pytest.raises(QuotaReached) as refused:
        submitted(desk, quota)
    wait_ms = refused.value.retry_after_seconds * 1000
    assert wait_ms == _DAY_MS - 3000 * 1000

    monkeypatch.setattr(quotas, "now_ms", lambda: now_ms + wait_ms - 1000)
    with pytest.raises(QuotaReached):
        submitted(desk, quota)
    monkeypatch.setattr(quotas, "now_ms", lambda: now_ms + wait_ms)
    submitted(desk, quota)
