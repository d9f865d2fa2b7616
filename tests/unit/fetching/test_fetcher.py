"""Media fetched from a real server, which may be hostile, slow, or wrong about what it sends."""

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from src.cloud.signing import StoreSigner
from src.errors import ForbiddenHost, Interrupted, NeuroShortsError
from src.fetching.fetcher import MediaFetcher
from src.fetching.ondemand import OnDemandFetcher
from src.fetching.pace import Limits
from src.models.media_refs import MediaKind, MediaRef
from src.network.addresses import Address
from src.network.guard import Guard
from src.pipeline.request import Fetched
from src.settings import Settings
from tests.fileserver import FileServer, Offer, serving_files
from tests.unit.network.test_guard import HOSTILE
from tests.waiting import eventually

MEGABYTE = 1024 * 1024
BODY = bytes(range(256)) * 4096
PATH = "scenes[0].visuals[0].src"
#: Impatient, so that what never succeeds fails soon.
LIMITS = Limits(64 * MEGABYTE, 20, stall_seconds=0.4, patience_seconds=1)


@pytest.fixture(scope="module")
def started() -> Iterator[FileServer]:
    with serving_files() as files:
        yield files


@pytest.fixture(scope="module")
def inner() -> Iterator[FileServer]:
    """Serve on the same machine at a port that nobody is allowed to call."""
    with serving_files() as files:
        yield files


@pytest.fixture
def files(started: FileServer) -> FileServer:
    started.offers.clear()
    started.asked.clear()
    started.sent_bytes = 0
    return started


class Place(NamedTuple):
    """A machine that fetches."""

    folder: Path
    settings: Settings

    def fetch(self, src: str, kind: MediaKind = "image", limits: Limits = LIMITS, **more: Any) -> Fetched:
        work = self.folder / "work"
        work.mkdir(exist_ok=True)
        fetcher = MediaFetcher(self.settings, StoreSigner(self.settings), more.get("guard"), limits)
        told, stop = more.get("told", lambda had, whole: None), more.get("stop", threading.Event())
        return fetcher.fetch(MediaRef(PATH, src, kind), work, told, stop)

    def left(self) -> list[str]:
        """List what lies in the work folder."""
        return sorted(file.name for file in (self.folder / "work").iterdir())


def place_at(folder: Path, **more: Any) -> Place:
    return Place(
        folder, Settings(cache_dir=folder / "cache", **{"fetch_allow_hosts": ("127.0.0.1",), **more})
    )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return place_at(tmp_path)


def manifest(folder: Path, uri: str, body: bytes = BODY, **more: Any) -> Path:
    asset = {
        "id": "photo",
        "kind": "image",
        "uri": uri,
        "sha256": hashlib.sha256(body).hexdigest(),
        "bytes": len(body),
        "licence": "CC0-1.0",
        "attribution": "Ada Example",
    }
    file = folder / "manifest.yaml"
    file.write_text(json.dumps({"schema_version": 1, "assets": [asset | more]}))
    return file


def test_what_is_fetched_is_there_byte_for_byte(files: FileServer, place: Place) -> None:
    told: list[tuple[int, int]] = []
    fetched = place.fetch(files.offer("/a", Offer(BODY)), told=lambda had, whole: told.append((had, whole)))
    assert fetched.file.read_bytes() == BODY
    assert fetched[1:4] == (hashlib.sha256(BODY).hexdigest(), len(BODY), "")
    assert told[-1] == (len(BODY), len(BODY))
    assert told == sorted(told)
    assert place.left() == [fetched.file.name]


def test_a_second_time_the_server_is_only_asked_whether_it_has_changed(
    files: FileServer, place: Place
) -> None:
    url = files.offer("/a", Offer(BODY))
    place.fetch(url)
    again = place.fetch(url)
    assert [ask.status for ask in files.asked] == [200, 304]
    assert (again.file.read_bytes(), again.received_bytes) == (BODY, 0)


def test_what_has_changed_is_fetched_anew(files: FileServer, place: Place) -> None:
    place.fetch(files.offer("/a", Offer(BODY)))
    again = place.fetch(files.offer("/a", Offer(b"other")))
    assert again.file.read_bytes() == b"other"


def test_without_a_validator_it_is_fetched_each_time(files: FileServer, place: Place) -> None:
    url = files.offer("/a", Offer(BODY, etag=False))
    place.fetch(url)
    assert place.fetch(url).received_bytes == len(BODY)
    assert [ask.condition for ask in files.asked] == ["", ""]


def test_a_date_serves_as_a_validator(files: FileServer, place: Place) -> None:
    date = "Mon, 02 Nov 2026 10:00:00 GMT"
    url = files.offer("/a", Offer(BODY, etag=False, more=(("Last-Modified", date),)))
    place.fetch(url)
    files.offer("/a", Offer(status=304, etag=False))
    assert place.fetch(url).file.read_bytes() == BODY


def test_a_damaged_download_on_the_shelf_is_fetched_anew(files: FileServer, place: Place) -> None:
    url = files.offer("/a", Offer(BODY))
    place.fetch(url).file.unlink()
    (kept,) = (file for file in (place.folder / "cache" / "downloads" / "file").rglob("*") if file.is_file())
    kept.write_bytes(b"damaged" + BODY[7:])
    assert place.fetch(url).file.read_bytes() == BODY
    assert [ask.status for ask in files.asked] == [200, 200]


def test_files_that_are_kept_take_their_place_on_the_disk_once(files: FileServer, place: Place) -> None:
    fetched = place.fetch(files.offer("/a", Offer(BODY)))
    assert fetched.file.stat().st_nlink == 2


def test_the_shelf_is_bounded_and_what_a_job_has_stays_with_it(files: FileServer, tmp_path: Path) -> None:
    place = place_at(tmp_path, fetch_cache_max_bytes=2 * MEGABYTE + 65536)
    bodies = [bytes([number]) * MEGABYTE for number in range(5)]
    fetched = [place.fetch(files.offer(f"/{number}", Offer(body))) for number, body in enumerate(bodies)]
    kept = [file for file in (tmp_path / "cache" / "downloads").glob("*/??/*") if file.is_file()]
    assert sum(file.stat().st_size for file in kept) <= 2 * MEGABYTE + 65536
    assert [one.file.read_bytes() for one in fetched] == bodies


def test_a_bound_of_nothing_keeps_nothing(files: FileServer, tmp_path: Path) -> None:
    place = place_at(tmp_path, fetch_cache_max_bytes=0)
    url = files.offer("/a", Offer(BODY))
    assert place.fetch(url).file.read_bytes() == place.fetch(url).file.read_bytes() == BODY
    assert not list((tmp_path / "cache" / "downloads").glob("file/??/*"))


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


def test_redirections_are_followed_within_reason(files: FileServer, place: Place) -> None:
    files.offer("/end", Offer(BODY))
    for number in range(5):
        target = f"/{number + 1}" if number < 4 else f"http://{files.address}/end"
        files.offer(f"/{number}", Offer(status=301 + number % 3, location=target))
    assert place.fetch(f"http://{files.address}/0").file.read_bytes() == BODY
    files.offer("/loop", Offer(status=307, location="/loop"))
    with pytest.raises(NeuroShortsError) as failed:
        place.fetch(f"http://{files.address}/loop")
    assert (failed.value.code, failed.value.retryable) == ("too_many_redirects", False)


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
    "page": Bad(Offer(b"<html>", "text/html; charset=utf-8"), "wrong_type", False),
    "packed": Bad(Offer(BODY, more=(("Content-Encoding", "gzip"),)), "wrong_type", False),
    "trouble": Bad(Offer(status=503), "server_error", True),
    "short": Bad(Offer(BODY, claims_bytes=10), "truncated", True),
    "short, from the start": Bad(Offer(BODY, claims_bytes=10, ranges=False), "truncated", True),
    "short, without a validator": Bad(Offer(BODY, claims_bytes=10, etag=False), "truncated", True),
    "large": Bad(Offer(BODY), "media_too_large", False, LIMITS._replace(most_bytes=len(BODY) - 1)),
    "slow": Bad(Offer(BODY, send=drip), "too_slow", True),
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


def test_a_server_that_recovers_is_asked_again(files: FileServer, place: Place) -> None:
    url = files.offer("/a", Offer(status=503))
    fetched: list[Fetched] = []
    patient = LIMITS._replace(patience_seconds=30)
    thread = threading.Thread(target=lambda: fetched.append(place.fetch(url, limits=patient)))
    thread.start()
    eventually(lambda: len(files.asked) > 1)
    files.offer("/a", Offer(BODY))
    thread.join()
    assert fetched[0].file.read_bytes() == BODY


def test_a_busy_server_is_left_alone_for_as_long_as_it_asks(files: FileServer, place: Place) -> None:
    url, fetched = files.offer("/a", Offer(status=429, more=(("Retry-After", "1"),))), list[Fetched]()
    patient, begun = LIMITS._replace(patience_seconds=30), time.monotonic()
    thread = threading.Thread(target=lambda: fetched.append(place.fetch(url, limits=patient)))
    thread.start()
    eventually(lambda: files.asked)
    files.offer("/a", Offer(BODY))
    thread.join()
    assert time.monotonic() - begun >= 1
    assert [ask.status for ask in files.asked] == [429, 200]
    assert fetched[0].file.read_bytes() == BODY


def test_a_server_that_asks_for_too_long_is_asked_once_more_and_its_wish_told(
    files: FileServer, place: Place
) -> None:
    url = files.offer("/a", Offer(status=503, more=(("Retry-After", "3600"),)))
    with pytest.raises(NeuroShortsError, match="in 3600 s, as it asks") as failed:
        place.fetch(url, limits=LIMITS._replace(patience_seconds=0.5))
    assert (failed.value.code, failed.value.retryable) == ("server_error", True)
    assert len(files.asked) == 2


def test_a_download_goes_on_where_it_was_cut(files: FileServer, place: Place) -> None:
    fetched = place.fetch(files.offer("/a", Offer(BODY, cut_after=200_000)))
    assert fetched.file.read_bytes() == BODY
    assert fetched.received_bytes == len(BODY)
    assert [ask.range for ask in files.asked[:3]] == ["", "bytes=200000-", "bytes=400000-"]


def test_one_that_changes_between_two_cuts_is_never_put_together(files: FileServer, place: Place) -> None:
    newer = BODY[::-1]

    def cut_and_replace(handler: Any, body: bytes) -> None:
        handler.wfile.write(body[:300_000])
        files.offer("/a", Offer(newer))

    fetched = place.fetch(files.offer("/a", Offer(BODY, send=cut_and_replace)))
    assert fetched.file.read_bytes() == newer


def test_a_server_that_does_not_know_if_range_mixes_nothing_either(files: FileServer, place: Place) -> None:
    newer = BODY[::-1]

    def cut_and_replace(handler: Any, body: bytes) -> None:
        handler.wfile.write(body[:300_000])
        files.offer("/a", Offer(newer, checks_if_range=False))

    url = files.offer("/a", Offer(BODY, send=cut_and_replace))
    assert place.fetch(url).file.read_bytes() == newer
    assert [ask.status for ask in files.asked] == [200, 206, 200]


def test_a_body_without_an_end_is_never_confirmed_by_its_validator(files: FileServer, place: Place) -> None:
    url = files.offer("/a", Offer(BODY, tells_length=False, cut_after=1000))
    assert place.fetch(url).received_bytes == 1000
    files.offer("/a", Offer(BODY))
    assert place.fetch(url).file.read_bytes() == BODY


def stop_when(begun: threading.Event, stop: threading.Event) -> None:
    begun.wait(60)
    stop.set()


def test_who_stops_waiting_waits_no_more(files: FileServer, place: Place) -> None:
    stop, begun = threading.Event(), threading.Event()

    def silent(handler: Any, body: bytes) -> None:
        begun.set()
        stop.wait(60)
        handler.rfile.read(1)

    url = files.offer("/a", Offer(BODY, send=silent))
    threading.Thread(target=stop_when, args=(begun, stop)).start()
    with pytest.raises(Interrupted):
        place.fetch(url, limits=Limits(MEGABYTE, 600), stop=stop)
    assert place.left() == []


def test_an_asset_is_fetched_by_its_id_and_asked_for_once(files: FileServer, tmp_path: Path) -> None:
    url = files.offer("/a", Offer(BODY))
    place = place_at(tmp_path, assets_manifest=manifest(tmp_path, url, licence="CC-BY-4.0"))
    first, second = place.fetch("photo"), place.fetch("photo")
    assert first.file.read_bytes() == second.file.read_bytes() == BODY
    assert (first.attribution, first.received_bytes) == ("Ada Example", len(BODY))
    assert (second.attribution, second.received_bytes) == ("Ada Example", 0)
    assert len(files.asked) == 1


def test_an_asset_with_other_bytes_is_refused_and_not_kept(files: FileServer, tmp_path: Path) -> None:
    place = place_at(tmp_path, assets_manifest=manifest(tmp_path, files.offer("/a", Offer(BODY[::-1]))))
    with pytest.raises(NeuroShortsError, match="photo") as failed:
        place.fetch("photo")
    assert (failed.value.code, failed.value.path) == ("wrong_sha256", PATH)
    assert place.left() == []
    assert not list((tmp_path / "cache" / "downloads").glob("file/??/*"))


def test_an_asset_of_another_kind_is_refused(tmp_path: Path) -> None:
    place = place_at(tmp_path, assets_manifest=manifest(tmp_path, "file:a.png"))
    with pytest.raises(NeuroShortsError) as failed:
        place.fetch("photo", "sound")
    assert failed.value.code == "wrong_type"


def test_an_asset_of_this_machine_is_used_where_it_lies(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(BODY)
    place = place_at(tmp_path, assets_manifest=manifest(tmp_path, "file:a.png"))
    assert place.fetch("photo").file == tmp_path / "a.png"
    (tmp_path / "a.png").write_bytes(b"other")
    with pytest.raises(NeuroShortsError) as failed:
        place.fetch("photo")
    assert failed.value.code == "wrong_sha256"
    (tmp_path / "a.png").unlink()
    with pytest.raises(NeuroShortsError, match="operator") as failed:
        place.fetch("photo")
    assert failed.value.code == "missing_file"


def test_the_assets_that_come_with_the_program_can_be_named(place: Place) -> None:
    assert place.fetch("font.inter", "font").received_bytes == 0


@pytest.mark.parametrize(
    ("src", "is_known"), [("a/b.png", False), ("b.png", False), ("font.inter", True), ("https://a.b/c", True)]
)
def test_paths_are_told_from_urls(src: str, is_known: bool, place: Place) -> None:
    assert OnDemandFetcher(place.settings, StoreSigner(place.settings)).knows(src) is is_known
