"""Workers that bring films to Google Drive, and what becomes of the jobs when that is disturbed."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from src.models.status import State
from tests.drive import Drive, Fault
from tests.drive_http import drive_in
from tests.e2e.house import AT_ONCE_SECONDS, SHORT, TINY, House
from tests.e2e.test_delivery import RENDER_LARGE
from tests.e2e.test_transfers import DELIVERING, MOST_MEMORY_BYTES, Scale, cost_of, cut_along, digest_of
from tests.services.tcp_proxy import proxied
from tests.submissions import nobodys
from tests.unit.delivery.parcels import result_in
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills processes")


class Yard:
    """A Drive, and a house whose films go there."""

    def __init__(self, drive: Drive, folder: Path) -> None:
        self.drive = drive
        self.house = House(
            folder,
            google_credentials_file=drive.accounts.service_account_file(folder),
            gdrive_folder_id="films",
            gdrive_endpoint_url=drive.url,
        )

    def submit(self, *destinations: dict[str, Any]) -> str:
        job = {**SHORT, "id": "row-1", "output": {**TINY, "destinations": destinations}}
        body = json.dumps(job).encode()
        return self.house.desk.submit(nobodys(body)).status.id


@pytest.fixture
def yard(tmp_path: Path) -> Iterator[Yard]:
    with drive_in(tmp_path / "drive") as drive:
        built = Yard(drive, tmp_path)
        yield built
        built.house.engine.dispose()


def test_a_film_goes_to_drive_and_stays_here(yard: Yard) -> None:
    yard.drive.faults = [Fault("chunk", "cut", after_bytes=1000), Fault("find", "refuse", 503)]
    with yard.house.working():
        status = yard.house.ended(yard.submit({"type": "gdrive"}, {"type": "local"}))

    assert (status.status, status.error) == (State.DONE, None)
    assert status.result
    film = yard.house.settings.data_dir / "jobs" / status.id / "row-1.mp4"
    assert yard.drive.named("row-1.mp4").content == film.read_bytes()
    assert yard.drive.names() == [f"row-1{suffix}" for suffix in (".job.json", ".jpg", ".mp4", ".srt")]
    links = {name: yard.drive.named(name).fields()["webViewLink"] for name in yard.drive.names()}
    assert status.result.urls == (links["row-1.mp4"], str(film))
    assert status.result.poster_url == links["row-1.jpg"]
    assert status.result.sidecars == {"srt": links["row-1.srt"]}


@pytest.mark.parametrize("after_bytes", [0, 3 * 1024**2])
def test_a_job_cancelled_while_its_film_is_uploaded_leaves_nothing(yard: Yard, after_bytes: int) -> None:
    yard.drive.faults = [Fault("chunk", "hang", after_bytes=after_bytes)]
    with yard.house.working(command=RENDER_LARGE):
        id = yard.submit({"type": "gdrive"})
        eventually(lambda: yard.drive.asked("chunk"))
        assert yard.house.desk.status(id).status is State.UPLOADING
        yard.house.desk.cancel(id)
        yard.house.until(id, State.CANCELLED, AT_ONCE_SECONDS)
        assert yard.house.files() == set()
        eventually(lambda: not yard.drive.sessions, AT_ONCE_SECONDS)
    assert yard.drive.names() == []


def test_a_folder_that_is_missing_fails_a_job_at_once_with_its_path(yard: Yard) -> None:
    yard.drive.folders = {}
    with yard.house.working():
        status = yard.house.ended(yard.submit({"type": "gdrive"}))

    assert status.error
    assert (status.error.code, status.error.path) == ("missing_folder", "output.destinations[0]")
    assert (status.status, status.attempts) == (State.FAILED, 1)


def test_an_upload_over_a_way_that_is_cut_leaves_a_whole_film_and_takes_little_memory(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    option = request.config.getoption
    scale = Scale(option("--media-mb") * 10**6, option("--cuts"), 0, 0)
    result = result_in(tmp_path / "films", scale.media_bytes)
    (tmp_path / "result.json").write_text(result.model_dump_json())
    with (
        drive_in(tmp_path / "drive") as drive,
        proxied(lambda: drive.port) as way,
        cut_along(way, scale) as met,
    ):
        # Uploads go on there, too.
        drive.url = f"http://127.0.0.1:{way.port}"
        told = {
            "google_credentials_file": drive.accounts.service_account_file(tmp_path),
            "gdrive_folder_id": "films",
            "gdrive_endpoint_url": drive.url,
        }
        program = DELIVERING.replace('"s3"', '"gdrive"')
        _, cost = cost_of(program, tmp_path, str(tmp_path / "result.json"), **told)
        assert len(met) == scale.cuts
        film = drive.named("row-1.mp4").file
        assert digest_of([film.read_bytes()]) == digest_of([Path(result.url).read_bytes()])
        assert len(drive.files) == 4
    assert 0 < (cost.peak_rss_bytes or 0) < MOST_MEMORY_BYTES
