"""What every workflow that we hand out keeps to."""

import json
import re
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from src.api.door import Door, Entry
from src.bus.layout import JOBS
from src.settings import Settings
from src.store.jobs.database import database_url, open_database
from src.store.jobs.desk import JobDesk
from src.store.keys import KeyRing
from tests.unit.api.running import application

FOLDER = Path(__file__).parents[2] / "n8n"
FILES = sorted((FOLDER / "workflows").glob("*.json"))
#: What the script that imports workflows makes.
CREDENTIALS = {"neuroshorts-api-key": "httpHeaderAuth", "neuroshorts-rabbitmq": "rabbitmq"}
API_URL = "http://api:8000"
#: Longest note that is read at all.
NOTE_CHARACTERS = 900
#: Width and height of a node with its name, in the editor's pixels.
NODE_PX = (180, 140)


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def workflow(request: pytest.FixtureRequest) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(request.param.read_text(encoding="utf-8"))
    return read


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in workflow["nodes"] if not node["type"].endswith(".stickyNote")]


def test_there_are_workflows() -> None:
    assert [file.stem for file in FILES] == ["batch", "errors", "poll", "queue", "render"]


def test_ids_and_webhook_paths_are_used_once() -> None:
    read = [json.loads(file.read_text(encoding="utf-8")) for file in FILES]
    nodes = [node for workflow in read for node in workflow["nodes"]]
    ids = [node["id"] for node in nodes] + [workflow["id"] for workflow in read]
    paths = [node["parameters"]["path"] for node in nodes if node["type"].endswith(".webhook")]
    assert len(ids) == len(set(ids))
    assert len(paths) == len(set(paths))


def test_a_sticky_note_explains_it(workflow: dict[str, Any]) -> None:
    (note,) = (node for node in workflow["nodes"] if node["type"] == "n8n-nodes-base.stickyNote")
    assert note["parameters"]["content"].startswith("## ")
    assert 200 < len(note["parameters"]["content"]) < NOTE_CHARACTERS


def test_every_connection_leads_to_a_node_and_every_node_is_reached(workflow: dict[str, Any]) -> None:
    names = {node["name"] for node in steps(workflow)}
    starts = {
        node["name"] for node in steps(workflow) if node["type"].endswith((".webhook", ".scheduleTrigger"))
    }
    links = [
        (source, link["node"])
        for source, outputs in workflow["connections"].items()
        for link in chain.from_iterable(outputs["main"])
    ]
    assert {source for source, _ in links} <= names
    assert {target for _, target in links} | starts == names
    assert len(starts) == 1


def test_names_in_expressions_are_those_of_nodes(workflow: dict[str, Any]) -> None:
    names = {node["name"] for node in steps(workflow)}
    assert set(re.findall(r"\$\('([^']+)'\)", json.dumps(workflow))) <= names


def test_it_carries_no_secret_and_no_address_but_the_default(workflow: dict[str, Any]) -> None:
    used = [credential for node in workflow["nodes"] for credential in node.get("credentials", {}).items()]
    assert all(set(named) == {"id", "name"} for _, named in used)
    assert all(CREDENTIALS[named["id"]] == kind for kind, named in used)
    assert set(re.findall(r"\w+://[^\"\s{]+", json.dumps(workflow))) <= {API_URL}
    assert workflow["active"] is False
    assert workflow["pinData"] == {}


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """List methods and paths that the service answers, with a star for each name."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"))
    engine = open_database(database_url(settings))
    door = Door(KeyRing(engine), Entry.ANYBODY, settings)
    document = application(settings, engine, JobDesk(engine, 1), door).openapi()
    engine.dispose()
    return {
        (method.upper(), re.sub(r"\{\w+\}", "*", path))
        for path, methods in document["paths"].items()
        for method in methods
    }


def test_requests_are_those_that_the_service_answers(
    workflow: dict[str, Any], routes: set[tuple[str, str]]
) -> None:
    base = "={{ $('Settings').first().json.api }}"
    for node in steps(workflow):
        if node["type"] == "n8n-nodes-base.httpRequest":
            parameters = node["parameters"]
            assert parameters["url"].startswith(base)
            path = re.sub(r"\{\{.*?\}\}", "*", parameters["url"].removeprefix(base))
            assert (parameters["method"], path) in routes


def test_jobs_are_published_to_the_queue_that_is_read(workflow: dict[str, Any]) -> None:
    for node in steps(workflow):
        if node["type"] == "n8n-nodes-base.rabbitmq":
            arguments = node["parameters"]["options"]["arguments"]["argument"]
            assert node["parameters"]["queue"] == JOBS
            assert {argument["key"] for argument in arguments} == {"persistent", "messageId", "contentType"}


def test_what_waits_to_be_called_takes_a_post_and_gives_up_some_day(workflow: dict[str, Any]) -> None:
    for node in steps(workflow):
        if node["parameters"].get("resume") == "webhook":
            assert node["parameters"]["httpMethod"] == "POST"
            assert node["parameters"]["limitWaitTime"] is True


def test_nodes_lie_beside_each_other_and_below_the_note(workflow: dict[str, Any]) -> None:
    (note,) = (node for node in workflow["nodes"] if node["type"] == "n8n-nodes-base.stickyNote")
    bottom = note["position"][1] + note["parameters"]["height"]
    places = [node["position"] for node in steps(workflow)]
    for number, (x, y) in enumerate(places):
        assert y >= bottom or x >= note["position"][0] + note["parameters"]["width"]
        for other_x, other_y in places[:number]:
            assert abs(x - other_x) >= NODE_PX[0] or abs(y - other_y) >= NODE_PX[1]
