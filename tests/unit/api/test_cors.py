"""Pages of other sites call the service where the operator named their origins, and nowhere else."""

from collections.abc import Iterator

import pytest
from pydantic import ValidationError
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from src.api.door import Entry
from src.settings import Settings
from tests.unit.api.running import HELLO, Running, problem, running

_OURS, _OTHERS = "https://films.example", "https://evil.example"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Serve for the pages of one site, with keys."""
    folder = tmp_path_factory.mktemp("data")
    with running(folder, entry=Entry.NOBODY, cors_origins=f"{_OURS}, http://localhost:3000") as service:
        yield service


def preflight(origin: str, headers: str, method: str = "POST") -> dict[str, str]:
    return {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": headers,
    }


@pytest.mark.parametrize("header", ["authorization", "x-api-key", "content-type,idempotency-key", "range"])
@pytest.mark.parametrize(("method", "path"), [("POST", "/render"), ("DELETE", "/jobs/x"), ("GET", "/jobs")])
def test_a_named_page_may_ask_with_a_key(service: Running, header: str, method: str, path: str) -> None:
    answer = service.client.options(path, headers=preflight(_OURS, header, method))
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == _OURS
    assert "access-control-allow-credentials" not in answer.headers


def test_it_reads_answers_and_problems(service: Running) -> None:
    origin = {"Origin": _OURS}
    good = service.client.post("/render", json=HELLO, headers=origin | service.key())
    bad = service.client.get("/jobs", headers=origin)
    assert problem(bad) == (401, "key_missing")
    for answer in (good, bad):
        assert answer.headers["access-control-allow-origin"] == _OURS
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert "Location" in good.headers["access-control-expose-headers"]


def test_another_page_may_not(service: Running) -> None:
    asked = service.client.options("/render", headers=preflight(_OTHERS, "authorization"))
    assert asked.status_code == 400
    answer = service.client.get("/jobs", headers={"Origin": _OTHERS} | service.key())
    for told in (asked, answer):
        assert "access-control-allow-origin" not in told.headers


def test_its_websockets_are_heard_too(service: Running) -> None:
    address = f"ws://127.0.0.1:{service.port}/jobs/{'0' * 32}/events"
    headers = service.key()
    with connect(address, origin=Origin(_OURS), additional_headers=headers, proxy=None) as socket:
        assert "unknown_job" in str(socket.recv(10))
    with pytest.raises(InvalidStatus):
        connect(address, origin=Origin(_OTHERS), additional_headers=headers, proxy=None)


@pytest.mark.parametrize(
    "given", ["*", "films.example", "https://films.example/", "https://films.example/a", "null", "https://*"]
)
def test_what_is_no_origin_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEUROSHORTS_CORS_ORIGINS", given)
    with pytest.raises(ValidationError, match="no origin"):
        Settings()


def test_origins_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEUROSHORTS_CORS_ORIGINS", f"{_OURS}, http://[::1]:80,")
    assert Settings().cors_origins == (_OURS, "http://[::1]:80")
