"""The OpenAPI document says what the service does: made-up requests get documented answers, and no 5xx."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from src.api.door import Door, Entry
from src.settings import Settings
from src.store.jobs.database import database_url, open_database
from src.store.jobs.desk import JobDesk
from src.store.keys import KeyOrder, KeyRing
from tests.unit.api.running import application


class Built(NamedTuple):
    """An application, and what callers send along to be let in."""

    app: FastAPI
    headers: dict[str, str]


@contextmanager
def building(folder: Path, entry: Entry = Entry.ANYBODY) -> Iterator[Built]:
    """Build an application that answers until the block ends."""
    known = Settings(data_dir=folder, key_requests_a_minute=0)
    engine = open_database(database_url(known))
    ring = KeyRing(engine)
    app = application(known, engine, JobDesk(engine, known.max_queued_jobs), Door(ring, entry, known))
    headers = {}
    if entry is not Entry.ANYBODY:
        _, text = ring.create(KeyOrder("tester"))
        headers["Authorization"] = f"Bearer {text}"
    try:
        yield Built(app, headers)
    finally:
        engine.dispose()


@pytest.fixture(scope="module", params=[Entry.ANYBODY, Entry.NOBODY], ids=["without keys", "with keys"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """Build an application in this process."""
    with building(tmp_path_factory.mktemp("data"), request.param) as made:
        yield made


@pytest.mark.no_cover
def test_every_answer_is_documented(built: Built, pytestconfig: pytest.Config) -> None:
    examples: int = pytestconfig.getoption("--api-examples")
    document = schemathesis.openapi.from_asgi("/openapi.json", built.app)
    for found in document.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(
            max_examples=examples,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def holds(case: schemathesis.Case[Any]) -> None:
            # A job has rules that JSON Schema cannot tell: a scene needs something to show.
            case.call_and_validate(headers=built.headers, excluded_checks=[positive_data_acceptance])

        holds()


def test_every_route_documents_its_problems(tmp_path: Path) -> None:
    with building(tmp_path) as made:
        document = made.app.openapi()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            problems = {status: told for status, told in operation["responses"].items() if int(status) >= 400}
            assert {"500", "503"} <= problems.keys(), (method, path)
            if "security" in operation:
                assert {"401", "403", "429"} <= problems.keys(), (method, path)
            for told in problems.values():
                assert list(told["content"]) == ["application/problem+json"], (method, path)


@pytest.mark.parametrize(("entry", "ways"), [(Entry.NOBODY, 2), (Entry.THIS_MACHINE, 3), (Entry.ANYBODY, 3)])
def test_it_is_documented_how_to_present_a_key_and_whether_one_is_needed(
    tmp_path: Path, entry: Entry, ways: int
) -> None:
    with building(tmp_path, entry) as made:
        document = made.app.openapi()
    assert document["paths"]["/render"]["post"]["security"] == [{"bearer": []}, {"apiKey": []}, {}][:ways]
    assert "security" not in document["paths"]["/healthz"]["get"]
    schemes = document["components"]["securitySchemes"]
    assert (schemes["bearer"]["scheme"], schemes["apiKey"]["name"]) == ("bearer", "X-API-Key")
