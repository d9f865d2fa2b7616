"""Workers that bring films to a bucket, and what becomes of the jobs when that is disturbed."""

import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from src.models.status import State
from src.settings import PREFIX
from tests.e2e.house import AT_ONCE_SECONDS, SHORT, TINY, House
from tests.services.ceph import Ceph
from tests.services.tcp_proxy import TcpProxy, proxied
from tests.submissions import nobodys
from tests.waiting import PATIENCE_SECONDS, eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills processes")

#: Stands for a render: a film that goes in several parts, the same each time.
LARGE_FILM = """
import json, pathlib, random, sys
order = json.loads(sys.stdin.readline())
folder = pathlib.Path(order["folder"])
folder.mkdir(parents=True)
film = folder / "film.mp4"
film.write_bytes(random.Random(1).randbytes(24 * 1024 * 1024))
result = {"url": str(film), "duration": 1, "width": 64, "height": 112, "fps": 10, "size_bytes": 1,
    "sha256": "0" * 64, "loudness": {"lufs": -14, "true_peak_db": -1}}
print(json.dumps({"kind": "finished", "result": result}))
"""
RENDER_LARGE = (sys.executable, "-c", LARGE_FILM)
#: Slow enough that the large film takes half a minute.
NARROW = 256 * 1024.0


class Yard:
    """A bucket, the way to it, and a house whose films go there."""

    def __init__(self, ceph: Ceph, way: TcpProxy, folder: Path, **more: Any) -> None:
        self.way = way
        self.bucket = ceph.new_bucket()
        self.client = ceph.client()
        self.given: dict[str, Any] = {
            "s3_endpoint_url": f"http://127.0.0.1:{way.port}",
            "s3_bucket": self.bucket,
            "s3_access_key_id": ceph.user.access_key_id,
            "s3_secret_access_key": ceph.user.secret_access_key,
            "s3_path_style": True,
            **more,
        }
        self.house = House(folder, **self.given)
        self.job: dict[str, Any] = {**SHORT, "output": {**TINY, "destinations": [{"type": "s3"}]}}

    def submit(self, *destinations: dict[str, Any]) -> str:
        asked = destinations or ({"type": "s3", "key": "{job_id}/film.mp4"},)
        job = {**self.job, "id": "row-1", "output": {**TINY, "destinations": asked}}
        body = json.dumps(job).encode()
        return self.house.desk.submit(nobodys(body)).status.id

    def set_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Tell workers of the bucket."""
        for name, value in self.given.items():
            monkeypatch.setenv(PREFIX + name.upper(), str(value))

    def names(self) -> list[str]:
        return [found["Key"] for found in self.client.list_objects_v2(Bucket=self.bucket).get("Contents", ())]

    def unfinished(self) -> list[str]:
        found = self.client.list_multipart_uploads(Bucket=self.bucket)
        return [upload["Key"] for upload in found.get("Uploads", ())]

    def is_uploading(self) -> bool:
        """Tell whether parts of the large film are under way."""
        return bool(self.unfinished())


@pytest.fixture
def yard(ceph: Ceph, tmp_path: Path) -> Iterator[Yard]:
    with proxied(lambda: ceph.port) as way:
        built = Yard(ceph, way, tmp_path)
        yield built
        built.house.engine.dispose()


def test_a_film_goes_to_all_its_destinations(yard: Yard) -> None:
    with yard.house.working():
        id = yard.submit({"type": "s3", "key": "films/{job_id}.mp4"}, {"type": "local"})
        status = yard.house.ended(id)

    assert (status.status, status.error) == (State.DONE, None)
    assert status.result
    film = yard.house.settings.data_dir / "jobs" / id / "row-1.mp4"
    assert status.result.urls == (status.result.url, str(film))
    assert httpx.get(status.result.url, timeout=PATIENCE_SECONDS).content == film.read_bytes()
    assert status.result.poster_url
    assert (
        httpx.get(status.result.poster_url, timeout=PATIENCE_SECONDS).headers["Content-Type"] == "image/jpeg"
    )
    assert httpx.get(status.result.sidecars["srt"], timeout=PATIENCE_SECONDS).text.startswith("1\n")
    assert yard.names() == [f"films/row-1{suffix}" for suffix in (".job.json", ".jpg", ".mp4", ".srt")]


def test_a_film_that_nobody_wants_here_is_not_kept_here(yard: Yard) -> None:
    with yard.house.working():
        assert yard.house.ended(yard.submit()).status is State.DONE
        eventually(lambda: yard.house.files() == set())


def test_a_job_cancelled_while_its_film_is_uploaded_leaves_nothing(yard: Yard) -> None:
    yard.way.bytes_a_second = NARROW
    with yard.house.working(command=RENDER_LARGE):
        id = yard.submit()
        eventually(yard.is_uploading)
        assert yard.house.desk.status(id).status is State.UPLOADING
        yard.house.desk.cancel(id)
        yard.house.until(id, State.CANCELLED, AT_ONCE_SECONDS)
        assert yard.house.files() == set()
        eventually(lambda: not yard.unfinished(), AT_ONCE_SECONDS)
    assert yard.names() == []


def test_a_worker_that_is_stopped_while_it_uploads_hands_the_job_back(yard: Yard) -> None:
    yard.way.bytes_a_second = NARROW
    id = yard.submit()
    with yard.house.working(command=RENDER_LARGE):
        eventually(yard.is_uploading)
    assert yard.house.desk.status(id).status is State.QUEUED
    assert (yard.names(), yard.house.files()) == ([], set())
    eventually(lambda: not yard.unfinished())
    yard.way.bytes_a_second = None
    with yard.house.working(command=RENDER_LARGE):
        status = yard.house.ended(id)
    assert (status.status, status.attempts) == (State.DONE, 2)


def test_a_server_that_hangs_keeps_neither_a_cancelled_job_nor_its_worker(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    yard.set_environment(monkeypatch)
    yard.way.bytes_a_second = 0.001
    ids = yard.submit(), yard.house.submit(yard.job)
    with yard.house.worker("--grace", "0") as worker:
        yard.house.until(ids[0], State.UPLOADING)
        yard.house.desk.cancel(ids[0])
        yard.house.until(ids[0], State.CANCELLED, AT_ONCE_SECONDS)
        yard.house.until(ids[1], State.UPLOADING)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE_SECONDS) == 0
    assert yard.house.desk.status(ids[1]).status is State.QUEUED
    assert yard.house.files() == set()


def test_a_film_whose_worker_is_killed_while_it_uploads_is_delivered_by_another(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    yard.set_environment(monkeypatch)
    # The film arrives, and nothing is told of it.
    yard.way.bytes_a_second = 4096
    id = yard.submit()
    with yard.house.worker() as first:
        eventually(lambda: yard.house.desk.status(id).status is State.UPLOADING)
        first.kill()
        first.wait()
    yard.house.leases_run_out()
    yard.way.bytes_a_second = None
    with yard.house.worker():
        status = yard.house.ended(id)
        # Logged after it is told.
        eventually(lambda: yard.house.events("job_finished"))
    assert (status.status, status.attempts) == (State.DONE, 2)
    assert yard.names() == [f"row-1/film{suffix}" for suffix in (".job.json", ".jpg", ".mp4", ".srt")]
    assert [event["status"] for event in yard.house.events("job_finished")] == ["done"]
    assert yard.house.settings.s3_secret_access_key.get_secret_value() not in (
        yard.house.settings.log_dir / "app.log"
    ).read_text(encoding="utf-8")


@pytest.mark.parametrize("code", ["wrong_credentials", "missing_bucket", "no_rights"])
def test_what_stays_wrong_fails_a_job_at_once_with_its_path(
    code: str, yard: Yard, ceph: Ceph, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stranger = ceph.new_user()
    wrong: dict[str, dict[str, Any]] = {
        "wrong_credentials": {"s3_secret_access_key": "wrong"},
        "missing_bucket": {"s3_bucket": "there-is-none"},
        "no_rights": {
            "s3_access_key_id": stranger.access_key_id,
            "s3_secret_access_key": stranger.secret_access_key,
        },
    }
    house = House(tmp_path / "other", **{**yard.given, **wrong[code]})
    job = {**SHORT, "output": {**TINY, "destinations": [{"type": "local"}, {"type": "s3"}]}}
    with house.working():
        id = house.submit(job)
        status = house.ended(id)
    house.engine.dispose()
    assert status.error
    assert (status.error.code, status.error.path) == (code, "output.destinations[1]")
    assert (status.error.retryable, status.attempts) == (False, 1)
    assert (status.status, house.files()) == (State.FAILED, set())
    assert "destination_away" not in [record.getMessage() for record in caplog.records]


def test_a_bucket_that_jobs_may_not_name_fails_them_before_any_work(yard: Yard) -> None:
    with yard.house.working():
        status = yard.house.ended(yard.submit({"type": "s3", "bucket": "somebody-elses"}))
    assert status.error
    assert (status.error.code, status.error.path) == ("forbidden_bucket", "output.destinations[0].bucket")
    assert yard.house.segments() == 0


def test_what_tells_of_a_film_holds_no_headers_of_webhooks(yard: Yard) -> None:
    secret = {"webhook_url": "https://films.example", "webhook_headers": {"Authorization": "Bearer secret"}}
    destinations = [{"type": "s3", "key": "film.mp4"}]
    with yard.house.working():
        id = yard.house.submit(
            {**SHORT, **secret, "metadata": {"row": 7}, "output": {**TINY, "destinations": destinations}}
        )
        assert yard.house.ended(id).status is State.DONE
    told = yard.client.get_object(Bucket=yard.bucket, Key="film.job.json")["Body"].read()
    assert json.loads(told)["metadata"] == {"row": 7}
    assert b"secret" not in told


def test_a_grace_that_is_long_enough_ends_an_upload(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    yard.set_environment(monkeypatch)
    yard.way.bytes_a_second = 16 * 1024
    id = yard.submit()
    with yard.house.worker("--grace", "600") as worker:
        eventually(lambda: yard.house.desk.status(id).status is State.UPLOADING)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE_SECONDS) == 0
    assert yard.house.desk.status(id).status is State.DONE
