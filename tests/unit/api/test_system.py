"""What holds for every answer, and what the service tells of itself."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.conftest import LoggedErrors
from tests.unit.api.running import Running, problem, running


def test_the_first_page_names_the_others(service: Running) -> None:
    told = service.client.get("/").json()
    assert told["name"] == "NeuroShorts"
    for path in told["links"].values():
        assert service.client.get(path).status_code == 200, path


def test_capabilities_name_what_a_job_may_ask_for(service: Running) -> None:
    told = service.client.get("/capabilities").json()
    assert "aurora" in told["backgrounds"]
    assert "highlight" in told["caption_styles"]
    assert "scenes" in told["job_schema"]["properties"]
    assert "en-us" in {voice["name"] for voice in told["voices"]}
    providers = {provider["provider"]: provider["is_set_up"] for provider in told["voice_providers"]}
    assert providers == {"espeak": True, "piper": True, "openai": False, "elevenlabs": False}
    assert told["limits"]["film_seconds"] == service.settings.max_film_seconds


def test_every_answer_carries_security_headers(service: Running) -> None:
    for path in ("/", "/nothing", "/docs", "/jobs", "/jobs/x"):
        headers = service.client.get(path, headers={"Origin": "https://evil.example"}).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(
    "path", ["/nothing", "/jobs/", "/render/x", "/share/", "/jobs/a/b/c", "/%00", "/%ff"]
)
def test_an_unknown_address_is_a_problem(service: Running, path: str) -> None:
    assert problem(service.client.get(path)) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/render"), ("POST", "/jobs"), ("PATCH", "/jobs/x"), ("BREW", "/")]
)
def test_another_method_is_a_problem(service: Running, method: str, path: str) -> None:
    answer = service.client.request(method, path)
    assert problem(answer) == (405, "method_not_allowed")
    assert answer.headers["allow"]


def test_a_page_of_another_site_may_not_ask_first(service: Running) -> None:
    answer = service.client.options(
        "/render", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    )
    assert problem(answer) == (405, "method_not_allowed")


@pytest.fixture
def breaking(service: Running, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """Have the database raise."""

    def breaks(error: Exception) -> None:
        def page(*_: Any, **__: Any) -> None:
            raise error

        monkeypatch.setattr(service.desk, "page", page)

    return breaks


def test_what_breaks_is_logged_and_not_told(
    service: Running, breaking: Any, logged_errors: LoggedErrors
) -> None:
    logged_errors.expect()
    breaking(RuntimeError("the password is hunter2"))
    answer = service.client.get("/jobs")
    assert problem(answer) == (500, "internal_error")
    assert "hunter2" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert [record.getMessage() for record in logged_errors.records] == ["request_broke"]


@pytest.mark.parametrize("path", ["/jobs", "/readyz"])
def test_a_database_that_is_away_is_told(service: Running, breaking: Any, path: str) -> None:
    breaking(sa.exc.OperationalError("select", {}, Exception("gone")))
    answer = service.client.get(path)
    assert problem(answer) == (503, "unavailable")
    assert answer.headers["retry-after"]
    assert service.client.get("/healthz").json()["status"] == "ok"


def test_it_is_ready_when_jobs_can_be_kept(tmp_path: Path) -> None:
    elsewhere = f"sqlite:///{tmp_path / 'jobs.sqlite3'}"
    with running(tmp_path / "data", database_url=elsewhere) as service:
        assert service.client.get("/readyz").json()["status"] == "ready"
        (tmp_path / "data" / "secret_key").unlink()
        (tmp_path / "data").rmdir()
        (tmp_path / "data").write_text("no folder")
        assert problem(service.client.get("/readyz")) == (503, "not_ready")


def test_the_page_of_the_description_loads_all_of_its_program_from_here(service: Running) -> None:
    page = service.client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "unsafe-inline" not in page.headers["content-security-policy"].split("style-src")[0]
    assert "http" not in page.headers["content-security-policy"]
    assert "http" not in page.text
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(loaded) == 3
    for path in loaded:
        answer = service.client.get(f"/{path}")
        assert answer.status_code == 200, path
        assert answer.headers["content-type"].partition(";")[0] in {"text/css", "text/javascript"}
        assert answer.content


def test_the_page_gives_no_other_file(service: Running) -> None:
    assert problem(service.client.get("/docs/core.py")) == (422, "invalid_request")


def test_a_page_without_its_program_says_what_to_install(
    service: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("src.api.pages.find_spec", lambda name: None)
    assert problem(service.client.get("/docs/swagger-ui.css")) == (404, "not_found")


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /jobs HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 1_000_000 + b"\r\n\r\n",
        b"GET /jobs HTTP/1.1\r\nHost: localhost\r\n" + b"X-Many: x\r\n" * 100_000 + b"\r\n",
        b"GET /jobs?cursor=" + b"x" * 1_000_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
)
def test_a_request_with_too_long_a_head_is_refused(service: Running, sent: bytes) -> None:
    assert not service.say(sent).startswith(b"HTTP/1.1 2")
