"""Our nodes in a real n8n: Render and Wait, Get Job, and the trigger that checks signatures.

Needs what `make n8n` and `make n8n-node` make.
"""

import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.command import ROOT
from tests.e2e.studio import Studio, opened
from tests.services import n8n as n8n_server
from tests.services.missing import Missing
from tests.services.n8n_api import outputs
from tests.services.postgres import Postgres
from tests.services.rabbitmq import RabbitMQ
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="starts an n8n of its own")

BUILT = ROOT / "n8n" / "n8n-nodes-neuroshorts" / "dist"
SHORT: dict[str, Any] = {
    "output": {"width": 180, "height": 320, "poster": None},
    "scenes": [{"text": "", "duration": 1}],
}
CREDENTIAL = {"id": "neuroshorts-api", "name": "NeuroShorts API"}


def webhook(path: str) -> dict[str, Any]:
    parameters = {"httpMethod": "POST", "path": path, "responseMode": "responseNode", "options": {}}
    return node("Start", "n8n-nodes-base.webhook", parameters, typeVersion=2, webhookId=path)


def answer() -> dict[str, Any]:
    parameters = {
        "respondWith": "json",
        "responseBody": "={{ JSON.stringify({ execution_id: $execution.id }) }}",
        "options": {"responseCode": 202},
    }
    return node("Answer", "n8n-nodes-base.respondToWebhook", parameters)


def node(name: str, type: str, parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
    own = {"id": f"id-of-{name}", "name": name, "type": type, "typeVersion": 1, "position": [0, 0]}
    return {**own, "parameters": parameters, **more}


def ours(name: str, type: str, **parameters: Any) -> dict[str, Any]:
    return node(name, f"CUSTOM.{type}", parameters, credentials={"neuroShortsApi": CREDENTIAL})


def workflow(id: str, *nodes: dict[str, Any]) -> dict[str, Any]:
    """Put nodes into a row."""
    names = [each["name"] for each in nodes]
    links = pairwise(names)
    connections = {
        source: {"main": [[{"node": target, "type": "main", "index": 0}]]} for source, target in links
    }
    settings = {"executionOrder": "v1"}
    return {"id": id, "name": id, "nodes": nodes, "connections": connections, "settings": settings}


WORKFLOWS = (
    workflow(
        "wait",
        webhook("neuroshorts/wait"),
        answer(),
        ours(
            "Short",
            "neuroShorts",
            operation="renderAndWait",
            job="={{ $('Start').first().json.body }}",
            hours=1,
        ),
        ours("Asked", "neuroShorts", operation="get", jobId="={{ $json.id }}"),
    ),
    workflow(
        "cancel",
        webhook("neuroshorts/cancel"),
        answer(),
        ours("Handed in", "neuroShorts", operation="render", job="={{ $('Start').first().json.body }}"),
        ours("Cancelled", "neuroShorts", operation="cancel", jobId="={{ $json.id }}"),
    ),
    workflow(
        "triggered",
        {**ours("Ended", "neuroShortsTrigger", statuses=["done"]), "webhookId": "triggered"},
    ),
)


def bring_in(studio: Studio, folder: Path) -> None:
    """Import the workflows of this test, with their credential, and publish them."""
    data = {"baseUrl": studio.url, "apiKey": studio.key, "webhookSecret": studio.told("webhook-secret")}
    credential = {**CREDENTIAL, "type": "neuroShortsApi", "data": data}
    for kind, content in (("credentials", [credential]), ("workflow", WORKFLOWS)):
        file = folder / f"{kind}.json"
        file.write_text(json.dumps(content))
        studio.n8n.command(f"import:{kind}", f"--input={file}")
    for each in WORKFLOWS:
        studio.n8n.command("publish:workflow", f"--id={each['id']}")


@pytest.fixture(scope="module")
def studio(
    postgres: Postgres, started_rabbitmq: RabbitMQ, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Studio]:
    if not BUILT.exists():
        pytest.skip("the nodes for n8n are not built: make n8n-node")
    folder = tmp_path_factory.mktemp("studio")
    (folder / "n8n").mkdir()
    started_rabbitmq.clear()
    try:
        with (
            n8n_server.installed(folder / "n8n", postgres, BUILT) as n8n,
            opened(folder, postgres, started_rabbitmq, n8n) as built,
        ):
            bring_in(built, folder)
            n8n.start()
            n8n.sign_up()
            yield built
    except Missing as missing:
        pytest.skip(str(missing))


def test_render_and_wait_sleeps_until_the_film_is_there(studio: Studio) -> None:
    job = {**SHORT, "metadata": {"test": "waits"}}
    execution = studio.n8n.until(studio.hand_in("wait", job), "success", "error")
    (status,) = outputs(execution, "Short")
    (asked,) = outputs(execution, "Asked")
    assert execution["status"] == "success"
    assert (status["status"], asked["status"]) == ("done", "done")
    assert studio.film(status["result"]["url"]).width == 180
    assert len(studio.jobs(job["metadata"])) == 1


def test_render_and_wait_tells_what_is_wrong_with_a_job(studio: Studio) -> None:
    job = {"scenes": [{"text": "Hello", "colour": "red"}]}
    execution = studio.n8n.until(studio.hand_in("wait", job), "success", "error")
    error = execution["data"]["resultData"]["error"]
    assert execution["status"] == "error"
    assert "scenes[0].colour" in error["message"] + error["description"]


def test_a_job_is_handed_in_and_cancelled(studio: Studio) -> None:
    job = {**SHORT, "scenes": [{"text": "", "duration": 60}], "metadata": {"test": "cancelled"}}
    execution = studio.n8n.until(studio.hand_in("cancel", job), "success", "error")
    (handed_in,) = outputs(execution, "Handed in")
    (cancelled,) = outputs(execution, "Cancelled")
    assert execution["status"] == "success"
    assert cancelled["id"] == handed_in["id"]
    (status,) = eventually(lambda: [job for job in studio.jobs(job["metadata"]) if job["finished_at"]])
    assert (status["id"], status["status"]) == (handed_in["id"], "cancelled")


def test_the_trigger_starts_on_calls_that_we_signed_and_on_no_others(studio: Studio) -> None:
    path = "triggered/webhook"
    url = f"{studio.n8n.url}/webhook/{path}"
    forged = studio.n8n.call(path, {"status": "done"})
    assert forged.status_code == 401
    studio.post({**SHORT, "webhook_url": url})
    execution = studio.n8n.until(studio.n8n.newest("triggered"), "success", "error")
    (status,) = outputs(execution, "Ended")
    assert execution["status"] == "success"
    assert (status["status"], status["result"]["width"]) == ("done", 180)
    assert httpx.post(url, content=b"{}").status_code == 401
