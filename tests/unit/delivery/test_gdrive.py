"""Films brought to Google Drive, and what it refuses."""

import json
import threading
from typing import Any

import pytest

from src.delivery.drive_files import search_of
from src.errors import DeliveryFailed
from src.plan.places import ForbiddenFolder
from tests.drive import Drive, Fault
from tests.google_account import CLIENT_SECRET, PERSON, ROBOT
from tests.unit.delivery.drives import LARGE_BYTES, NAMES, Desk, refusal
from tests.waiting import eventually


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


def test_a_file_that_was_removed_while_it_is_replaced_is_brought_anew(desk: Desk, drive: Drive) -> None:
    desk.deliver()
    drive.faults = [Fault("begin", "refuse", 404, "notFound")]

    desk.deliver({"overwrite": True}, size_bytes=2000)

    assert (drive.faults, desk.has_whole_film()) == ([], True)


def test_an_empty_file_arrives(desk: Desk, drive: Drive) -> None:
    round_ = desk.round()
    (desk.folder / "films" / "film.words.json").write_bytes(b"")

    round_.go(threading.Event())

    assert drive.named("row-1.words.json").content == b""
