"""Each destination is tried by itself: one that is away keeps no other waiting."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from src.delivery import round as round_module
from src.delivery.local import DataFolder
from src.delivery.parcel import Links, Parcel
from src.delivery.round import Destination, Halt, Round, Sent, with_links
from src.errors import DeliveryFailed, DestinationAway, Interrupted
from tests.unit.delivery.parcels import parcel_in


class Scripted:
    """A destination that answers one thing after the other, and at last takes everything."""

    def __init__(self, *answers: Exception) -> None:
        self._answers: Iterator[Exception] = iter(answers)
        self.calls = 0
        self.has_given_up = False

    def give_up(self) -> None:
        self.has_given_up = True

    def deliver(self, parcel: Parcel, halt: Halt, sent: Sent) -> Links:
        self.calls += 1
        sent(parcel.size_bytes // 2)
        for answer in self._answers:
            raise answer
        sent(parcel.size_bytes - parcel.size_bytes // 2)
        return Links({"film": f"https://films.example/{self.calls}"})


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(round_module, "FIRST_PAUSE_SECONDS", 0.01)


@pytest.fixture
def bring(tmp_path: Path) -> Callable[..., Round]:
    def bring(*destinations: Destination, max_seconds: float = 60) -> Round:
        return Round(parcel_in(tmp_path), destinations, max_seconds)

    return bring


def away() -> DestinationAway:
    return DestinationAway("the bucket", "no answer")


def test_one_that_is_away_is_tried_again_and_the_others_are_not(bring: Callable[..., Round]) -> None:
    absent, present = Scripted(away(), away()), Scripted()

    links = bring(absent, present).go(threading.Event())

    assert [each.film for each in links] == ["https://films.example/3", "https://films.example/1"]
    assert (absent.calls, present.calls) == (3, 1)


def test_one_that_is_away_for_too_long_is_told_with_its_path(bring: Callable[..., Round]) -> None:
    with pytest.raises(DestinationAway) as caught:
        bring(Scripted(), Scripted(away()), max_seconds=0).go(threading.Event())

    assert (caught.value.path, caught.value.retryable) == ("output.destinations[1]", True)


def test_one_that_refuses_ends_the_round_at_once(bring: Callable[..., Round]) -> None:
    refusing = Scripted(DeliveryFailed("no_rights", "may not"))

    with pytest.raises(DeliveryFailed) as caught:
        bring(refusing).go(threading.Event())

    assert (caught.value.code, caught.value.path) == ("no_rights", "output.destinations[0]")
    assert (caught.value.retryable, refusing.calls) == (False, 1)


def test_nobody_leaves_anything_unfinished_when_a_round_is_given_up(bring: Callable[..., Round]) -> None:
    finished, absent, refusing = (
        Scripted(),
        Scripted(away()),
        Scripted(DeliveryFailed("no_rights", "may not")),
    )

    with pytest.raises(DeliveryFailed):
        bring(finished, absent, refusing).go(threading.Event())

    assert [each.has_given_up for each in (finished, absent, refusing)] == [False, True, True]


def test_a_round_that_is_stopped_tries_nobody_again(bring: Callable[..., Round]) -> None:
    halt = threading.Event()
    halt.set()
    destination = Scripted()

    with pytest.raises(Interrupted):
        bring(destination).go(halt)

    assert destination.calls == 0


def test_the_share_that_is_done_counts_no_byte_twice(bring: Callable[..., Round]) -> None:
    round_ = bring(Scripted(away()), Scripted())
    assert round_.share_done == 0.0

    round_.go(threading.Event())

    assert round_.share_done == 1.0


def test_the_first_destination_gives_the_links_of_what_goes_with_the_film(
    bring: Callable[..., Round], tmp_path: Path
) -> None:
    links = bring(DataFolder(), Scripted()).go(threading.Event())

    assert with_links(links) == {
        "url": str(tmp_path / "film.mp4"),
        "urls": (str(tmp_path / "film.mp4"), "https://films.example/1"),
        "poster_url": str(tmp_path / "film.jpg"),
        "sidecars": {"words": str(tmp_path / "film.words.json")},
    }
