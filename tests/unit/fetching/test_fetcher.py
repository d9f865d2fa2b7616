"""Media fetched from a real server, which may be hostile, slow, or wrong about what it sends."""

import hashlib
import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from src.cloud.signing import StoreSigner
from src.errors import Interrupted, NeuroShortsError
from src.fetching.ondemand import OnDemandFetcher
from src.fetching.pace import Limits
from src.pipeline.request import Fetched
from tests.fileserver import FileServer, Offer
from tests.unit.fetching.place import BODY, LIMITS, MEGABYTE, PATH, Place, place_at
from tests.waiting import eventually


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


def test_a_server_that_recovers_is_asked_again(files: FileServer, place: Place) -> None:
    url = files.offer("/a", Offer(status=503))
    fetched: list[Fetched] = []
    patient = LIMITS._replace(patience_seconds=120)
    thread = threading.Thread(target=lambda: fetched.append(place.fetch(url, limits=patient)))
    thread.start()
    eventually(lambda: len(files.asked) > 1)
    files.offer("/a", Offer(BODY))
    thread.join()
    assert fetched[0].file.read_bytes() == BODY


def test_a_busy_server_is_left_alone_for_as_long_as_it_asks(files: FileServer, place: Place) -> None:
    def recover(handler: Any, body: bytes) -> None:
        files.offer("/a", Offer(BODY))

    url = files.offer("/a", Offer(status=429, more=(("Retry-After", "1"),), send=recover))
    begun = time.monotonic()
    fetched = place.fetch(url, limits=LIMITS._replace(patience_seconds=120))
    assert time.monotonic() - begun >= 1
    assert [ask.status for ask in files.asked] == [429, 200]
    assert fetched.file.read_bytes() == BODY


def test_a_server_that_asks_for_too_long_is_asked_once_more_and_its_wish_told(
    files: FileServer, place: Place
) -> None:
    url = files.offer("/a", Offer(status=503, more=(("Retry-After", "3600"),)))
    with pytest.raises(NeuroShortsError, match="in 3600 s, as it asks") as failed:
        place.fetch(url, limits=LIMITS._replace(patience_seconds=2))
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
    begun.wait(600)
    stop.set()


def test_who_stops_waiting_waits_no_more(files: FileServer, place: Place) -> None:
    stop, begun = threading.Event(), threading.Event()

    def silent(handler: Any, body: bytes) -> None:
        begun.set()
        stop.wait(600)
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
