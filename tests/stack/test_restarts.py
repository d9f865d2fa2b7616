"""Parts of the stack restarted in the middle: executions end in success, once."""

import os
import signal

import pytest

from tests.e2e.customer import LONG, SHORT, check_film, job_of
from tests.stack.record import Record
from tests.stack.stack import Stack
from tests.waiting import eventually

#: Seconds after which the job of a worker that was killed has been taken up and finished by somebody.
_RECOVERY_SECONDS = 300.0


@pytest.mark.parametrize("path", ["render", "queue"])
def test_an_execution_that_waits_goes_on_after_a_restart_of_n8n(
    stack: Stack, record: Record, path: str
) -> None:
    job = job_of(f"{path}, n8n restarted", LONG)
    id = stack.hand_in(path, job)
    stack.n8n.until(id, "waiting")
    with record.timed(f"n8n restarted while {path} waits"):
        stack.compose("restart", "n8n")
        eventually(stack.n8n.is_ready, 180)
    check_film(stack, stack.n8n.until(id, "success", "error"), job)
    assert len(stack.jobs(job["metadata"])) == 1


def test_a_worker_killed_in_the_middle_of_a_render_comes_back_and_costs_nothing(
    stack: Stack, record: Record
) -> None:
    job = job_of("worker killed", LONG)
    id = stack.hand_in("render", job)
    worker = stack.until_rendering(job["metadata"])
    os.kill(worker.first_process, signal.SIGKILL)
    with record.timed("success after a worker was killed"):
        execution = stack.n8n.until(id, "success", "error", seconds=_RECOVERY_SECONDS)
    check_film(stack, execution, job)
    (told,) = stack.jobs(job["metadata"])
    assert told["attempts"] == 2
    assert worker.facts["RestartCount"] >= 1


def test_a_restart_of_rabbitmq_costs_nothing(stack: Stack, record: Record) -> None:
    running, next = job_of("rendering while it goes", LONG), job_of("published afterwards", SHORT)
    first = stack.hand_in("queue", running)
    stack.until_rendering(running["metadata"])
    with record.timed("RabbitMQ restarted in the middle of a render"):
        stack.compose("restart", "rabbitmq")
        second = stack.hand_in("queue", next)
        check_film(stack, stack.n8n.until(first, "success", "error"), running)
        check_film(stack, stack.n8n.until(second, "success", "error"), next)
    assert len(stack.jobs(running["metadata"])) == 1
