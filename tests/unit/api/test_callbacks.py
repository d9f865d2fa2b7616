"""Webhooks over HTTP: refused, listed, ordered again."""

from collections.abc import Iterator

import pytest

from src.models.webhooks import CallOutcome
from src.store.jobs.database import database_url, open_database
from src.store.webhooks import Webhooks
from tests.unit.api.running import Running, problem

HOOK = "https://example.com/hook"


@pytest.fixture
def webhooks(service: Running) -> Iterator[Webhooks]:
    """Open the webhooks of the service beside it."""
    engine = open_database(database_url(service.settings))
    yield Webhooks(engine)
    engine.dispose()


@pytest.mark.parametrize("field", ["webhook_url", "progress_url"])
@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://localhost:5678/x", "http://[::1]/", "http://0x7f.1/", "http://10.0.0.5/"],
)
def test_an_address_that_is_never_called_is_refused_at_once(service: Running, field: str, url: str) -> None:
    for route in ("/render", "/render/validate"):
        answer = service.client.post(route, json={"scenes": [{"text": "Hello"}], field: url})
        assert problem(answer) == (422, "forbidden_host")
        assert [told["path"] for told in answer.json()["problems"]] == [field]


def test_a_job_that_names_a_webhook_is_taken_in(service: Running) -> None:
    assert service.submit(callback_url=HOOK, webhook_headers={"X-A": "1"}, progress_url=HOOK)


def test_a_webhook_is_listed_when_its_job_has_ended(service: Running) -> None:
    id = service.submit(webhook_url=HOOK)
    assert service.client.get(f"/jobs/{id}/callbacks").json() == {"webhooks": []}
    service.client.delete(f"/jobs/{id}")
    (told,) = service.client.get(f"/jobs/{id}/callbacks").json()["webhooks"]
    assert (told["url"], told["state"], told["attempts"], told["calls"]) == (HOOK, "waiting", 0, [])
    assert told["due_at"]


def test_a_webhook_is_ordered_again(service: Running, webhooks: Webhooks) -> None:
    id = service.submit(webhook_url=HOOK)
    service.client.delete(f"/jobs/{id}")
    for call in webhooks.take(100):
        now = call.status.created_at
        webhooks.given_up(call, CallOutcome(attempt=1, at=now, since=now, status=410))
    answer = service.client.post(f"/jobs/{id}/callback")
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    listed = service.client.get(f"/jobs/{id}/callbacks").json()["webhooks"]
    assert sorted(told["state"] for told in listed) == ["given_up", "waiting"]


def test_only_an_ended_job_with_a_webhook_is_told_again(service: Running) -> None:
    id = service.submit()
    assert problem(service.client.post(f"/jobs/{id}/callback")) == (409, "not_ended")
    service.client.delete(f"/jobs/{id}")
    assert problem(service.client.post(f"/jobs/{id}/callback")) == (409, "no_webhook")


def test_webhooks_of_unknown_jobs_are_not_told(service: Running) -> None:
    assert problem(service.client.get(f"/jobs/{'0' * 32}/callbacks")) == (404, "unknown_job")
    assert problem(service.client.post(f"/jobs/{'0' * 32}/callback")) == (404, "unknown_job")
