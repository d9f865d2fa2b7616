"""Films brought to Google Drive over connections that break and hang, and deliveries that are stopped."""

import threading

import pytest

from src.delivery import drive_upload, drive_wire
from src.delivery.gdrive import DriveFolder
from src.errors import DestinationAway, Interrupted
from src.models.output import GoogleDriveDestination
from tests.drive import Drive, Fault
from tests.unit.delivery.drives import LARGE_BYTES, NAMES, Desk, refusal
from tests.unit.delivery.parcels import parcel_in
from tests.waiting import PATIENCE_SECONDS, eventually

MIB = 1024**2


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
def test_a_delivery_that_is_disturbed_goes_on_where_it_was(
    desk: Desk, drive: Drive, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drive_upload, "_FIRST_PAUSE_SECONDS", 0.01)
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

    assert ended.wait(PATIENCE_SECONDS)
    eventually(lambda: not drive.sessions)
    assert drive.files == {}


def test_a_drive_that_never_answers_is_left_after_a_while(
    desk: Desk, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CONNECT_SECONDS", "ANSWER_SECONDS"):
        monkeypatch.setattr(drive_wire, name, 0.5)
    drive.faults = [Fault("chunk", "hang", after_bytes=MIB), Fault("find", "hang")]

    desk.deliver(size_bytes=LARGE_BYTES)

    assert desk.has_whole_film()


def test_what_is_told_of_a_drive_that_is_away_does_not_open_its_uploads(desk: Desk, drive: Drive) -> None:
    drive.faults = [Fault("chunk", "cut")] + [Fault("question", "cut")] * 50

    error = refusal(lambda: desk.deliver(max_delivery_seconds=1))

    assert (type(error), error.retryable) == (DestinationAway, True)
    assert "upload_id" not in str(error)


def test_a_delivery_that_is_given_up_leaves_no_upload(desk: Desk, drive: Drive) -> None:
    drive.faults = [Fault("chunk", "cut")] + [Fault("question", "cut")] * 50

    refusal(lambda: desk.deliver(max_delivery_seconds=1))

    eventually(lambda: not drive.sessions)
