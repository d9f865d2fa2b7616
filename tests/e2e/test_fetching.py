"""Jobs that name media by URL or by id, from the worker and the command to the film."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from src.cli import app
from src.models.status import State
from src.settings import Settings
from tests.e2e.command import run
from tests.e2e.house import AT_ONCE_SECONDS, House
from tests.e2e.pictured import job_of
from tests.fileserver import FileServer, Offer, serving_files
from tests.waiting import eventually

#: Runs a command; returns its exit code and what it told.
Told = Callable[..., tuple[int, str]]


@pytest.fixture
def files() -> Iterator[FileServer]:
    with serving_files() as files:
        yield files


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path, fetch_allow_hosts=("127.0.0.1",))
    yield built
    built.engine.dispose()


def test_a_picture_by_url_becomes_a_film_and_is_fetched_once(
    house: House, files: FileServer, picture: bytes
) -> None:
    url = files.offer("/picture", Offer(picture))
    with house.working():
        first = house.ended(house.submit(job_of(url, url)))
        second = house.ended(house.submit({"id": "again", **job_of(url)}))
    assert first.result
    assert second.result
    assert (first.result.bytes_fetched, second.result.bytes_fetched) == (len(picture), 0)
    assert [ask.status for ask in files.asked] == [200, 304]
    assert found_good(house)
    assert not any((house.settings.cache_dir / "work").rglob("*"))


def test_a_job_tells_why_it_waits_for_a_server_until_it_goes_on(
    house: House, files: FileServer, picture: bytes
) -> None:
    url = files.offer("/picture", Offer(status=503))
    with house.working():
        id = house.submit(job_of(f"{url}?signature=hush"))
        held_up = eventually(lambda: house.desk.status(id).error)
        files.offer("/picture", Offer(picture))
        ended = house.ended(id)
    assert (held_up.code, held_up.path, held_up.retryable) == (
        "server_error",
        "scenes[0].visuals[0].src",
        True,
    )
    assert held_up.message.startswith("'127.0.0.1' has trouble (HTTP 503): try again later; next attempt in ")
    assert (ended.status, ended.error, ended.attempts) == (State.DONE, None, 1)


def test_the_command_tells_why_it_waits_for_a_server(
    tmp_path: Path, files: FileServer, picture: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEUROSHORTS_FETCH_ALLOW_HOSTS", "127.0.0.1")
    url = files.offer("/picture", Offer(status=503))

    def mend() -> None:
        eventually(lambda: len(files.asked) >= 2)
        files.offer("/picture", Offer(picture))

    mending = threading.Thread(target=mend)
    mending.start()
    done = run(tmp_path, "render", "job.json", "-o", "film.mp4", job=job_of(f"{url}?signature=hush"))
    mending.join()
    assert done.returncode == 0, done.stderr
    assert "'127.0.0.1' has trouble (HTTP 503): try again later; next attempt in 0.25 s\n" in done.stderr
    assert "hush" not in done.stderr


def test_everything_that_cannot_be_fetched_is_told_at_once_and_nothing_is_left(
    house: House, files: FileServer, picture: bytes
) -> None:
    page = files.offer("/page", Offer(b"<html>", "text/html"))
    sham = files.offer("/sham", Offer(b"no picture at all")) + "?signature=hush"
    with house.working():
        several = house.ended(house.submit(job_of(f"http://{files.address}/gone", page)))
        unreadable = house.ended(house.submit(job_of(sham)))
    assert several.error
    assert unreadable.error
    assert "scenes[0].visuals[0].src" in several.error.message
    assert f"{files.address}/gone" in several.error.message
    assert "scenes[1].visuals[0].src" in several.error.message
    assert (several.error.code, several.error.retryable) == ("not_found", False)
    assert (unreadable.error.code, unreadable.error.path) == ("unreadable_media", "scenes[0].visuals[0].src")
    assert "hush" not in unreadable.error.message
    assert house.files() == set()


def test_a_job_that_fetches_too_much_ends_while_it_comes_in_and_nothing_is_left(
    tmp_path: Path, files: FileServer
) -> None:
    house = House(tmp_path, fetch_allow_hosts=("127.0.0.1",), max_job_media_bytes=3_000_000)
    endless = Offer(bytes(20_000_000), tells_length=False)
    with house.working():
        several = house.ended(house.submit(job_of(*(files.offer(f"/{n}", endless) for n in range(3)))))
        known = house.ended(house.submit(job_of(files.offer("/known", Offer(bytes(3_000_001))))))
    for error in (several.error, known.error):
        assert error
        assert error.code == "media_too_large"
        assert error.path.endswith("visuals[0].src")
        assert "NEUROSHORTS_MAX_JOB_MEDIA_BYTES" in error.message
    assert files.sent_bytes < 45_000_000
    assert house.files() == set()
    assert not any((house.settings.cache_dir / "work").rglob("*"))
    house.engine.dispose()


def found_good(house: House) -> list[Path]:
    """List what is known of media that were opened."""
    return [file for file in (house.settings.cache_dir / "entries" / "probe").rglob("*") if file.is_file()]


def drip(handler: Any, body: bytes) -> None:
    pause = threading.Event()
    for number in body:
        handler.wfile.write(bytes([number]))
        pause.wait(0.05)


#: How a whole picture is handed out, so that it must not be used; with what is told of it.
UNVERIFIED = {
    "wrong_sha256": (Offer(), False),
    "truncated": (Offer(claims_bytes=10), True),
    "wrong_type": (Offer(content_type="text/html"), False),
    "not_found": (Offer(status=404), False),
    "forbidden": (Offer(status=403), False),
    "too_slow": (Offer(send=drip), True),
}


@pytest.mark.parametrize("code", UNVERIFIED)
def test_a_job_tells_which_medium_it_did_not_get_and_nothing_looks_into_that(
    code: str, files: FileServer, picture: bytes, tmp_path: Path
) -> None:
    offer, is_retryable = UNVERIFIED[code]
    good = files.offer("/good", Offer(picture))
    bad = files.offer("/bad", offer._replace(body=picture + b"more"))
    # Not what the other medium is: whoever has that by its digest needs no other.
    promised = asset_of("hero", bad, picture + (b"less" if code == "wrong_sha256" else b"more"))
    manifest = tmp_path / "assets.yaml"
    manifest.write_text(json.dumps({"schema_version": 1, "assets": [promised]}))
    given: dict[str, Any] = {"assets_manifest": manifest, "fetch_max_seconds": 3, "max_attempts": 1}
    house = House(tmp_path, fetch_allow_hosts=("127.0.0.1",), **given)
    with house.working():
        status = house.ended(house.submit(job_of(good, "hero")))
    house.engine.dispose()
    assert status.error
    assert (status.error.code, status.error.path) == (code, "scenes[1].visuals[0].src")
    assert status.error.retryable is is_retryable
    assert "'hero'" in status.error.message
    assert house.files() == set()
    # Only what is right is kept, and even that was neither probed nor drawn.
    kept = {
        file.name for file in (house.settings.cache_dir / "downloads" / "file").rglob("*") if file.is_file()
    }
    assert kept == {hashlib.sha256(picture).hexdigest()}
    assert (found_good(house), house.segments()) == ([], 0)


def test_a_job_of_strangers_reaches_nobody_on_this_machine(tmp_path: Path, files: FileServer) -> None:
    house = House(tmp_path)
    with house.working():
        status = house.ended(house.submit(job_of(files.offer("/secret", Offer(b"secret")))))
    house.engine.dispose()
    assert status.error
    assert (status.error.code, status.error.path) == ("forbidden_host", "scenes[0].visuals[0].src")
    assert files.asked == []


def test_a_job_cancelled_while_it_fetches_is_gone_at_once(house: House, files: FileServer) -> None:
    over = threading.Event()

    def halting(handler: Any, body: bytes) -> None:
        handler.wfile.write(body[:500_000])
        over.wait(600)

    id = house.submit(job_of(files.offer("/large", Offer(bytes(1_000_000), send=halting))))
    with house.working():
        eventually(lambda: house.desk.status(id).progress > 0)
        assert house.desk.status(id).status is State.FETCHING
        house.desk.cancel(id)
        house.until(id, State.CANCELLED, AT_ONCE_SECONDS)
        assert house.renders() == []
        assert house.files() == set()
    over.set()


def asset_of(id: str, uri: str, body: bytes) -> dict[str, Any]:
    """Write the entry of a manifest."""
    return {
        "id": id,
        "kind": "image",
        "uri": uri,
        "sha256": hashlib.sha256(body).hexdigest(),
        "bytes": len(body),
        "licence": "CC-BY-4.0",
        "attribution": "Ada Example, CC BY 4.0",
    }


@pytest.fixture
def library(tmp_path: Path, files: FileServer, picture: bytes, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder whose command knows one asset."""
    asset = asset_of("hero", files.offer("/picture", Offer(picture)), picture)
    (tmp_path / "assets.yaml").write_text(json.dumps({"schema_version": 1, "assets": [asset]}))
    monkeypatch.setenv("NEUROSHORTS_ASSETS_MANIFEST", str(tmp_path / "assets.yaml"))
    monkeypatch.setenv("NEUROSHORTS_FETCH_ALLOW_HOSTS", "127.0.0.1")
    return tmp_path


@pytest.fixture
def told(library: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Told:
    """Run commands in the library's folder, in this process."""
    monkeypatch.chdir(library)

    def run_command(*arguments: str) -> tuple[int, str]:
        code = app.run(list(arguments))
        return code, capsys.readouterr().out

    return run_command


def test_the_command_fetches_an_asset_and_names_its_author(library: Path, files: FileServer) -> None:
    done = run(library, "render", "job.json", "--json", job=job_of("hero"))
    result = json.loads(done.stdout)["result"]
    assert result["attributions"] == ["Ada Example, CC BY 4.0"]
    assert result["bytes_fetched"] == files.sent_bytes > 0


def test_an_asset_that_was_added_can_be_rendered_from(library: Path, files: FileServer, told: Told) -> None:
    url, manifest = f"http://{files.address}/picture", library / "assets.yaml"
    manifest.write_text("# Ours.\nschema_version: 1\nassets: []\n")
    about = ("--kind", "image", "--licence", "CC-BY-SA-4.0", "--attribution", 'Zoé: a "name"')
    assert told("assets", "add", "city", url, *about, "--tag", "night")[0] == 0
    assert told("assets", "add", "still", "picture.png", *about)[0] == 0
    assert told("assets", "add", "city", url, *about)[0] == 1
    assert told("assets", "add", "Not an id", url, *about)[0] == 2
    assert manifest.read_text().startswith("# Ours.\n")
    assert told("assets", "list")[1].splitlines()[0].split()[-2:] == [url, "night"]
    done = run(library, "render", "job.json", "--json", job=job_of("city", "still"))
    assert json.loads(done.stdout)["result"]["attributions"] == ['Zoé: a "name"']


def test_assets_are_listed_pulled_and_verified(files: FileServer, picture: bytes, told: Told) -> None:
    url = f"http://{files.address}/picture"
    assert told("assets", "list") == (0, f"hero  image  {len(picture):,}  CC-BY-4.0  {url}\n")
    assert told("assets", "verify") == (0, "hero: not fetched yet\n")
    assert told("assets", "pull") == (0, f"hero: {len(picture):,} bytes fetched\n")
    assert told("assets", "pull", "hero") == (0, "hero: was here already\n")
    assert told("assets", "verify") == (0, "hero: right\n")
    assert len(files.asked) == 1
    shelves = [line.split() for line in told("cache", "stats")[1].splitlines()]
    assert [shelf[:2] for shelf in shelves[-3:-1]] == [["downloads", "1"], ["models", "0"]]
    (kept,) = Settings().cache_dir.glob("downloads/file/??/*")
    kept.write_bytes(b"damaged")
    assert told("assets", "verify") == (1, "hero: wrong\n")
    assert told("assets", "pull", "villain")[0] == 2
    told("assets", "pull")
    assert told("cache", "prune", "--all")[0] == 0
    assert told("assets", "verify") == (0, "hero: not fetched yet\n")
