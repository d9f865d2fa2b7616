"""Our workflows in a real n8n, with real renders: they end with a link that plays, whatever is restarted.

Needs what `make n8n` installs.
"""

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from tests.e2e.customer import LONG, SHORT, check_film, job_of
from tests.e2e.studio import MAX_ATTEMPTS, Studio, opened
from tests.services import n8n as n8n_server
from tests.services.missing import Missing
from tests.services.n8n import N8n
from tests.services.n8n_api import outputs
from tests.services.postgres import Postgres
from tests.services.rabbitmq import RabbitMQ
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="starts an n8n of its own")


@pytest.fixture(scope="module")
def studio(
    postgres: Postgres, started_rabbitmq: RabbitMQ, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("studio")
    (folder / "n8n").mkdir()
    started_rabbitmq.clear()
    try:
        with (
            n8n_server.installed(folder / "n8n", postgres) as n8n,
            opened(folder, postgres, started_rabbitmq, n8n) as built,
        ):
            n8n.bring_in(built.settings_of_n8n())
            n8n.start()
            n8n.sign_up()
            yield built
    except Missing as missing:  # it takes 2.4 GB: CI does without
        pytest.skip(str(missing))


def kill_a_render(studio: Studio) -> None:
    """Kill the processes that render, once there are any."""
    renders = eventually(studio.renders)
    for pid in renders:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    eventually(lambda: not set(renders) & set(studio.renders()))


@pytest.mark.parametrize("path", ["render", "queue", "poll", "errors"])
def test_a_workflow_ends_with_a_link_that_plays(studio: Studio, path: str) -> None:
    job = job_of(path, SHORT)
    execution = studio.n8n.until(studio.hand_in(path, job), "success", "error")
    check_film(studio, execution, job)
    assert len(studio.jobs(job["metadata"])) == 1


def test_a_job_that_is_refused_is_told_with_code_path_and_message(studio: Studio) -> None:
    id = studio.hand_in("errors", {"scenes": [{"text": "Hello", "colour": "red"}]})
    execution = studio.n8n.until(id, "success", "error")
    (told,) = outputs(execution, "What went wrong")
    assert execution["status"] == "success"
    assert (told["code"], told["path"]) == ("unknown_field", "scenes[0].colour")
    assert told["message"]


@pytest.mark.parametrize("path", ["render", "poll"])
def test_a_caller_is_told_what_is_wrong_with_a_job(studio: Studio, path: str) -> None:
    answer = studio.n8n.call(f"neuroshorts/{path}", {"scenes": [{"text": "Hello", "colour": "red"}]})
    assert answer.status_code == 422
    (problem,) = answer.json()["problems"]
    assert problem["path"] == "scenes[0].colour"
    execution = studio.n8n.until(answer.json()["execution_id"], "success", "error")
    assert "scenes[0].colour" in execution["data"]["resultData"]["error"]["message"]


def test_a_published_job_that_is_refused_ends_its_execution_with_the_reason(studio: Studio) -> None:
    execution = studio.n8n.until(studio.hand_in("queue", {"scenes": []}), "success", "error")
    assert execution["status"] == "error"
    assert "scenes" in execution["data"]["resultData"]["error"]["message"]


def test_a_job_that_fails_for_no_fault_of_its_own_is_handed_in_again(studio: Studio) -> None:
    job = job_of("again", LONG)
    id = studio.hand_in("errors", job)
    for _ in range(MAX_ATTEMPTS):
        kill_a_render(studio)
    execution = studio.n8n.until(id, "success", "error")
    check_film(studio, execution, job)
    first, second = studio.jobs(job["metadata"])
    assert (first["status"], first["error"]["code"], second["status"]) == ("failed", "worker_lost", "done")


def test_a_job_that_nobody_takes_in_is_handed_in_a_minute_later(studio: Studio) -> None:
    job = job_of("nobody answers", SHORT)
    studio.interface.kill()
    id = studio.hand_in("errors", job)
    studio.n8n.until(id, "waiting")
    studio.interface.start()
    check_film(studio, studio.n8n.until(id, "success", "error"), job)


def test_each_row_of_a_spreadsheet_becomes_a_film(studio: Studio) -> None:
    execution = studio.n8n.until(studio.n8n.run("neuroshorts-batch", "Every morning"), "success", "error")
    rows = outputs(execution, "Results")
    assert [(row["row"], row["status"]) for row in rows] == [
        ("moon", "done"),
        ("sea", "done"),
        ("sand", "done"),
    ]
    assert all(studio.film(row["url"]).width == 1080 for row in rows)


def versions_of(n8n: N8n) -> dict[str, tuple[str, bool]]:
    """Tell the version of each workflow, and whether it is published; n8n lists them in any order."""
    return {flow["id"]: (flow["versionId"], flow["active"]) for flow in n8n.workflows()}


def test_importing_again_leaves_workflows_as_they_are(studio: Studio) -> None:
    before = versions_of(studio.n8n)
    assert studio.n8n.bring_in(studio.settings_of_n8n()) == "imported: nothing new\n"
    assert versions_of(studio.n8n) == before


@pytest.mark.parametrize("ending", ["stop", "kill"])
def test_executions_that_wait_go_on_after_a_restart_of_n8n(studio: Studio, ending: str) -> None:
    jobs = {path: job_of(f"{path}, n8n restarted after {ending}", LONG) for path in ("render", "queue")}
    ids = {path: studio.hand_in(path, job) for path, job in jobs.items()}
    for id in ids.values():
        studio.n8n.until(id, "waiting")
    {"stop": studio.n8n.stop, "kill": studio.n8n.kill}[ending]()
    eventually(lambda: all(studio.jobs(job["metadata"])[0]["finished_at"] for job in jobs.values()), 180)
    studio.n8n.start()
    for path, job in jobs.items():
        check_film(studio, studio.n8n.until(ids[path], "success", "error"), job)


def test_a_worker_killed_in_the_middle_of_a_render_costs_nothing(studio: Studio) -> None:
    job = job_of("worker killed", LONG)
    id = studio.hand_in("render", job)
    studio.until_rendering(job["metadata"])
    studio.worker.restart_killed()
    check_film(studio, studio.n8n.until(id, "success", "error"), job)
    assert [status["attempts"] for status in studio.jobs(job["metadata"])] == [2]


def test_a_restart_of_rabbitmq_costs_nothing(studio: Studio) -> None:
    running, next = job_of("rendering while it goes", LONG), job_of("published while it is away", SHORT)
    first = studio.hand_in("queue", running)
    studio.until_rendering(running["metadata"])
    with ThreadPoolExecutor() as pool:
        studio.broker.stop()
        published = pool.submit(studio.hand_in, "queue", next)
        studio.broker.start()
        second = published.result()
    check_film(studio, studio.n8n.until(first, "success", "error"), running)
    check_film(studio, studio.n8n.until(second, "success", "error"), next)
