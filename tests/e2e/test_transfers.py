"""Large media fetched and large films delivered, while connections are cut and servers are away.

`make transfers` goes on for longer than the tests of every day do.
"""

import hashlib
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from benchmarks.process_tree import Cost, measure
from src.models.status import JobStatus, State
from src.settings import PREFIX
from tests.e2e.command import ROOT
from tests.e2e.house import TINY, House
from tests.e2e.test_delivery import Yard
from tests.fileserver import FileServer, Offer, serving_files
from tests.services.ceph import Ceph
from tests.services.tcp_proxy import TcpProxy, proxied
from tests.synthetic import gradient_rgb, write_picture
from tests.unit.delivery.parcels import ID, result_in
from tests.unit.delivery.shelves import Shelf
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="measures memory, kills processes")

#: Most memory of a process that moves a file of any size, with all it imports.
MOST_MEMORY_BYTES = 150_000_000
#: Seconds that the longest of these may take.
PATIENCE_SECONDS = 400.0
#: Seconds without a word from a worker after which another one takes its job: as long as servers are away.
LEASE_SECONDS = 5

FETCHING = """
import sys, threading
from pathlib import Path
from src.cloud.signing import StoreSigner
from src.fetching.fetcher import MediaFetcher
from src.models.media_refs import MediaRef
from src.settings import Settings
work = Path(sys.argv[1])
work.mkdir()
ref, stop = MediaRef("scenes[0].visuals[0].src", sys.argv[2], "video"), threading.Event()
fetcher = MediaFetcher(Settings(), StoreSigner(Settings()))
fetched = fetcher.fetch(ref, work, lambda had, whole: None, stop, lambda setback: None)
print(fetched.received_bytes, fetched.sha256)
"""
DELIVERING = """
import sys, threading
from pathlib import Path
from src.delivery.catalogue import destinations_of
from src.delivery.parcel import pack
from src.delivery.round import Round
from src.models.output import Output
from src.models.status import RenderResult
from src.settings import Settings
from tests.unit.delivery.parcels import SENDER
result = RenderResult.model_validate_json(Path(sys.argv[1]).read_text())
output = Output.model_validate({"destinations": ({"type": "s3"},)})
destinations = destinations_of(output, Settings())
print(Round(pack(SENDER, {}, result), destinations, 300).go(threading.Event())[0].film)
"""
#: Stands for a render: leaves a film that is there already.
RENDER = """
import json, os, pathlib, sys
folder = pathlib.Path(json.loads(sys.stdin.readline())["folder"])
folder.mkdir(parents=True)
os.link(sys.argv[1], folder / "film.mp4")
result = {"url": str(folder / "film.mp4"), "duration": 1, "width": 64, "height": 112, "fps": 10,
    "size_bytes": 1, "sha256": "0" * 64, "loudness": {"lufs": -14, "true_peak_db": -1}}
print(json.dumps({"kind": "finished", "result": result}))
"""


class Scale(NamedTuple):
    """How large, and how bad."""

    media_bytes: int
    cuts: int
    away_seconds: float
    fetchers: int


@pytest.fixture
def scale(request: pytest.FixtureRequest) -> Scale:
    option = request.config.getoption
    return Scale(
        option("--media-mb") * 10**6, option("--cuts"), option("--away-seconds"), option("--fetchers")
    )


@pytest.fixture
def files() -> Iterator[FileServer]:
    with serving_files() as files:
        yield files


@pytest.fixture
def shelf(ceph: Ceph, tmp_path: Path) -> Shelf:
    return Shelf(ceph, tmp_path / "films")


@contextmanager
def cut_along(way: TcpProxy, scale: Scale) -> Iterator[list[int]]:
    """Cut all connections each time that as much again has gone by; gives how many each cut met."""
    met: list[int] = []

    def is_due() -> bool:
        return way.passed_bytes >= scale.media_bytes * (len(met) + 1) // (scale.cuts + 1)

    def cut() -> None:
        while len(met) < scale.cuts:
            eventually(is_due, PATIENCE_SECONDS)
            met.append(eventually(way.cut))

    thread = threading.Thread(target=cut, daemon=True)
    thread.start()
    yield met
    thread.join()


def cost_of(program: str, folder: Path, *arguments: str, **settings: Any) -> tuple[str, Cost]:
    """Run a program with settings; return what it prints and what it took."""
    environment = {PREFIX + name.upper(): str(value) for name, value in settings.items()}
    command = (sys.executable, "-c", program, *arguments)
    outcome = measure(command, folder, {**environment, "PYTHONPATH": str(ROOT)})
    told = f"{outcome.cost.wall_s:.1f} s, {(outcome.cost.peak_rss_bytes or 0) / 1e6:.0f} MB of memory"
    print(told, outcome.stdout)
    return outcome.stdout, outcome.cost


def test_an_upload_over_a_way_that_is_cut_leaves_a_whole_film_no_part_and_little_memory(
    shelf: Shelf, tmp_path: Path, scale: Scale
) -> None:
    result = result_in(shelf.folder, scale.media_bytes)
    (tmp_path / "result.json").write_text(result.model_dump_json())
    with proxied(lambda: shelf.ceph.port) as way, cut_along(way, scale) as met:
        told = {
            **shelf.settings(s3_endpoint_url=f"http://127.0.0.1:{way.port}").model_dump(
                include={"s3_endpoint_url", "s3_bucket", "s3_access_key_id", "s3_path_style"}
            ),
            "s3_secret_access_key": shelf.ceph.user.secret_access_key,
        }
        _, cost = cost_of(DELIVERING, tmp_path, str(tmp_path / "result.json"), **told)
    assert len(met) == scale.cuts
    found = shelf.client.get_object(Bucket=shelf.bucket, Key=f"{ID}.mp4")
    assert digest_of(found["Body"].iter_chunks(2**20)) == digest_of([Path(result.url).read_bytes()])
    assert shelf.unfinished() == []
    assert 0 < (cost.peak_rss_bytes or 0) < MOST_MEMORY_BYTES


def digest_of(parts: Any) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def test_a_download_over_a_way_that_is_cut_is_whole_and_takes_little_memory(
    files: FileServer, tmp_path: Path, scale: Scale
) -> None:
    body = random.Random(1).randbytes(scale.media_bytes)
    files.offer("/a", Offer(body))
    with proxied(lambda: files.port) as way, cut_along(way, scale) as met:
        url = f"http://127.0.0.1:{way.port}/a"
        told, cost = cost_of(FETCHING, tmp_path, str(tmp_path / "work"), url, fetch_allow_hosts="127.0.0.1")
    assert len(met) == scale.cuts
    assert told.split() == [str(len(body)), hashlib.sha256(body).hexdigest()]
    assert len(files.asked) == scale.cuts + 1
    assert 0 < (cost.peak_rss_bytes or 0) < MOST_MEMORY_BYTES


def test_many_processes_that_want_the_same_at_once_download_it_once(
    files: FileServer, tmp_path: Path, scale: Scale, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{PREFIX}FETCH_ALLOW_HOSTS", "127.0.0.1")
    everybody_waits, body = threading.Event(), random.Random(1).randbytes(scale.media_bytes)

    def slow(handler: Any, body: bytes) -> None:
        everybody_waits.wait(PATIENCE_SECONDS)
        handler.wfile.write(body)

    url = files.offer("/a", Offer(body, etag=False, send=slow))
    works = [str(tmp_path / f"work-{number}") for number in range(scale.fetchers)]
    command = (sys.executable, "-c", FETCHING)
    wanting = [subprocess.Popen([*command, work, url], cwd=ROOT, stdout=subprocess.PIPE) for work in works]
    eventually(lambda: len(list(tmp_path.glob("work-*"))) == scale.fetchers)
    everybody_waits.set()
    told = [process.communicate()[0].split() for process in wanting]
    assert [process.returncode for process in wanting] == [0] * scale.fetchers
    assert {one[1] for one in told} == {hashlib.sha256(body).hexdigest().encode()}
    assert sorted(int(one[0]) for one in told) == [0] * (scale.fetchers - 1) + [len(body)]
    assert len(files.bodies()) == 1


def assert_done_at_once(status: JobStatus) -> None:
    assert (status.status, status.attempts, status.error) == (State.DONE, 1, None)


def test_a_bucket_that_is_away_in_the_middle_of_an_upload_costs_no_attempt(
    ceph: Ceph, tmp_path: Path, scale: Scale
) -> None:
    film = Path(result_in(tmp_path / "films", scale.media_bytes).url)
    with proxied(lambda: ceph.port) as way:
        yard = Yard(ceph, way, tmp_path, lease_seconds=LEASE_SECONDS)
        assert scale.away_seconds >= yard.house.settings.lease_seconds
        # Four parts at a time: it takes three seconds at least.
        way.bytes_a_second = scale.media_bytes / 12
        with yard.house.working(command=(sys.executable, "-c", RENDER, str(film))):
            id = yard.submit()
            eventually(lambda: way.passed_bytes > scale.media_bytes // 3, PATIENCE_SECONDS)
            assert yard.is_uploading()
            ceph.stop()
            threading.Event().wait(scale.away_seconds)
            assert yard.house.desk.status(id).status is State.UPLOADING
            ceph.start()
            way.bytes_a_second = None
            eventually(lambda: yard.house.desk.status(id).finished_at, PATIENCE_SECONDS)
            assert_done_at_once(yard.house.desk.status(id))
    found = yard.client.get_object(Bucket=yard.bucket, Key="row-1/film.mp4")
    assert digest_of(found["Body"].iter_chunks(2**20)) == digest_of([film.read_bytes()])
    assert yard.unfinished() == []
    yard.house.engine.dispose()


def ended_after_absence(house: House, src: str, way: TcpProxy, scale: Scale) -> JobStatus:
    """Have a job fetch a large picture over a way that breaks in the middle for a while."""
    assert scale.away_seconds >= house.settings.lease_seconds
    visual = {"type": "image", "src": src}
    with house.working():
        way.bytes_a_second = scale.media_bytes / 3
        id = house.submit({"output": TINY, "scenes": [{"duration": 0.5, "visuals": [visual]}]})
        eventually(lambda: way.passed_bytes > scale.media_bytes // 3, PATIENCE_SECONDS)
        way.leave()
        threading.Event().wait(scale.away_seconds)
        assert house.desk.status(id).status is State.FETCHING
        way.come_back()
        way.bytes_a_second = None
        eventually(lambda: house.desk.status(id).finished_at, PATIENCE_SECONDS)
        status = house.desk.status(id)
    house.engine.dispose()
    return status


@pytest.fixture
def large_picture(tmp_path: Path, scale: Scale) -> bytes:
    picture = write_picture(tmp_path / "picture.png", gradient_rgb(64, 112)).read_bytes()
    # What stands behind the end of a picture is not looked at.
    return picture + random.Random(1).randbytes(scale.media_bytes)


def test_a_server_that_is_away_in_the_middle_of_a_fetch_costs_no_attempt(
    files: FileServer, tmp_path: Path, large_picture: bytes, scale: Scale
) -> None:
    files.offer("/large.png", Offer(large_picture))
    house = House(tmp_path, fetch_allow_hosts=("127.0.0.1",), lease_seconds=LEASE_SECONDS)
    with proxied(lambda: files.port) as way:
        status = ended_after_absence(house, f"http://127.0.0.1:{way.port}/large.png", way, scale)
    assert_done_at_once(status)
    assert [ask.status for ask in files.asked] == [200, 206]


def test_a_bucket_that_is_away_in_the_middle_of_a_fetch_costs_no_attempt(
    ceph: Ceph, tmp_path: Path, large_picture: bytes, scale: Scale
) -> None:
    with proxied(lambda: ceph.port) as way:
        yard = Yard(ceph, way, tmp_path, fetch_allow_buckets=("*",), lease_seconds=LEASE_SECONDS)
        yard.client.put_object(Bucket=yard.bucket, Key="large.png", Body=large_picture)
        status = ended_after_absence(yard.house, f"s3://{yard.bucket}/large.png", way, scale)
    assert_done_at_once(status)
    assert status.result
    assert status.result.bytes_fetched == len(large_picture)
