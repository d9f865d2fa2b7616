"""Nobody gets at anything without a key that may: every address, however it is asked."""

import logging
import time
from collections.abc import Iterator

import pytest

from src.api.door import Entry
from src.store.keys import Scope
from tests.unit.api.asking import WEBSOCKET, Answer, Route, ask, routes
from tests.unit.api.running import HELLO, Running, problem, running

#: Addresses that need no key, and why.
OPEN = {
    "/": "names the service, and where its description is",
    "/healthz": "asked by what watches processes; tells the version",
    "/readyz": "asked by what balances load; tells yes or no",
    "/docs": "describes the service, as its source does",
    "/docs/{name}": "the program of that page",
    "/docs/start.js": "the program of that page",
    "/share/{token}": "the link is signed, names one file and expires",
}
#: What a key that only hands jobs in may do.
LETTER_BOX = {"/render", "/render/batch", "/render/validate"}
#: What of a job can be done by who may both hand in and read.
CHANGES = {("DELETE", "/jobs/{id}"), ("POST", "/jobs/{id}/retry"), ("POST", "/jobs/{id}/callback")}
#: What only the operator's keys may.
OPERATORS = {"/metrics"}

GUARDED = [route for route in routes() if route.path not in OPEN]
OF_A_JOB = [route for route in GUARDED if "{id}" in route.path]
MALFORMED = ["x", "ns_", "ns_0000000000000000_", f"ns_{'0' * 16}_{'a' * 43}", "ns_ä", "a" * 5000]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Serve where a key is needed."""
    with running(tmp_path_factory.mktemp("data"), entry=Entry.NOBODY) as service:
        yield service


@pytest.fixture(scope="module")
def annas(service: Running) -> dict[str, str]:
    """Make the key of an owner with a job that is done."""
    return service.key("anna")


@pytest.fixture(scope="module")
def film(service: Running, annas: dict[str, str]) -> str:
    """Name a job of Anna's that is done."""
    id = service.submit(headers=annas)
    service.finish(id)
    return id


def is_refusal(answer: Answer, route: Route, status: int, code: str) -> bool:
    """Tell whether an answer is an error; that of HEAD is told by its status alone."""
    return answer.status == status and (route.method == "HEAD" or answer.code == code)


def test_there_are_addresses_to_guard(service: Running) -> None:
    documented = {
        Route(method.upper(), path)
        for path, operations in service.client.get("/openapi.json").json()["paths"].items()
        for method in operations
    }
    assert documented <= set(routes())
    assert Route(WEBSOCKET, "/jobs/{id}/events") in GUARDED
    assert Route("HEAD", "/jobs/{id}/video") in GUARDED
    assert len(GUARDED) > 15


@pytest.mark.parametrize("route", GUARDED, ids=str)
def test_without_a_key_nothing_is_done(service: Running, film: str, route: Route) -> None:
    answer = ask(service, route, {}, film)
    assert is_refusal(answer, route, 401, "key_missing")
    assert answer.challenge == "Bearer"


@pytest.mark.parametrize("route", GUARDED, ids=str)
def test_with_a_key_that_is_none_nothing_is_done(service: Running, film: str, route: Route) -> None:
    answer = ask(service, route, {"Authorization": f"Bearer ns_{'0' * 16}_{'a' * 43}"}, film)
    assert is_refusal(answer, route, 401, "key_invalid")
    assert answer.challenge.startswith("Bearer")


@pytest.mark.parametrize("text", MALFORMED)
@pytest.mark.parametrize("header", ["Authorization", "X-API-Key"])
def test_what_is_no_key_is_refused(service: Running, text: str, header: str) -> None:
    told = f"Bearer {text}" if header == "Authorization" else text
    answer = service.client.get("/jobs", headers=[(header.encode(), told.encode())])
    assert problem(answer) == (401, "key_invalid")


@pytest.mark.parametrize("scheme", ["Basic", "Digest", "Bearer,"])
def test_what_other_schemes_say_is_no_key(service: Running, annas: dict[str, str], scheme: str) -> None:
    text = annas["Authorization"].removeprefix("Bearer ")
    answer = service.client.get("/jobs", headers={"Authorization": f"{scheme} {text}"})
    assert problem(answer) == (401, "key_missing")


@pytest.mark.parametrize("route", GUARDED, ids=str)
def test_with_a_revoked_key_nothing_is_done(service: Running, film: str, route: Route) -> None:
    headers = service.key("anna", scopes=(Scope.ADMIN,))
    assert ask(service, Route("GET", "/jobs"), headers).status == 200
    service.ring.revoke(headers["Authorization"].split("_")[1])
    answer = ask(service, route, headers, film)
    assert is_refusal(answer, route, 401, "key_revoked")
    assert answer.challenge.startswith("Bearer")


@pytest.mark.parametrize("scopes", [(), (Scope.SUBMIT,), (Scope.READ,), (Scope.SUBMIT, Scope.READ)])
@pytest.mark.parametrize("route", GUARDED, ids=str)
def test_a_key_does_what_it_is_good_for_and_no_more(
    service: Running, film: str, route: Route, scopes: tuple[Scope, ...]
) -> None:
    needed = {Scope.READ}
    if route.path in OPERATORS:
        needed = {Scope.ADMIN}
    elif route.path in LETTER_BOX:
        needed = {Scope.SUBMIT}
    elif (route.method, route.path) in CHANGES:
        needed = {Scope.SUBMIT, Scope.READ}
    answer = ask(service, route, service.key("anna", scopes=scopes), film)
    if needed <= set(scopes):
        assert answer.status not in {401, 403}
    else:
        assert is_refusal(answer, route, 403, "scope_missing")
        assert 'error="insufficient_scope"' in answer.challenge


@pytest.mark.parametrize("route", OF_A_JOB, ids=str)
def test_another_owners_job_is_not_there(service: Running, film: str, route: Route) -> None:
    for headers in (service.key("berta"), service.key("anna", owner="berta")):
        assert is_refusal(ask(service, route, headers, film), route, 404, "unknown_job")


@pytest.mark.parametrize("route", OF_A_JOB, ids=str)
def test_its_owner_and_the_operator_get_at_a_job(
    service: Running, film: str, annas: dict[str, str], route: Route
) -> None:
    for headers in (
        annas,
        service.key("second", owner="anna"),
        service.key("root", scopes=(Scope.ADMIN,)),
        {"X-API-Key": annas["Authorization"].removeprefix("Bearer ")},
    ):
        assert ask(service, route, headers, film).code not in {
            "key_missing",
            "key_invalid",
            "unknown_job",
            "scope_missing",
        }


@pytest.mark.parametrize("route", [route for route in routes() if route.path in OPEN], ids=str)
def test_what_is_open_asks_for_no_key(service: Running, route: Route) -> None:
    assert ask(service, route, {}).status != 401
    assert OPEN[route.path]


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
def test_the_description_is_open(service: Running, path: str) -> None:
    assert service.client.get(path).status_code == 200


def test_whether_a_name_is_well_formed_is_told_with_a_key_only(service: Running) -> None:
    for route in OF_A_JOB:
        assert is_refusal(ask(service, route, {}, "x"), route, 401, "key_missing"), route
    assert problem(service.client.get("/jobs?limit=x")) == (401, "key_missing")
    assert problem(service.client.post("/render", content=b"\xff")) == (401, "key_missing")


def test_a_list_shows_the_jobs_of_its_owner_the_operators_those_of_all(service: Running) -> None:
    clara, dora = service.key("clara"), service.key("dora")
    hers = {service.submit(headers=clara) for _ in range(2)}
    others = service.submit(headers=dora)

    def listed(headers: dict[str, str]) -> set[str]:
        return {job["id"] for job in service.client.get("/jobs", headers=headers).json()["jobs"]}

    assert listed(clara) == hers
    assert listed(service.key("again", owner="clara")) == hers
    assert hers | {others} <= listed(service.key("root", scopes=(Scope.ADMIN,)))
    assert listed(service.key("nobody")) == set()


def test_the_same_id_of_two_owners_is_two_jobs(service: Running) -> None:
    ids = {service.submit(headers=service.key(owner), id="row-1") for owner in ("emma", "frida")}
    assert len(ids) == 2


def test_a_batch_belongs_to_who_hands_it_in(service: Running) -> None:
    grete = service.key("grete")
    told = service.client.post("/render/batch", json=[HELLO, HELLO], headers=grete).json()
    ids = {item["accepted"]["id"] for item in told}
    assert {service.desk.owner_of(id) for id in ids} == {"grete"}


def test_what_the_operator_retries_stays_its_owners(service: Running) -> None:
    hanna, root = service.key("hanna"), service.key("root", scopes=(Scope.ADMIN,))
    id = service.submit(headers=hanna)
    assert service.client.delete(f"/jobs/{id}", headers=root).json()["status"] == "cancelled"
    again = service.client.post(f"/jobs/{id}/retry", headers=root).json()["id"]
    assert service.client.get(f"/jobs/{again}", headers=hanna).json()["status"] == "queued"


def test_links_of_a_status_need_no_key_and_each_letter_of_them(
    service: Running, film: str, annas: dict[str, str]
) -> None:
    url = service.client.get(f"/jobs/{film}", headers=annas).json()["result"]["url"]
    assert service.client.get(url).content == b"film"
    start, token = url.rsplit("/", 1)
    for place, letter in enumerate(token):
        for other in ("b" if letter == "a" else "a", ""):
            answer = service.client.get(f"{start}/{token[:place]}{other}{token[place + 1:]}")
            assert problem(answer) == (403, "link_invalid"), place


def test_a_link_that_has_expired_is_refused_with_a_key_too(
    service: Running, film: str, annas: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = service.client.post(f"/jobs/{film}/share", json={"expires_in": 600}, headers=annas).json()["url"]
    assert service.client.get(url).status_code == 200
    now = time.time()
    monkeypatch.setattr("src.store.links.time.time", lambda: now + 601)
    for headers in ({}, annas):
        assert problem(service.client.get(url, headers=headers)) == (403, "link_expired")


def test_no_log_and_no_answer_tells_a_key(
    service: Running, film: str, annas: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    secret = annas["Authorization"].split("_", 2)[2]
    with caplog.at_level(logging.DEBUG, logger="src"):
        for route in GUARDED:
            ask(service, route, annas | {"X-API-Key": "ns_wrong"}, film)
        answer = service.client.get("/jobs", headers={"Authorization": annas["Authorization"] + "x"})
    assert answer.status_code == 401
    assert secret not in answer.text
    assert secret not in caplog.text
    kept = b"".join(file.read_bytes() for file in service.settings.data_dir.glob("jobs.sqlite3*"))
    assert secret.encode() not in kept
