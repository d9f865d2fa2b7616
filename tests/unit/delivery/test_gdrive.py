"""Films brought to Google Drive over connections that break, and what it refuses."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from src.delivery import drive_upload, drive_wire
from src.delivery.catalogue import destinations_of
from src.delivery.drive_files import search_of
from src.delivery.gdrive import DriveFolder
from src.delivery.parcel import Links
from src.delivery.round import Round
from src.errors import DeliveryFailed, DestinationAway, ForbiddenFolder, Interrupted, NeuroShortsError
from src.models.output import GoogleDriveDestination, Output
from src.settings import Settings
from tests.drive import Drive, Fault
from tests.drive_http import drive_in
from tests.google_account import CLIENT_SECRET, PERSON, ROBOT
from tests.unit.delivery.parcels import parcel_in
from tests.waiting import eventually

#: A film in several requests.
LARGE_BYTES = 3 * drive_upload.CHUNK_BYTES + 1
NAMES = ["row-1.job.json", "row-1.jpg", "row-1.mp4", "row-1.words.json"]
MIB = 1024**2


class Desk:
    """A Drive, and deliveries to it."""

    def __init__(self, drive: Drive, folder: Path) -> None:
        self.drive, self.folder = drive, folder
        self.robot = drive.accounts.service_account_file(folder)
        self.person = drive.accounts.person_file(folder)

    def settings(self, **more: Any) -> Settings:
        known: dict[str, Any] = {
            "google_credentials_file": self.robot,
            "gdrive_folder_id": "films",
            "gdrive_endpoint_url": self.drive.url,
            "max_delivery_seconds": 20,
        }
        return Settings(**(known | more))

    def round(self, asked: dict[str, Any] | None = None, size_bytes: int = 1000, **more: Any) -> Round:
        output = Output(
            destinations=(GoogleDriveDestination.model_validate({"type": "gdrive", **(asked or {})}),)
        )
        settings = self.settings(**more)
        parcel = parcel_in(self.folder / "films", size_bytes)
        return Round(parcel, destinations_of(output, settings), settings.max_delivery_seconds)

    def deliver(self, asked: dict[str, Any] | None = None, size_bytes: int = 1000, **more: Any) -> Links:
        return self.round(asked, size_bytes, **more).go(threading.Event())[0]

    def has_whole_film(self) -> bool:
        """Tell whether the film, and everything else, is there once."""
        film = self.drive.named("row-1.mp4").content
        return self.drive.names() == NAMES and film == (self.folder / "films" / "film.mp4").read_bytes()


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Drive]:
    with drive_in(tmp_path / "drive") as running:
        yield running


@pytest.fixture
def desk(drive: Drive, tmp_path: Path) -> Desk:
    return Desk(drive, tmp_path)


def refusal(deliver: Callable[[], Any]) -> NeuroShortsError:
    with pytest.raises(NeuroShortsError) as caught:
        deliver()
    return caught.value


def test_film_poster_captions_and_what_tells_of_them_arrive_together(desk: Desk, drive: Drive) -> None:
    links = desk.deliver()

    assert desk.has_whole_film()
    film = drive.named("row-1.mp4")
    assert links.film == f"https://drive.google.com/file/d/{film.id}/view?usp=drivesdk"
    assert (film.told["mimeType"], film.told["parents"]) == ("video/mp4", ["films"])
    assert json.loads(drive.named("row-1.job.json").content)["job_id"] == "row-1"


def test_links_are_open_to_anyone_but_what_tells_of_the_job_is_not(desk: Desk, drive: Drive) -> None:
    desk.deliver()
    desk.deliver()

    anyone = [{"type": "anyone", "role": "reader"}]
    shared = {file.name: file.shared_with for file in drive.files.values()}
    assert shared == {name: [] if name.endswith("job.json") else anyone for name in NAMES}


def test_what_is_private_is_shared_with_nobody(desk: Desk, drive: Drive) -> None:
    desk.deliver({"share": "private"})

    assert drive.asked("share") == 0


def test_a_domain_that_keeps_its_links_to_itself_is_told(desk: Desk, drive: Drive) -> None:
    drive.forbids_sharing = True

    error = refusal(desk.deliver)

    assert (error.code, error.retryable) == ("sharing_forbidden", False)
    assert "share: private" in error.message


def test_a_large_film_arrives_in_chunks_and_tells_how_far_it_is(desk: Desk, drive: Drive) -> None:
    round_ = desk.round(size_bytes=LARGE_BYTES)

    round_.go(threading.Event())

    assert desk.has_whole_film()
    assert round_.share_done == 1.0
    ranges = [told for call, told in drive.calls if call == "chunk" and told.endswith(f"/{LARGE_BYTES}")]
    assert len(ranges) == 4


@pytest.mark.parametrize("who", ["robot", "robot for a person", "person", "triple"])
def test_a_film_is_brought_by_whoever_the_operator_set(
    desk: Desk, drive: Drive, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("src.cloud.google.TOKEN_URL", drive.accounts.token_url)
    given: dict[str, dict[str, Any]] = {
        "robot": {},
        "robot for a person": {"gdrive_subject": PERSON},
        "person": {"google_credentials_file": desk.person},
        "triple": {
            "google_credentials_file": None,
            "gdrive_client_id": "films.apps.example",
            "gdrive_client_secret": CLIENT_SECRET,
            "gdrive_refresh_token": drive.accounts.refresh_token,
        },
    }

    desk.deliver(**given[who])

    assert set(drive.accounts.tokens.values()) == {ROBOT if who == "robot" else PERSON}
    assert desk.has_whole_film()


#: What happens to requests of one delivery, which ends well nevertheless.
DISTURBANCES: dict[str, list[Fault]] = {
    "cut in the middle": [Fault("chunk", "cut", after_bytes=5 * MIB)],
    "cut before anything was kept": [Fault("chunk", "cut", after_bytes=1000)],
    "ten cuts": [Fault("chunk", "cut", after_bytes=2 * MIB)] * 10,
    "half of a chunk kept": [Fault("chunk", "halve")] * 3,
    "500": [Fault("chunk", "refuse", 500)],
    "503 several times": [Fault("chunk", "refuse", 503), *[Fault("question", "refuse", 503)] * 2],
    "final answer lost": [*[Fault("chunk", "lose")] * 5],
    "answers of questions lost": [Fault("chunk", "cut"), Fault("question", "lose")],
    "session expired": [Fault("chunk", "cut", after_bytes=MIB), Fault("question", "expire", 404)],
    "session gone": [Fault("chunk", "expire", 410)],
    "token expired": [Fault("chunk", "refuse", 401, "authError"), Fault("find", "refuse", 401, "authError")],
    "token endpoint broken": [Fault("token", "refuse", 503)],
}


@pytest.mark.parametrize("what", DISTURBANCES)
def test_a_delivery_that_is_disturbed_goes_on_where_it_was(desk: Desk, drive: Drive, what: str) -> None:
    drive.faults = list(DISTURBANCES[what])
    round_ = desk.round(size_bytes=LARGE_BYTES)

    round_.go(threading.Event())

    assert (drive.faults, desk.has_whole_film(), round_.share_done) == ([], True, 1.0)


#: What makes Drive count as away for a while.
ABSENCES: dict[str, list[Fault]] = {
    "too many requests": [Fault("chunk", "refuse", 429, "rateLimitExceeded")],
    "rate limit": [Fault("begin", "refuse", 403, "rateLimitExceeded")],
    "rate limit of a user": [Fault("chunk", "refuse", 403, "userRateLimitExceeded")],
    "search broken": [Fault("find", "refuse", 500)],
    "folder not reached": [Fault("folder", "cut")],
    "sharing limited": [Fault("share", "refuse", 403, "sharingRateLimitExceeded")],
    "damaged": [Fault("chunk", "damage")],
    "broken for long": [Fault("chunk", "refuse", 503), *[Fault("question", "refuse", 503)] * 5],
}


@pytest.mark.parametrize("what", ABSENCES)
def test_a_drive_that_is_away_is_tried_again(
    desk: Desk, drive: Drive, what: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drive_upload, "_FIRST_PAUSE_SECONDS", 0.01)
    drive.faults = list(ABSENCES[what])

    desk.deliver()

    assert (drive.faults, desk.has_whole_film()) == ([], True)
    assert "destination_away" in [record.getMessage() for record in caplog.records]


def test_an_upload_goes_on_where_it_was_when_drive_comes_back(desk: Desk, drive: Drive) -> None:
    first = Fault("chunk", "halve")
    drive.faults = [first, Fault("chunk", "refuse", 429)]

    desk.deliver(size_bytes=LARGE_BYTES)

    assert desk.has_whole_film()
    assert drive.asked("begin") == len(NAMES)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault("find", "refuse", 403, "insufficientFilePermissions"), "no_rights"),
        (Fault("begin", "refuse", 403, "storageQuotaExceeded"), "drive_full"),
        (Fault("chunk", "refuse", 403, "storageQuotaExceeded"), "drive_full"),
        (Fault("begin", "refuse", 404, "notFound"), "missing_folder"),
        (Fault("chunk", "refuse", 400, "badRequest"), "delivery_refused"),
    ],
)
def test_refusals_are_told_at_once(desk: Desk, drive: Drive, fault: Fault, code: str) -> None:
    drive.faults = [fault]

    error = refusal(desk.deliver)

    assert (type(error), error.code, error.path) == (DeliveryFailed, code, "output.destinations[0]")
    assert drive.files == {}
    eventually(lambda: not drive.sessions)


def test_a_service_account_is_told_that_it_has_no_room_of_its_own(desk: Desk) -> None:
    error = refusal(lambda: desk.deliver(gdrive_folder_id="mine"))

    assert error.code == "drive_full"
    assert "shared drive" in error.message
    assert "NEUROSHORTS_GDRIVE_SUBJECT" in error.message


@pytest.mark.parametrize(
    ("folder", "code"),
    [
        (None, "missing_folder"),
        ({"trashed": True}, "missing_folder"),
        ({"mimeType": "video/mp4"}, "missing_folder"),
        ({"capabilities": {"canAddChildren": False}}, "no_rights"),
    ],
)
def test_a_folder_that_takes_nothing_is_told_before_bytes_are_sent(
    desk: Desk, drive: Drive, folder: dict[str, Any] | None, code: str
) -> None:
    drive.folders = {} if folder is None else {"films": folder}

    assert refusal(desk.deliver).code == code
    assert drive.asked("begin") == 0


def test_credentials_that_google_refuses_are_told_at_once(desk: Desk, drive: Drive) -> None:
    drive.accounts.refresh_token = "another"
    drive.accounts.delegates_to = set()

    revoked = refusal(lambda: desk.deliver(google_credentials_file=desk.person))
    undelegated = refusal(lambda: desk.deliver(gdrive_subject=PERSON))
    drive.faults = [Fault("find", "refuse", 401, "authError")] * 3
    useless = refusal(desk.deliver)

    assert {error.code for error in (revoked, undelegated, useless)} == {"wrong_credentials"}
    assert "google-login" in revoked.message


def test_credentials_that_are_missing_are_told_before_anything_is_sent(desk: Desk, drive: Drive) -> None:
    error = refusal(lambda: desk.round(google_credentials_file=None))

    assert (type(error), error.code, drive.calls) == (DeliveryFailed, "wrong_credentials", [])
    assert "NEUROSHORTS_GOOGLE_CREDENTIALS_FILE" in error.message


def test_folders_that_jobs_may_not_name_are_refused(desk: Desk) -> None:
    other = {"folder_id": "theirs"}

    error = refusal(lambda: desk.deliver(other))

    assert (type(error), error.path) == (ForbiddenFolder, "output.destinations[0].folder_id")
    assert refusal(lambda: desk.deliver(gdrive_folder_id="")).code == "forbidden_folder"
    assert refusal(lambda: desk.deliver(other, gdrive_allow_folders=("*",))).code == "missing_folder"
    assert refusal(lambda: desk.deliver(other, gdrive_allow_folders=("theirs",))).code == "missing_folder"


def test_a_repeated_delivery_uploads_nothing(desk: Desk, drive: Drive) -> None:
    links = desk.deliver()
    begun = drive.asked("begin")

    assert desk.deliver() == links
    assert drive.asked("begin") == begun


def test_another_film_of_the_same_job_is_replaced_only_when_asked_for(desk: Desk, drive: Drive) -> None:
    links = desk.deliver()

    error = refusal(lambda: desk.deliver(size_bytes=2000))

    assert (error.code, error.path) == ("object_exists", "output.destinations[0]")
    assert len(drive.named("row-1.mp4").content) == 1000
    assert desk.deliver({"overwrite": True}, size_bytes=2000) == links
    assert desk.has_whole_film()


def test_files_of_others_with_the_same_name_are_left_alone(desk: Desk, drive: Drive) -> None:
    desk.deliver()
    theirs = drive.named("row-1.mp4")
    theirs.told["appProperties"] = {}

    desk.deliver({"overwrite": True})

    assert drive.names() == sorted([*NAMES, "row-1.mp4"])


def test_a_name_is_filled_in(desk: Desk, drive: Drive) -> None:
    desk.deliver({"name": "{owner} {date} it's {job_id}.{format}"})

    assert "carol 2026-11-21 it's row-1.mp4" in drive.names()
    assert "carol 2026-11-21 it's row-1.words.json" in drive.names()


def test_what_is_searched_for_is_escaped() -> None:
    assert search_of("it's", {"a\\": "b"}) == (
        "'it\\'s' in parents and trashed = false and appProperties has { key='a\\\\' and value='b' }"
    )


@pytest.mark.parametrize("where", ["hangs", "sends"])
def test_a_delivery_that_is_stopped_ends_at_once_and_leaves_no_upload(
    desk: Desk, drive: Drive, where: str
) -> None:
    if where == "hangs":
        drive.faults = [Fault("chunk", "hang", after_bytes=MIB)]
    halt, ended = threading.Event(), threading.Event()
    output = GoogleDriveDestination(type="gdrive")
    parcel = parcel_in(desk.folder / "films", LARGE_BYTES)

    def deliver() -> None:
        sent = (lambda _: None) if where == "hangs" else (lambda count: halt.set() if count else None)
        with pytest.raises(Interrupted):
            DriveFolder(output, "films", desk.settings()).deliver(parcel, halt, sent)
        ended.set()

    threading.Thread(target=deliver, daemon=True).start()
    eventually(lambda: drive.asked("chunk"))
    halt.set()

    assert ended.wait(2)
    eventually(lambda: not drive.sessions)
    assert drive.files == {}


def test_a_drive_that_never_answers_is_left_after_a_while(
    desk: Desk, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drive_wire, "ANSWER_SECONDS", 0.5)
    drive.faults = [Fault("chunk", "hang", after_bytes=MIB), Fault("find", "hang")]

    desk.deliver(size_bytes=LARGE_BYTES)

    assert desk.has_whole_film()


def test_what_is_told_of_a_drive_that_is_away_does_not_open_its_uploads(desk: Desk, drive: Drive) -> None:
    drive.faults = [Fault("chunk", "cut")] + [Fault("question", "cut")] * 50

    error = refusal(lambda: desk.deliver(max_delivery_seconds=1))

    assert (type(error), error.retryable) == (DestinationAway, True)
    assert "upload_id" not in str(error)
