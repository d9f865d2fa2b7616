"""Jobs are listed, told, cancelled and handed in again."""

import base64
import json
from pathlib import Path

import pytest

from tests.unit.api.running import HELLO, Running, problem, running

_NOBODYS = "0" * 32


def test_a_job_tells_how_it_is(service: Running) -> None:
    id = service.submit(id="told")
    told = service.client.get(f"/jobs/{id}").json()
    assert (told["id"], told["job_id"], told["status"], told["result"]) == (id, "told", "queued", None)


@pytest.mark.parametrize("id", [_NOBODYS, "x", "a%00b", "%ff", "..%2f..%2fetc", "A" * 32, "9" * 3000])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("DELETE", ""),
        ("POST", "/retry"),
        ("GET", "/events"),
        ("GET", "/video"),
        ("GET", "/poster"),
        ("GET", "/preview.jpg"),
        ("GET", "/sidecars/srt"),
        ("POST", "/share"),
    ],
)
def test_a_job_that_is_not_there_is_unknown(service: Running, method: str, path: str, id: str) -> None:
    status, code = problem(service.client.request(method, f"/jobs/{id}{path}"))
    # A slash in the name makes it another address.
    assert (status, code) == (404, "not_found" if "%2f" in id else "unknown_job")


@pytest.mark.parametrize("id", ["row-42", "0123456789abcdef" * 2, "r" * 200])
def test_who_asks_by_an_id_of_their_own_is_told_how_to_find_the_job(service: Running, id: str) -> None:
    submitted = service.submit(id=id)
    told = service.client.get(f"/jobs/{id}").json()["detail"]
    assert told == f"there is no job {id!r}: ask GET /jobs?job_id={id} for the `id` of your own"
    found = service.client.get(f"/jobs?job_id={id}").json()["jobs"]
    assert [job["id"] for job in found] == [submitted]


def test_what_cannot_be_an_id_of_anybody_is_not_repeated(service: Running) -> None:
    told = service.client.get(f"/jobs/{'9' * 3000}").json()["detail"]
    assert told == f"there is no job {'9' * 200!r}"


def test_a_job_of_somebody_else_is_unknown(service: Running) -> None:
    from src.store.jobs.submission import Submission

    id = service.desk.submit(Submission(b"{}", owner="somebody")).status.id
    assert problem(service.client.get(f"/jobs/{id}")) == (404, "unknown_job")


def test_jobs_are_listed_page_by_page(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        ids = {service.submit(id=f"row-{number}") for number in range(5)}
        found, cursor, pages = [], None, 0
        while pages == 0 or cursor:
            given = {"limit": 2} | ({"cursor": cursor} if cursor else {})
            page = service.client.get("/jobs", params=given).json()
            found += [job["id"] for job in page["jobs"]]
            cursor, pages = page["next"], pages + 1
    assert (len(found), set(found), pages) == (5, ids, 3)


def test_jobs_are_found_by_state_and_by_the_callers_name(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        kept, gone = service.submit(id="kept"), service.submit(id="gone")
        service.client.delete(f"/jobs/{gone}")
        by_state = service.client.get("/jobs?status=cancelled&status=failed").json()["jobs"]
        by_name = service.client.get("/jobs?job_id=kept").json()["jobs"]
        none = service.client.get("/jobs?job_id=kept&status=done").json()["jobs"]
    assert [job["id"] for job in by_state] == [gone]
    assert [job["id"] for job in by_name] == [kept]
    assert none == []


@pytest.mark.parametrize(
    "query",
    [
        "status=x",
        "status=",
        "limit=0",
        "limit=101",
        "limit=x",
        "job_id=a%00",
        "&".join(["status=done"] * 8),
        f"cursor={'x' * 201}",
    ],
)
def test_a_wrong_question_is_told_by_its_parameter(service: Running, query: str) -> None:
    answer = service.client.get(f"/jobs?{query}")
    assert problem(answer) == (422, "invalid_request")
    assert answer.json()["problems"][0]["path"].startswith(query.split("=")[0])


@pytest.mark.parametrize(
    "place", [[10**30, "a"], [-1, "a"], [1.5, "a"], ["1", "a"], [1, "a\0"], [1], {}, [True, None]]
)
def test_a_made_up_cursor_is_refused(service: Running, place: object) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(place).encode()).decode()
    assert problem(service.client.get("/jobs", params={"cursor": cursor})) == (422, "wrong_cursor")


@pytest.mark.parametrize("cursor", ["x", "ä", "\0", "W1tbW1tb", "////"])
def test_what_is_no_cursor_is_refused(service: Running, cursor: str) -> None:
    assert problem(service.client.get("/jobs", params={"cursor": cursor})) == (422, "wrong_cursor")


def test_a_waiting_job_is_cancelled_at_once(service: Running) -> None:
    id = service.submit()
    answer = service.client.delete(f"/jobs/{id}")
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    assert service.client.delete(f"/jobs/{id}").status_code == 200


def test_the_worker_of_a_running_job_is_asked(service: Running) -> None:
    id = service.submit()
    claim = service.claim(id)
    answer = service.client.delete(f"/jobs/{id}")
    assert (answer.status_code, answer.json()["status"]) == (202, "fetching")
    assert service.queue.renew(claim, "fetching", 0).name == "CANCEL"


@pytest.mark.parametrize("ending", ["failed", "cancelled"])
def test_a_job_that_ended_badly_is_handed_in_again(service: Running, ending: str) -> None:
    id = service.submit(id=f"retried-{ending}", priority=7, metadata={"a": 1})
    if ending == "failed":
        service.fail(id)
    else:
        service.client.delete(f"/jobs/{id}")
    answer = service.client.post(f"/jobs/{id}/retry")
    new = answer.json()["id"]
    assert (answer.status_code, answer.json()["status"]) == (202, "queued")
    assert answer.headers["location"].endswith(f"/jobs/{new}")
    assert new != id
    assert service.desk.body(new) == service.desk.body(id)
    assert service.desk.status(new).metadata == {"a": 1}


def test_a_retry_with_a_key_is_done_once(service: Running) -> None:
    id = service.submit()
    service.client.delete(f"/jobs/{id}")
    answers = [
        service.client.post(f"/jobs/{id}/retry", headers={"Idempotency-Key": "retry-1"}) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [202, 200]
    assert answers[0].json()["id"] == answers[1].json()["id"]


@pytest.mark.parametrize(("id", "key"), [("row-1", None), ("", "sent-1"), ("row-2", "sent-2")])
def test_a_retried_job_is_found_where_it_is_handed_in_again(
    service: Running, id: str, key: str | None
) -> None:
    headers = {"Idempotency-Key": key} if key else None
    failed = service.submit(headers, id=id)
    service.fail(failed)
    assert service.client.post("/render", json={**HELLO, "id": id}, headers=headers).json()["id"] == failed
    retried = service.client.post(f"/jobs/{failed}/retry").json()
    answer = service.client.post("/render", json={**HELLO, "id": id}, headers=headers)
    assert (answer.status_code, answer.json()["id"], answer.json()["status"]) == (
        200,
        retried["id"],
        "queued",
    )
    assert retried["job_id"] == answer.json()["job_id"] == (id or retried["job_id"])


def test_a_job_keeps_its_key_where_the_retry_has_its_own(service: Running) -> None:
    failed = service.submit(id="kept-key")
    service.fail(failed)
    answer = service.client.post(f"/jobs/{failed}/retry", headers={"Idempotency-Key": "retry-2"})
    assert answer.status_code == 202
    assert service.client.post("/render", json={**HELLO, "id": "kept-key"}).json()["id"] == failed


def test_other_jobs_cannot_be_retried(service: Running) -> None:
    id = service.submit()
    assert problem(service.client.post(f"/jobs/{id}/retry")) == (409, "not_retryable")
    service.finish(id)
    assert problem(service.client.post(f"/jobs/{id}/retry")) == (409, "not_retryable")


def test_a_failed_job_says_why(service: Running) -> None:
    id = service.submit()
    service.fail(id)
    assert service.client.get(f"/jobs/{id}").json()["error"]["code"] == "speech_failed"


def test_a_state_that_is_none_is_answered_with_those_there_are(service: Running) -> None:
    answer = service.client.get("/jobs?status=finished")

    assert problem(answer) == (422, "invalid_request")
    assert answer.json()["problems"][0]["message"] == (
        "should be one of 'queued', 'fetching', 'rendering', 'uploading', 'done', 'failed', 'cancelled'"
    )
