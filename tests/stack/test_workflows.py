"""The stack from a clean checkout: everything is healthy, and workflows of n8n end with links that play."""

from typing import Any

import pytest

from tests.e2e.customer import SHORT, check_film, job_of
from tests.services.n8n_api import outputs
from tests.stack.images import COMPOSE, OURS, names
from tests.stack.record import Record
from tests.stack.stack import Stack

#: Who tells the version of what runs in a container.
_VERSIONS = {
    "api": "neuroshorts version",
    "postgres": "postgres --version",
    "rabbitmq": "rabbitmqctl version",
    "seaweedfs": "radosgw --version",
    "n8n": "n8n --version",
    "prometheus": "prometheus --version",
}
#: Of those that run once, and those that tell nobody how they are.
_ONCE, _SILENT = {"setup", "workflows"}, {"seaweedfs"}


def expected_state(service: str) -> str:
    return "exited 0" if service in _ONCE else "running" if service in _SILENT else "healthy"


def test_everything_is_healthy(stack: Stack) -> None:
    services = {name for name, service in COMPOSE["services"].items() if "profiles" not in service}
    states = stack.states()
    states.pop("prometheus", None)
    assert states == {service: expected_state(service) for service in services}


def test_versions_are_told(stack: Stack, record: Record) -> None:
    record.note("Docker", stack.docker("version", "--format", "{{.Server.Version}}").strip())
    record.note("Docker Compose", stack.compose("version", "--short").strip())
    record.note("grafana", "not started, for its image is not to be had without a registry")
    named = {**names(), "api": OURS}
    for service, command in _VERSIONS.items():
        told = stack.compose("exec", "-T", service, *command.split()).splitlines()[0]
        record.note(f"{service}, as {named[service]}", told)
        assert any(character.isdigit() for character in told)


@pytest.mark.parametrize("path", ["render", "queue", "poll", "errors"])
def test_a_workflow_ends_with_a_link_that_plays(stack: Stack, record: Record, path: str) -> None:
    job = job_of(path, SHORT)
    with record.timed(f"workflow {path}"):
        execution = stack.n8n.until(stack.hand_in(path, job), "success", "error")
    check_film(stack, execution, job)
    assert len(stack.jobs(job["metadata"])) == 1


def test_a_film_of_the_store_has_a_link_that_plays(stack: Stack) -> None:
    output: dict[str, Any] = {**SHORT["output"], "destinations": [{"type": "s3"}]}
    job = job_of("to the store", {**SHORT, "output": output})
    execution = stack.n8n.until(stack.hand_in("render", job), "success", "error")
    check_film(stack, execution, job)
    (film,) = outputs(execution, "Film")
    assert film["url"].startswith(stack.settings["S3_PUBLIC_URL"])


def test_a_job_that_is_refused_is_told_with_code_path_and_message(stack: Stack) -> None:
    id = stack.hand_in("errors", {"scenes": [{"text": "Hello", "colour": "red"}]})
    execution = stack.n8n.until(id, "success", "error")
    (told,) = outputs(execution, "What went wrong")
    assert (told["code"], told["path"]) == ("unknown_field", "scenes[0].colour")
