"""Machines that share what they have finished: one goes on where another was."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from src.models.status import RenderResult
from src.settings import PREFIX
from tests.e2e.test_worker import TINY, House
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
