"""The store counted, on both databases."""

import sqlalchemy as sa

from src.models.callbacks import Callbacks
from src.models.status import State
from src.models.webhooks import WebhookState
from src.store.jobs.census import take_census
from src.store.jobs.desk import JobDesk
from src.store.jobs.queue import JobQueue
from src.store.jobs.submission import Submission
from src.store.jobs.tables import job
from tests.unit.store.jobs.results import ERROR

TOLD = Submission(b"{}", callbacks=Callbacks(webhook_url="https://example.com/told"))


def test_an_empty_store_tells_zero_of_everything(engine: sa.Engine) -> None:
    census = take_census(engine)
    assert census.jobs == {state.value: 0 for state in State}
    assert census.webhooks == dict.fromkeys(WebhookState, 0)
    assert census.oldest_queued_seconds == 0


def test_jobs_and_webhooks_are_counted_by_state(engine: sa.Engine, desk: JobDesk, queue: JobQueue) -> None:
    desk.submit(TOLD)
    claim = queue.claim("me")
    assert claim
    queue.fail(claim, ERROR)
    old = desk.submit(Submission(b"{}")).status.id
    desk.submit(Submission(b"{}"))
    with engine.begin() as connection:
        connection.execute(job.update().where(job.c.id == old).values(created_ms=job.c.created_ms - 60_000))
    census = take_census(engine)
    assert {state: count for state, count in census.jobs.items() if count} == {"failed": 1, "queued": 2}
    assert census.webhooks["waiting"] == 1
    assert 60 <= census.oldest_queued_seconds < 90
