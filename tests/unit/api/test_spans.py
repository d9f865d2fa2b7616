"""Each request belongs to a trace, is told in the log, and counted."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rich.console import Console

from src import log
from src.log import ConsoleLog
from src.trace import TraceContext
from tests.conftest import LoggedErrors
from tests.unit.api.running import HELLO, Running
from tests.waiting import eventually

TRACE = "0af7651916cd43dd8448eb211c80319c"
TRACEPARENT = f"00-{TRACE}-b7ad6b7169203331-01"


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    """Log everything to a file."""
    file = log.configure(tmp_path, "DEBUG", ConsoleLog(Console(file=io.StringIO()), "ERROR", as_json=True))
    assert file
    return file


def events(file: Path, name: str, count: int = 1) -> list[dict[str, Any]]:
    """Read events of a name when there are so many: a request is told after it was answered."""

    def found() -> list[dict[str, Any]]:
        told = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        return [event for event in told if event["event"] == name]

    return eventually(lambda: told if len(told := found()) >= count else [])


def trace_of(header: str) -> str:
    context = TraceContext.read(header)
    assert context
    return context.trace_id


def test_a_request_goes_on_with_the_trace_of_its_caller_in_a_span_of_its_own(service: Running) -> None:
    answer = service.client.get("/healthz", headers={"traceparent": TRACEPARENT})
    assert trace_of(answer.headers["traceparent"]) == TRACE
    assert answer.headers["traceparent"] != TRACEPARENT


@pytest.mark.parametrize(
    "headers", [[], [("traceparent", "00-what-is-this")], [("traceparent", TRACEPARENT)] * 2]
)
def test_a_request_without_a_trace_begins_one(service: Running, headers: list[tuple[str, str]]) -> None:
    told = {trace_of(service.client.get("/", headers=headers).headers["traceparent"]) for _ in range(2)}
    assert len(told) == 2
    assert TRACE not in told


@pytest.mark.parametrize(
    ("path", "body"), [("/render", HELLO), ("/render/batch", [{**HELLO, "metadata": {"a": 1}}])]
)
def test_a_job_belongs_to_the_trace_of_who_handed_it_in(service: Running, path: str, body: Any) -> None:
    answer = service.client.post(path, json=body, headers={"traceparent": TRACEPARENT})
    accepted = answer.json() if path == "/render" else answer.json()[0]["accepted"]
    claim = service.claim(accepted["id"])
    assert trace_of(claim.traceparent) == TRACE
    service.queue.cancelled(claim)
    again = service.client.post(f"/jobs/{claim.id}/retry", headers={"traceparent": TRACEPARENT}).json()
    assert trace_of(service.claim(again["id"]).traceparent) == TRACE


def test_each_request_is_told_by_its_template(service: Running, log_file: Path) -> None:
    for method, path in [("GET", "/jobs/secret"), ("BREW", "/share/secret"), ("GET", "/nothing/secret")]:
        service.client.request(method, path, headers={"traceparent": TRACEPARENT})
    answer = service.client.get("/capabilities")
    told = events(log_file, "request_answered", 4)
    assert [(event["method"], event["route"], event["status"]) for event in told] == [
        ("GET", "/jobs/{id}", 404),
        ("other", "/share/{token}", 405),
        ("GET", "other", 404),
        ("GET", "/capabilities", 200),
    ]
    assert [event["trace_id"] for event in told[:3]] == [TRACE] * 3
    assert told[3]["bytes"] == len(answer.content)
    assert 0 < told[3]["seconds"] < 20
    assert {event["level"] for event in told} == {"INFO"}
    assert "secret" not in log_file.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_what_machines_ask_every_few_seconds_is_told_quietly(
    service: Running, log_file: Path, path: str
) -> None:
    assert service.client.get(path).status_code == 200
    assert [event["level"] for event in events(log_file, "request_answered")] == ["DEBUG"]


def test_what_is_logged_for_a_request_carries_its_trace_also_from_threads(
    service: Running, log_file: Path, monkeypatch: pytest.MonkeyPatch, logged_errors: LoggedErrors
) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise sa.exc.OperationalError("select", {}, Exception("gone"))

    def breaks(*_: Any) -> None:
        raise RuntimeError("broken")

    logged_errors.expect()
    monkeypatch.setattr(service.desk, "page", away)
    monkeypatch.setattr(service.desk, "status", breaks)
    for path, event in [("/jobs", "database_away"), (f"/jobs/{'0' * 32}", "request_broke")]:
        answer = service.client.get(path, headers={"traceparent": TRACEPARENT})
        assert trace_of(answer.headers["traceparent"]) == TRACE
        assert [told["trace_id"] for told in events(log_file, event)] == [TRACE]
    service.client.post("/render", json=HELLO, headers={"traceparent": TRACEPARENT})


def test_requests_are_counted_by_template_and_status(service: Running) -> None:
    def count(status: str) -> float:
        lines = service.client.get("/metrics").text.splitlines()
        wanted = 'neuroshorts_http_request_duration_seconds_count{method="GET",route="/jobs/{id}/poster",'
        found = [line for line in lines if line.startswith(f'{wanted}status="{status}"')]
        return float(found[0].split()[-1]) if found else 0

    for _ in range(3):
        service.client.get(f"/jobs/{'0' * 32}/poster")
    assert count("404") == 3
