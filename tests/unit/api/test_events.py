"""Followers of a job hear every change until it has ended, and hold nothing when they are gone."""

import json
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from src.api import events
from src.models.status import JobError
from tests.unit.api.running import Running, problem, running
from tests.waiting import PATIENCE_SECONDS


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look more often than callers would be allowed to."""
    monkeypatch.setattr(events, "_LOOK_SECONDS", 0.01)


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Tell when nobody follows any more."""
    closed, follow = threading.Event(), events.follow

    async def watched(*given: Any) -> AsyncIterator[Any]:
        try:
            async for event in follow(*given):
                yield event
        finally:
            closed.set()

    monkeypatch.setattr(events, "follow", watched)
    return closed


def told(lines: Iterator[str]) -> dict[str, Any]:
    """Read lines up to the next event."""
    data = next(line for line in lines if line.startswith("data: "))
    found: dict[str, Any] = json.loads(data.removeprefix("data: "))
    return found


def websocket(service: Running, id: str, **given: Any) -> ClientConnection:
    socket: ClientConnection = connect(
        f"ws://127.0.0.1:{service.port}/jobs/{id}/events", proxy=None, open_timeout=PATIENCE_SECONDS, **given
    )
    return socket


def test_each_change_is_an_event_and_the_last_ends_the_stream(service: Running) -> None:
    id = service.submit()
    with service.client.stream("GET", f"/jobs/{id}/events") as answer:
        lines = answer.iter_lines()
        heard = [told(lines)]
        claim = service.claim(id)
        heard.append(told(lines))
        service.queue.renew(claim, "rendering", 0.25)
        heard.append(told(lines))
        service.queue.cancelled(claim)
        heard.append(told(lines))
        rest = list(lines)
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert [event["status"] for event in heard] == ["queued", "fetching", "rendering", "cancelled"]
    assert (heard[2]["stage"], heard[2]["progress"]) == ("rendering", 0.25)
    assert [line for line in rest if line] == []


def test_what_holds_a_job_up_is_an_event_and_so_is_its_end(service: Running) -> None:
    away = JobError(code="server_error", message="'media.example' has trouble", retryable=True)
    id = service.submit()
    with service.client.stream("GET", f"/jobs/{id}/events") as answer:
        lines = answer.iter_lines()
        heard = [told(lines)]
        claim = service.claim(id)
        heard.append(told(lines))
        for error in (away, None):
            service.queue.renew(claim, "fetching", 0.0, error)
            heard.append(told(lines))
        service.queue.fail(claim, away.model_copy(update={"retryable": False}))
        heard.append(told(lines))
    assert [event["error"] and event["error"]["retryable"] for event in heard] == [
        None,
        None,
        True,
        None,
        False,
    ]


def test_each_frame_has_an_address_of_its_own(service: Running) -> None:
    id = service.submit()
    with service.client.stream("GET", f"/jobs/{id}/events") as answer:
        lines = answer.iter_lines()
        urls = [told(lines)["preview_url"]]
        claim = service.claim(id)
        urls.append(told(lines)["preview_url"])
        for jpeg in (b"first", b"second"):
            service.previews.keep(id, claim.token, jpeg)
            urls.append(told(lines)["preview_url"])
            assert service.client.get(urls[-1]).content == jpeg
        service.queue.cancelled(claim)
        urls.append(told(lines)["preview_url"])
    first, second = urls[2:4]
    assert urls == [None, None, first, second, None]
    assert first.startswith(f"{str(service.client.base_url).rstrip('/')}/jobs/{id}/preview.jpg?at=")
    assert first != second


def test_a_job_that_has_ended_is_told_once(service: Running) -> None:
    id = service.submit()
    service.client.delete(f"/jobs/{id}")
    heard = service.client.get(f"/jobs/{id}/events").text
    assert heard.startswith("id: cancelled\nevent: status\ndata: {")
    assert heard.count("data: ") == 1


def test_a_browser_that_has_read_the_last_event_is_sent_away(service: Running) -> None:
    id = service.submit()
    service.client.delete(f"/jobs/{id}")
    assert service.client.get(f"/jobs/{id}/events", headers={"Last-Event-ID": "cancelled"}).status_code == 204
    assert service.client.get(f"/jobs/{id}/events", headers={"Last-Event-ID": "queued"}).status_code == 200


def test_a_silence_is_broken_by_comments(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_HEARTBEAT_SECONDS", 0)
    id = service.submit()
    with service.client.stream("GET", f"/jobs/{id}/events") as answer:
        comments = (line for line in answer.iter_lines() if line.startswith(":"))
        assert [next(comments), next(comments)] == [": still here"] * 2


def test_a_follower_that_goes_leaves_nothing_behind(service: Running, closed: threading.Event) -> None:
    path = f"/jobs/{service.submit()}/events"
    with (
        httpx.Client(base_url=service.client.base_url, timeout=PATIENCE_SECONDS, trust_env=False) as leaving,
        leaving.stream("GET", path) as answer,
    ):
        told(answer.iter_lines())
    assert closed.wait(PATIENCE_SECONDS)


def test_a_websocket_hears_the_same(service: Running) -> None:
    id = service.submit()
    with websocket(service, id) as socket:
        heard = [json.loads(socket.recv(PATIENCE_SECONDS))]
        claim = service.claim(id)
        heard.append(json.loads(socket.recv(PATIENCE_SECONDS)))
        service.queue.cancelled(claim)
        heard.append(json.loads(socket.recv(PATIENCE_SECONDS)))
        with pytest.raises(ConnectionClosed) as ended:
            socket.recv(PATIENCE_SECONDS)
    assert [event["status"] for event in heard] == ["queued", "fetching", "cancelled"]
    assert ended.value.rcvd is not None
    assert ended.value.rcvd.code == 1000


@pytest.mark.parametrize("id", ["0" * 32, "x", "a%00b"])
def test_a_websocket_to_no_job_is_told_so(service: Running, id: str) -> None:
    with websocket(service, id) as socket:
        assert json.loads(socket.recv(PATIENCE_SECONDS))["code"] == "unknown_job"
        with pytest.raises(ConnectionClosed) as ended:
            socket.recv(PATIENCE_SECONDS)
    assert ended.value.rcvd is not None
    assert ended.value.rcvd.code == 4404


@pytest.mark.parametrize("sent", ["hello", b"\0bytes"])
def test_a_websocket_may_talk_without_being_heard(service: Running, sent: str | bytes) -> None:
    id = service.submit()
    with websocket(service, id) as socket:
        socket.recv(PATIENCE_SECONDS)
        socket.send(sent)
        service.client.delete(f"/jobs/{id}")
        assert json.loads(socket.recv(PATIENCE_SECONDS))["status"] == "cancelled"


def test_a_websocket_that_goes_leaves_nothing_behind(service: Running, closed: threading.Event) -> None:
    with websocket(service, service.submit()) as socket:
        socket.recv(PATIENCE_SECONDS)
    assert closed.wait(PATIENCE_SECONDS)


def test_a_page_of_another_site_gets_no_websocket(service: Running) -> None:
    with pytest.raises(InvalidStatus), websocket(service, "0" * 32, origin="https://evil.example"):
        pass
    with websocket(service, service.submit(), origin=f"http://127.0.0.1:{service.port}") as socket:
        assert json.loads(socket.recv(PATIENCE_SECONDS))["status"] == "queued"


def test_a_server_that_stops_ends_all_streams_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "_LOOK_SECONDS", 3600)
    with running(tmp_path) as service:
        id = service.submit()
        with service.client.stream("GET", f"/jobs/{id}/events") as answer, websocket(service, id) as socket:
            lines = answer.iter_lines()
            assert told(lines)["status"] == json.loads(socket.recv(PATIENCE_SECONDS))["status"] == "queued"
            service.server.should_exit = True
            assert [line for line in lines if line] == []
            with pytest.raises(ConnectionClosed):
                socket.recv(PATIENCE_SECONDS)
        service.stop()


def test_a_job_that_is_forgotten_ends_its_stream(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    from src.errors import UnknownJob

    id = service.submit()
    with service.client.stream("GET", f"/jobs/{id}/events") as answer:
        lines = answer.iter_lines()
        told(lines)

        def forgotten(*_: Any) -> None:
            raise UnknownJob(id)

        monkeypatch.setattr(service.desk, "status", forgotten)
        assert [line for line in lines if line] == []


def test_a_database_that_is_away_for_a_while_ends_no_stream(
    service: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    id, status, looks = service.submit(), service.desk.status, iter(range(9))

    def away_at_times(*given: Any) -> Any:
        if next(looks, 9) in {1, 2, 3}:
            raise sa.exc.OperationalError("select", {}, Exception("gone"))
        return status(*given)

    monkeypatch.setattr(service.desk, "status", away_at_times)
    with service.client.stream("GET", f"/jobs/{id}/events") as answer:
        lines = answer.iter_lines()
        told(lines)
        service.queue.cancelled(service.claim(id))
        assert [json.loads(line[6:])["status"] for line in lines if line.startswith("data")][
            -1
        ] == "cancelled"


def test_an_unknown_job_is_a_problem_before_the_stream(service: Running) -> None:
    assert problem(service.client.get(f"/jobs/{'0' * 32}/events")) == (404, "unknown_job")
