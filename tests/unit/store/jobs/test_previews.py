"""Frames of films in the making, on both databases: shown by who holds the job, gone with its end."""

import pytest
import sqlalchemy as sa

from src.store.jobs.desk import JobDesk
from src.store.jobs.previews import Previews
from src.store.jobs.queue import Claim, JobQueue
from src.store.jobs.submission import Submission


@pytest.fixture
def previews(engine: sa.Engine) -> Previews:
    return Previews(engine)


@pytest.fixture
def claim(desk: JobDesk, queue: JobQueue) -> Claim:
    """Hold a job."""
    desk.submit(Submission(b"{}"))
    claim = queue.claim("me")
    assert claim
    return claim


def test_each_frame_takes_the_place_of_the_one_before(previews: Previews, claim: Claim) -> None:
    assert previews.get(claim.id) is None
    assert previews.shown_ms(claim.id) is None
    assert previews.keep(claim.id, claim.token, b"first")
    assert previews.keep(claim.id, claim.token, b"second")
    frame = previews.get(claim.id)
    assert frame
    assert frame.jpeg == b"second"
    assert previews.shown_ms(claim.id) == frame.shown_ms


def test_a_worker_that_lost_its_job_shows_nothing(previews: Previews, claim: Claim, queue: JobQueue) -> None:
    assert not previews.keep(claim.id, "0" * 32, b"of another attempt")
    queue.cancelled(claim)
    assert not previews.keep(claim.id, claim.token, b"too late")
    assert previews.get(claim.id) is None


def test_frames_go_when_nobody_works_on_their_job(
    previews: Previews, claim: Claim, desk: JobDesk, queue: JobQueue
) -> None:
    desk.submit(Submission(b"{}"))
    other = queue.claim("me")
    assert other
    for held in (claim, other):
        previews.keep(held.id, held.token, b"frame")
    assert previews.clear() == 0
    queue.cancelled(claim)
    assert previews.clear() == 1
    assert previews.get(claim.id) is None
    assert previews.get(other.id)
    queue.hand_back(other, "stopped")
    assert previews.clear() == 1
