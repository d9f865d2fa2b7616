"""Films brought to a real server of S3 that is away, by workers that are stopped, killed, or two at once."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from src.delivery import round as round_module
from src.delivery import s3
from src.delivery.parcel import Links
from src.errors import DeliveryFailed, DestinationAway, Interrupted
from src.models.output import S3Destination
from tests.unit.delivery.parcels import ID, parcel_in
from tests.unit.delivery.shelves import KEYS, LARGE_BYTES, Shelf, refusal
from tests.waiting import eventually


def test_a_server_that_is_away_for_a_while_is_waited_for(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.ceph.stop()
    arrived: list[tuple[Links, ...]] = []
    round_ = shelf.round(None, parcel_in(shelf.folder))
    work = threading.Thread(target=lambda: arrived.append(round_.go(threading.Event())))
    work.start()
    eventually(lambda: "destination_away" in [record.getMessage() for record in caplog.records])
    shelf.ceph.start()
    work.join()
    assert len(arrived) == 1
    assert shelf.names() == KEYS


def test_a_server_that_stays_away_is_told_as_one_that_may_come_back(shelf: Shelf) -> None:
    shelf.ceph.stop()

    error = refusal(lambda: shelf.deliver(max_delivery_seconds=1))

    assert (type(error), error.retryable) == (DestinationAway, True)


def test_a_delivery_that_is_stopped_leaves_no_part(shelf: Shelf) -> None:
    halt = threading.Event()
    destination = s3.Bucket(S3Destination(type="s3"), shelf.bucket, shelf.settings())

    # Stopped as soon as the first bytes are under way.
    with pytest.raises(Interrupted):
        destination.deliver(parcel_in(shelf.folder, 4 * LARGE_BYTES), halt, lambda _: halt.set())

    assert (shelf.names(), shelf.unfinished()) == ([], [])


def test_parts_that_a_killed_worker_left_are_taken_back(shelf: Shelf) -> None:
    shelf.client.create_multipart_upload(Bucket=shelf.bucket, Key=f"{ID}.mp4")
    shelf.client.create_multipart_upload(Bucket=shelf.bucket, Key=f"{ID}.mp4.other")

    shelf.deliver(size_bytes=LARGE_BYTES)

    assert shelf.unfinished() == [f"{ID}.mp4.other"]


class Meanwhile(threading.Event):
    """A wish to stop that never comes; the nth look at it lets something else happen."""

    def __init__(self, look: int, happen: Callable[[], object]) -> None:
        super().__init__()
        self._looks, self._happen = iter(range(1, look)), happen
        self.has_happened = False

    def is_set(self) -> bool:
        if next(self._looks, None) is None and not self.has_happened:
            self.has_happened = True
            self._happen()
        return False


@pytest.mark.parametrize("overwrite", [True, False])
@pytest.mark.parametrize("look", range(1, 10))
def test_of_two_films_brought_to_one_key_at_the_same_time_one_is_there_as_a_whole(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, overwrite: bool, look: int
) -> None:
    monkeypatch.setattr(round_module, "FIRST_PAUSE_SECONDS", 0.01)
    films = {"anna": parcel_in(tmp_path / "anna"), "berta": parcel_in(tmp_path / "berta")}
    for name, parcel in films.items():
        for item in parcel.items[:-1]:
            assert isinstance(item.content, Path)
            item.content.write_text(f"{name}'s {item.kind}")
    refused: dict[str, str] = {}

    def bring(name: str, halt: threading.Event) -> None:
        try:
            shelf.round({"key": "one.mp4", "overwrite": overwrite}, films[name]).go(halt)
        except DeliveryFailed as error:
            refused[name] = error.code

    halt = Meanwhile(look, lambda: bring("berta", threading.Event()))
    bring("anna", halt)

    bodies = [shelf.client.get_object(Bucket=shelf.bucket, Key=key)["Body"].read() for key in shelf.names()]
    there = {name for name in films if any(f"{name}'s".encode() in body for body in bodies)}
    assert (halt.has_happened, len(bodies), len(there)) == (True, 4, 1)
    assert there.isdisjoint(refused)
    assert list(refused.values()) in ([[]] if overwrite else [[], ["object_exists"]])
