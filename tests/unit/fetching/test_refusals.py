"""Whom nobody fetches from, and answers that are no use: each is told with its place."""

import threading
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from src.errors import ForbiddenHost, NeuroShortsError
from src.fetching.pace import Limits
from src.models.progress import Setback
from src.network.addresses import Address
from src.network.guard import Guard
from tests.fileserver import FileServer, Offer, serving_files
from tests.unit.fetching.place import BODY, LIMITS, PATH, Place, place_at
from tests.unit.network.test_guard import HOSTILE


@pytest.fixture(scope="module")
def inner() -> Iterator[FileServer]:
    """Serve on the same machine at a port that nobody is allowed to call."""
    with serving_files() as files:
        yield files


@pytest.mark.parametrize("host", HOSTILE)
def test_no_spelling_of_this_network_is_fetched_from(host: str, files: FileServer, tmp_path: Path) -> None:
    place = place_at(tmp_path, fetch_allow_hosts=())
    with pytest.raises(ForbiddenHost) as refused:
        place.fetch(f"http://{host}:{files.port}/a")
    assert (refused.value.code, refused.value.path) == ("forbidden_host", PATH)
    assert files.asked == []


@pytest.mark.parametrize("host", HOSTILE)
def test_no_redirection_leads_there(host: str, files: FileServer, inner: FileServer, tmp_path: Path) -> None:
    place = place_at(tmp_path, fetch_allow_hosts=(f"127.0.0.1:{files.port}",))
    url = files.offer("/a", Offer(status=302, location=f"http://{host}:{inner.port}/secret"))
    with pytest.raises(ForbiddenHost) as refused:
        place.fetch(url)
    assert (refused.value.code, refused.value.path) == ("forbidden_host", PATH)
    assert inner.asked == []
    assert place.left() == []


def test_a_name_that_leads_elsewhere_when_it_is_connected_to_is_refused(
    files: FileServer, tmp_path: Path
) -> None:
    answers = iter(["8.8.8.8", "127.0.0.1", "127.0.0.1"])
    asked: list[str] = []

    def rebinding(name: str, port: int) -> tuple[Address, ...]:
        asked.append(name)
        return (ip_address(next(answers)),)

    guard = Guard(resolve=rebinding)
    assert rebinding("cdn.example", files.port) == (ip_address("8.8.8.8"),)
    with pytest.raises(ForbiddenHost, match=r"cdn\.example"):
        place_at(tmp_path).fetch(f"http://cdn.example:{files.port}/a", guard=guard)
    assert files.asked == []
    assert asked == ["cdn.example"] * 2


class Bad(NamedTuple):
    """An answer that is no use, and what is told of it."""

    offer: Offer
    code: str
    retryable: bool
    limits: Limits = LIMITS


def drip(handler: Any, body: bytes) -> None:
    pause = threading.Event()
    for start in range(len(body)):
        handler.wfile.write(body[start : start + 1])
        pause.wait(0.05)


BAD = {
    "gone": Bad(Offer(status=410), "not_found", False),
    "missing": Bad(Offer(status=404), "not_found", False),
    "login": Bad(Offer(status=401), "forbidden", False),
    "no rights": Bad(Offer(status=403), "forbidden", False),
    "teapot": Bad(Offer(status=418), "not_served", False),
    **{
        f"for ever {status}": Bad(Offer(status=status), "not_served", False)
        for status in (501, 505, 506, 510, 511)
    },
    "page": Bad(Offer(b"<html>", "text/html; charset=utf-8"), "wrong_type", False),
    "packed": Bad(Offer(BODY, more=(("Content-Encoding", "gzip"),)), "wrong_type", False),
    "trouble": Bad(Offer(status=503), "server_error", True),
    "short": Bad(Offer(BODY, claims_bytes=10), "truncated", True),
    "short, from the start": Bad(Offer(BODY, claims_bytes=10, ranges=False), "truncated", True),
    "short, without a validator": Bad(Offer(BODY, claims_bytes=10, etag=False), "truncated", True),
    "large": Bad(Offer(BODY), "media_too_large", False, LIMITS._replace(most_bytes=len(BODY) - 1)),
    "slow": Bad(Offer(BODY, send=drip), "too_slow", True, LIMITS._replace(stall_seconds=0.4)),
    "long": Bad(Offer(BODY, send=drip), "too_slow", True, LIMITS._replace(most_seconds=0.3)),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_use_is_told_with_its_place_and_without_its_secret(
    name: str, files: FileServer, place: Place
) -> None:
    bad = BAD[name]
    url = files.offer("/photo.jpg", bad.offer)
    with pytest.raises(NeuroShortsError) as failed:
        place.fetch(f"{url}?signature=hush", limits=bad.limits)
    error = failed.value
    assert (error.code, error.retryable, error.path) == (bad.code, bad.retryable, PATH)
    assert url in error.message
    assert "hush" not in str(error)
    assert place.left() == []


def test_each_failure_is_told_with_the_time_of_the_next_attempt_and_no_secret(
    files: FileServer, place: Place
) -> None:
    told: list[Setback] = []

    def heard(setback: Setback) -> None:
        told.append(setback)
        if len(told) == 2:
            files.offer("/a", Offer(BODY))

    url = files.offer("/a", Offer(status=502))
    limits = LIMITS._replace(patience_seconds=60)
    place.fetch(f"{url}?signature=hush", limits=limits, held_up=heard)
    trouble = "'127.0.0.1' has trouble (HTTP 502): try again later; next attempt in"
    assert told == [Setback("server_error", f"{trouble} {seconds} s") for seconds in ("0.25", "0.5")]


def test_a_cut_connection_is_told_with_its_host(files: FileServer, place: Place) -> None:
    told: list[Setback] = []
    url = files.offer("/a", Offer(BODY, cut_after=600_000))
    place.fetch(url, held_up=told.append)
    assert [setback.code for setback in told] == ["truncated"]
    assert "'127.0.0.1'" in told[0].message


def test_a_length_that_was_not_told_is_bounded_as_well(files: FileServer, place: Place) -> None:
    def endless(handler: Any, body: bytes) -> None:
        while True:
            handler.wfile.write(b"%x\r\n%b\r\n" % (len(BODY), BODY))

    unlimited = Offer(send=endless, more=(("Transfer-Encoding", "chunked"),))
    with pytest.raises(NeuroShortsError) as failed:
        place.fetch(files.offer("/a", unlimited), limits=LIMITS._replace(most_bytes=3 * len(BODY)))
    assert failed.value.code == "media_too_large"


def test_nobody_answers_and_nobody_is_known(place: Place) -> None:
    with serving_files() as gone:
        url = gone.offer("/a", Offer(BODY))
    with pytest.raises(NeuroShortsError) as failed:
        place.fetch(url)
    assert (failed.value.code, failed.value.retryable) == ("unreachable", True)
    with pytest.raises(NeuroShortsError) as failed:
        place.fetch("http://nowhere.invalid/a")
    assert (failed.value.code, failed.value.retryable) == ("unknown_host", True)
