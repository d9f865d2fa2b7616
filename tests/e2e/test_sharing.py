"""Machines that share what they have finished: one goes on where another was."""

import json
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from src.models.status import RenderResult
from src.settings import PREFIX
from tests.e2e import command
from tests.e2e.house import TINY, House
from tests.receiver import listening
from tests.services.ceph import Ceph
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills processes")

#: Long enough to be killed in the middle.
JOB: dict[str, Any] = {
    "output": {**TINY, "width": 360, "height": 640, "fps": 30},
    "scenes": [{"duration": 5, "visuals": [{"type": "procedural", "seed": seed}]} for seed in range(8)],
}


class Machines:
    """Two machines, each with a cache folder of its own, that work on the same jobs."""

    def __init__(self, ceph: Ceph, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bucket, self.client = ceph.new_bucket(), ceph.client()
        given: dict[str, Any] = {
            "shared_cache_url": f"s3://{self.bucket}/segments",
            "s3_endpoint_url": ceph.url,
            "s3_access_key_id": ceph.user.access_key_id,
            "s3_secret_access_key": ceph.user.secret_access_key,
            "s3_path_style": True,
        }
        for name, value in given.items():
            monkeypatch.setenv(PREFIX + name.upper(), str(value))
        self.first = House(folder / "first", **given)
        shared = {"data_dir": self.first.settings.data_dir}
        self.second = House(folder / "second", **{**given, **shared})
        self.stranger = House(folder / "stranger", **given)
        """One with jobs of its own."""

    def shared(self) -> int:
        """Count the segments in the bucket."""
        return int(self.client.list_objects_v2(Bucket=self.bucket)["KeyCount"])

    def result_at(self, house: House, job: dict[str, Any]) -> RenderResult:
        with house.working():
            return self.result(house, house.submit(job))

    def result(self, house: House, id: str) -> RenderResult:
        status = house.ended(id)
        assert status.error is None
        assert status.result
        return status.result


@pytest.fixture
def machines(ceph: Ceph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machines]:
    built = Machines(ceph, tmp_path, monkeypatch)
    yield built
    for house in (built.first, built.second, built.stranger):
        house.engine.dispose()


def test_a_job_whose_machine_is_lost_goes_on_at_another_one(machines: Machines) -> None:
    id = machines.first.submit(JOB)
    with machines.first.worker() as lost:
        eventually(lambda: machines.shared() >= 3)
        lost.send_signal(signal.SIGKILL)
        lost.wait()
    machines.first.leases_run_out()
    had = machines.shared()
    with machines.second.worker():
        result = machines.result(machines.second, id)
    assert machines.first.desk.status(id).attempts == 2
    assert had <= result.cache.segments_hit < result.cache.segments_total
    assert machines.shared() == result.cache.segments_total


def test_what_one_machine_has_made_is_there_for_all(machines: Machines) -> None:
    short = {**JOB, "scenes": JOB["scenes"][:2]}
    made, found = (machines.result_at(house, short) for house in (machines.first, machines.stranger))
    assert (made.warnings, found.warnings) == ((), ())
    assert (made.cache.segments_hit, found.cache.segments_rendered) == (0, 0)
    assert found.sha256 == made.sha256
    assert found.warnings == made.warnings


def test_an_interrupted_command_leaves_a_store_that_never_answers_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = threading.Event()

    def be_silent(connection: socket.socket) -> None:
        hold.wait()

    (tmp_path / "job.json").write_text(json.dumps(JOB), encoding="utf-8")
    with listening(be_silent) as (address, connections):
        given = {"SHARED_CACHE_URL": "s3://films/segments", "S3_ENDPOINT_URL": f"http://{address}"}
        keys = {"S3_ACCESS_KEY_ID": "somebody", "S3_SECRET_ACCESS_KEY": "secret"}
        for name, value in {**given, **keys}.items():
            monkeypatch.setenv(PREFIX + name, value)
        process = command.start(tmp_path, "render", "job.json")
        eventually(lambda: connections)
        interrupted = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=command.TIMEOUT_SECONDS)
        took_seconds = time.monotonic() - interrupted
        hold.set()
    assert process.returncode == 130
    # One request to such a store takes 15 s, its repetition as long, and the sending of the rest 30.
    assert took_seconds < 25
