"""What runs in the containers: nobody of ours is root, and only what docs/stack.md names listens."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.e2e.command import ROOT
from tests.e2e.customer import LONG, check_film, job_of
from tests.stack.container import Container, Identity
from tests.stack.record import Record
from tests.stack.stack import Stack
from tests.waiting import eventually

#: The user and the group of our image.
_OURS = frozenset({10001})
#: What runs here, but for our one-shots; Ceph stands in for the S3 server, and has other ports.
_OTHERS = ("postgres", "rabbitmq", "n8n", "prometheus")
_ROW = re.compile(r"^\| `(\w+)` \| (\d+) \| ([^|]+) \| (?:`(\w+)_LISTEN`|inside only) \|$", re.MULTILINE)


class Port(NamedTuple):
    """A row of the documentation."""

    service: str
    number: int
    is_published: bool


def documented() -> Iterator[Port]:
    text = (ROOT / "docs" / "stack.md").read_text("utf-8")
    for service, number, _, setting in _ROW.findall(text):
        yield Port(service, int(number), bool(setting))


def ports_of(service: str) -> set[int]:
    return {port.number for port in documented() if port.service == service}


def assert_locked(identities: list[Identity]) -> None:
    """Check that processes are nobody, may nothing, and cannot gain anything."""
    assert identities
    for process in identities:
        assert process.users == _OURS, process
        assert process.capabilities == 0, process
        assert process.gains_nothing, process


def assert_closed(container: Container) -> None:
    """Check that nothing is written outside of volumes and nothing is published to everybody."""
    facts = container.facts["HostConfig"]
    assert facts["ReadonlyRootfs"] is True
    assert facts["Privileged"] is False
    assert {host for host, _ in container.published()} <= {"127.0.0.1"}


def test_the_interface_is_nobody_and_listens_where_it_is_documented(stack: Stack) -> None:
    interface = stack.container("api")
    assert_locked(interface.identities())
    assert_closed(interface)
    assert interface.listens_on() == ports_of("api")


def test_a_worker_in_the_middle_of_a_render_is_nobody_and_listens_where_it_is_documented(
    stack: Stack,
) -> None:
    job = job_of("looked at", LONG)
    id = stack.hand_in("render", job)
    worker = stack.until_rendering(job["metadata"])
    identities, listening = worker.identities(), worker.listens_on()
    assert any("src.worker.child" in process.command for process in identities)
    assert_locked(identities)
    assert_closed(worker)
    assert listening == ports_of("worker")
    check_film(stack, stack.n8n.until(id, "success", "error"), job)


@pytest.mark.parametrize("service", ["setup", "workflows"])
def test_what_runs_once_is_nobody_and_listens_nowhere(stack: Stack, service: str) -> None:
    before = {container.id for container in stack.containers(service)}
    assert len(before) == 1
    container = stack.container(service)
    stack.docker("start", container.id)
    seen: list[Identity] = []
    listening: set[int] = set()

    def has_ended() -> bool:
        seen.extend(container.identities())
        listening.update(container.listens_on())
        return bool(container.facts["State"]["Status"] == "exited")

    eventually(has_ended, 180)
    assert container.facts["State"]["ExitCode"] == 0
    assert seen
    assert all(process.users.isdisjoint({0}) for process in seen), seen
    assert all(process.capabilities == 0 and process.gains_nothing for process in seen), seen
    assert listening == ports_of(service) == set()


@pytest.mark.parametrize("service", _OTHERS)
def test_others_are_nobody_when_they_have_started_and_listen_where_it_is_documented(
    stack: Stack, service: str, record: Record
) -> None:
    container = stack.container(service)
    users: list[int] = []

    def are_nobody() -> bool:
        users[:] = {user for process in container.identities() for user in process.users}
        return bool(users) and 0 not in users

    # A health check comes and goes, and one image has it run by root.
    eventually(are_nobody)
    record.note(f"users and groups in {service}", sorted(users))
    assert container.listens_on() == ports_of(service)


def test_only_documented_ports_of_this_machine_lead_inside(stack: Stack) -> None:
    published = {
        Port(service, number, is_published=True)
        for service in ("api", "worker", "seaweedfs", "setup", "workflows", *_OTHERS)
        for container in stack.containers(service)
        for _, number in container.published()
    }
    expected = {port for port in documented() if port.is_published and port.service != "grafana"}
    assert published == expected
