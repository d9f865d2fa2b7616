"""More workers: as many films at the same time, and nothing lost when one of them is stopped."""

from collections.abc import Iterator

import pytest

from tests.e2e.customer import LONG, check_film, job_of
from tests.stack.record import Record
from tests.stack.stack import Stack
from tests.waiting import eventually

#: Seconds that three films may take that share this machine.
_PATIENCE_SECONDS = 300.0


@pytest.fixture
def three_workers(stack: Stack, record: Record) -> Iterator[Stack]:
    with record.timed("docker compose up --scale worker=3"):
        stack.scale(3)
    yield stack
    stack.scale(1)


def test_three_workers_render_three_films_at_the_same_time(three_workers: Stack, record: Record) -> None:
    stack = three_workers
    jobs = [job_of(f"{number} of three", LONG) for number in range(3)]
    with record.timed("three films by three workers"):
        ids = [stack.hand_in("render", job) for job in jobs]
        eventually(lambda: len(stack.busy_workers()) == 3)
        executions = [stack.n8n.until(id, "success", "error", seconds=_PATIENCE_SECONDS) for id in ids]
    for execution, job in zip(executions, jobs, strict=True):
        check_film(stack, execution, job)
        assert len(stack.jobs(job["metadata"])) == 1


def test_a_busy_worker_that_is_stopped_loses_nothing(three_workers: Stack, record: Record) -> None:
    stack = three_workers
    job = job_of("worker stopped", LONG)
    id = stack.hand_in("render", job)
    worker = stack.until_rendering(job["metadata"])
    with record.timed("docker stop of a busy worker"):
        stack.docker("stop", worker.id)
    state = worker.facts["State"]
    assert (state["Status"], state["ExitCode"], state["OOMKilled"]) == ("exited", 0, False)
    check_film(stack, stack.n8n.until(id, "success", "error", seconds=_PATIENCE_SECONDS), job)
    assert len(stack.jobs(job["metadata"])) == 1
