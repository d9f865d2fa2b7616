"""Who is let in without a key, how often callers may ask, and how much they may have."""

import json
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from src.api.door import Entry, entry_for
from src.store.keys import OwnLimits, Scope
from tests.unit.api.running import HELLO, Running, problem, running

_SECOND_NS = 10**9


@pytest.mark.parametrize("unasked", list(Entry))
def test_the_operators_word_counts_and_else_where_it_listens(unasked: Entry) -> None:
    assert entry_for("yes", unasked) is Entry.NOBODY
    assert entry_for("no", unasked) is Entry.ANYBODY
    assert entry_for("auto", unasked) is unasked


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:80", "LocalHost", "films.localhost:8000", "127.0.0.1", "127.9.9.9:1", "[::1]:5"],
)
def test_this_machine_may_be_asked_by_its_names(service: Running, host: str) -> None:
    assert service.client.get("/jobs", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "evillocalhost",
        "127.0.0.1.evil.example",
        "192.168.0.7",
        "[fe80::1]",
        "0.0.0.0",
        "localhost@evil.example",
        "evil.example/localhost",
        "localhost:x",
        "localhost:99999",
        "[::1",
        "",
    ],
)
def test_the_page_of_a_site_whose_name_leads_here_is_refused(service: Running, host: str) -> None:
    assert problem(service.client.get("/jobs", headers={"Host": host})) == (403, "wrong_host")
    assert problem(service.client.post("/render", json=HELLO, headers={"Host": host})) == (403, "wrong_host")


def test_its_websocket_is_refused_too(service: Running) -> None:
    given = {"Host": f"evil.example:{service.port}", "Origin": f"http://evil.example:{service.port}"}
    request = f"GET /jobs/{'0' * 32}/events HTTP/1.1\r\n"
    request += "".join(f"{name}: {value}\r\n" for name, value in given.items())
    request += "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    request += "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    answer = service.say(request.encode())
    assert answer.startswith(b"HTTP/1.1 403")
    assert b'"wrong_host"' in answer


def test_the_public_name_is_this_machines_too(tmp_path: Path) -> None:
    with running(tmp_path, public_url="https://films.example/api") as service:
        assert service.client.get("/jobs", headers={"Host": "films.example"}).status_code == 200
        assert problem(service.client.get("/jobs", headers={"Host": "example"})) == (403, "wrong_host")


def test_a_key_opens_under_any_name(service: Running) -> None:
    headers = service.key() | {"Host": "proxy.internal"}
    assert service.client.get("/jobs", headers=headers).status_code == 200


def test_a_wrong_key_is_refused_where_none_is_needed(service: Running) -> None:
    assert service.client.get("/jobs").status_code == 200
    for headers in ({"Authorization": "Bearer ns_x"}, {"X-API-Key": ""}):
        assert problem(service.client.get("/jobs", headers=headers)) == (401, "key_invalid")
        with pytest.raises(InvalidStatus) as refused:
            connect(
                f"ws://127.0.0.1:{service.port}/jobs/{'0' * 32}/events",
                additional_headers=headers,
                proxy=None,
            )
        assert json.loads(refused.value.response.body or b"")["code"] == "key_invalid"


def test_where_no_key_is_needed_a_proxys_password_does_not_matter(service: Running) -> None:
    assert service.client.get("/jobs", headers={"Authorization": "Basic YTpi"}).status_code == 200


def test_jobs_without_a_key_and_those_of_keys_are_kept_apart(service: Running) -> None:
    headers = service.key("anna")
    open_job, annas = service.submit(), service.submit(headers=headers)
    assert problem(service.client.get(f"/jobs/{annas}")) == (404, "unknown_job")
    assert problem(service.client.get(f"/jobs/{open_job}", headers=headers)) == (404, "unknown_job")


class Clock:
    """Goes when a test says so."""

    now_ns = 0

    def __call__(self) -> int:
        return self.now_ns


def test_who_asks_too_often_is_told_when_to_come_again(tmp_path: Path) -> None:
    clock = Clock()
    with running(tmp_path, clock_ns=clock, key_requests_a_minute=3) as service:
        anna, berta = service.key("anna"), service.key("berta")
        slow = service.key("slow", limits=OwnLimits(requests_a_minute=1))
        free = service.key("free", limits=OwnLimits(requests_a_minute=0))

        def asks(headers: dict[str, str]) -> httpx.Response:
            return service.client.get("/jobs", headers=headers)

        assert [asks(anna).status_code for _ in range(4)] == [200, 200, 200, 429]
        refused = asks(anna)
        assert problem(refused) == (429, "rate_limited")
        assert refused.headers["retry-after"] == "20"
        clock.now_ns += 19 * _SECOND_NS
        assert asks(anna).headers["retry-after"] == "1"
        clock.now_ns += _SECOND_NS
        assert [asks(anna).status_code, asks(anna).status_code] == [200, 429]

        assert asks(berta).status_code == 200
        assert [asks(slow).status_code, asks(slow).headers["retry-after"]] == [200, "60"]
        assert {asks(free).status_code for _ in range(20)} == {200}
        assert {asks({}).status_code for _ in range(20)} == {200}


def test_a_batch_is_taken_in_whole_and_counts_as_its_jobs(tmp_path: Path) -> None:
    clock = Clock()
    batch = [{"id": f"row-{number}", **HELLO} for number in range(9)]
    with running(tmp_path, clock_ns=clock, key_requests_a_minute=6) as service:
        anna, berta = service.key("anna"), service.key("berta")

        told = service.client.post("/render/batch", json=batch, headers=anna)

        assert [item["status"] for item in told.json()] == [202] * 9
        # Nine jobs take 90 seconds and the next request 10: all but the last minute of that has to be over.
        refused = service.client.get("/jobs", headers=anna)
        assert (problem(refused), refused.headers["retry-after"]) == ((429, "rate_limited"), "40")
        clock.now_ns += 40 * _SECOND_NS
        assert service.client.get("/jobs", headers=anna).status_code == 200
        assert service.client.get("/jobs", headers=berta).status_code == 200


def test_as_many_jobs_of_an_owner_wait_as_its_key_says(tmp_path: Path) -> None:
    with running(tmp_path, key_queued_jobs=2) as service:
        anna = service.key("anna")
        service.submit(headers=anna)
        told = service.client.post("/render/batch", json=[HELLO] * 3, headers=anna).json()
        assert [item["status"] for item in told] == [202, 429, 429]
        assert told[1]["problem"]["code"] == "quota_queued_jobs"
        refused = service.client.post("/render", json=HELLO, headers=service.key("other", owner="anna"))
        assert problem(refused) == (429, "quota_queued_jobs")
        assert int(refused.headers["retry-after"]) > 0

        wide = service.key("wide", owner="anna", limits=OwnLimits(queued_jobs=0))
        service.submit(headers=wide)
        service.submit(headers=service.key("berta"))
        service.submit()


def test_a_retry_counts_as_a_job(tmp_path: Path) -> None:
    with running(tmp_path, key_queued_jobs=1) as service:
        anna = service.key("anna")
        id = service.submit(headers=anna)
        service.client.delete(f"/jobs/{id}", headers=anna)
        service.submit(headers=anna)
        refused = service.client.post(f"/jobs/{id}/retry", headers=anna)
        assert problem(refused) == (429, "quota_queued_jobs")


def test_the_operator_is_told_while_keys_are_needed_and_there_is_none(tmp_path: Path) -> None:
    with running(tmp_path, entry=Entry.NOBODY) as service:
        assert "keys create" in "".join(service.door.advice())
        headers = service.key(scopes=(Scope.READ,))
        assert list(service.door.advice()) == []
        service.ring.revoke(headers["Authorization"].split("_")[1])
        assert "keys create" in "".join(service.door.advice())


@pytest.mark.parametrize(
    ("entry", "public_url", "is_told"),
    [
        (Entry.THIS_MACHINE, "https://films.example", True),
        (Entry.THIS_MACHINE, "http://localhost:8000", False),
        (Entry.THIS_MACHINE, "", False),
        (Entry.ANYBODY, "https://films.example", False),
    ],
)
def test_the_operator_is_told_when_a_proxy_may_let_everybody_in(
    tmp_path: Path, entry: Entry, public_url: str, is_told: bool
) -> None:
    with running(tmp_path, entry=entry, public_url=public_url) as service:
        assert ("API_KEYS_REQUIRED=yes" in "".join(service.door.advice())) == is_told
