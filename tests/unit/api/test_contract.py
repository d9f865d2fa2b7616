"""The OpenAPI document says what the service does: made-up requests get documented answers, and no 5xx."""

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from src.settings import Settings
from src.store.jobs.database import database_url, open_database
from src.store.jobs.desk import JobDesk
from tests.unit.api.running import application


def _built(folder: Path) -> FastAPI:
    known = Settings(data_dir=folder)
    engine = open_database(database_url(known))
    return application(known, engine, JobDesk(engine, known.max_queued_jobs))


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> schemathesis.BaseSchema:
    """Load the document from an application in this process."""
    app = _built(tmp_path_factory.mktemp("data"))
    return schemathesis.openapi.from_asgi("/openapi.json", app)


def test_every_answer_is_documented(document: schemathesis.BaseSchema) -> None:
    for found in document.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(
            max_examples=20,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def holds(case: schemathesis.Case[Any]) -> None:
            # A job has rules that JSON Schema cannot tell: a scene needs something to show.
            case.call_and_validate(excluded_checks=[positive_data_acceptance])

        holds()


def test_every_route_documents_its_problems(tmp_path: Path) -> None:
    for path, operations in _built(tmp_path).openapi()["paths"].items():
        for method, operation in operations.items():
            problems = {status: told for status, told in operation["responses"].items() if int(status) >= 400}
            assert {"500", "503"} <= problems.keys(), (method, path)
            for told in problems.values():
                assert list(told["content"]) == ["application/problem+json"], (method, path)
