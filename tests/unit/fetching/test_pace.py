"""How long a download may take, and when it is tried again."""

import threading
from contextlib import suppress

import pytest

from src.errors import CallFailed, Interrupted
from src.fetching.failures import ServerBroken, Truncated
from src.fetching.pace import Limits, Pace, Patience
from src.network.deadline import Deadline
from src.network.failures import UnknownHost, Unreachable, UntrustedHost

LIMITS = Limits(10**9, 600, stall_seconds=20, least_bytes_a_second=1000, patience_seconds=120)
AWAY = Unreachable("a.example", "connection refused")


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def pauses(patience: Patience, clock: Clock, error: CallFailed, had_bytes: int = 0) -> list[float]:
    """List the pauses until the patience ends."""
    found: list[float] = []
    with suppress(CallFailed):
        while True:
            found.append(patience.bear(error, had_bytes))
            clock.now += found[-1]
    return found


def test_a_server_that_is_away_is_waited_for_with_growing_pauses() -> None:
    clock = Clock()
    found = pauses(Patience(LIMITS, clock), clock, AWAY)
    assert found[:7] == [0.25, 0.5, 1, 2, 4, 8, 8]
    assert 110 < sum(found) <= 120


@pytest.mark.parametrize(
    ("asked_seconds", "expected"),
    [(0.1, [0.25, 0.5, 1.0]), (30.0, [30, 30, 30, 30]), (50.0, [50, 50, 20]), (3600.0, [120])],
)
def test_a_server_is_left_alone_for_as_long_as_it_asks_while_the_patience_lasts(
    asked_seconds: float, expected: list[float]
) -> None:
    clock = Clock()
    found = pauses(Patience(LIMITS, clock), clock, ServerBroken("a.example", 429, asked_seconds))
    assert found[: len(expected)] == expected
    assert sum(found) <= LIMITS.patience_seconds


def test_what_came_in_renews_the_patience() -> None:
    clock = Clock()
    patience = Patience(LIMITS, clock)
    for number in range(1, 50):
        clock.now += 100
        assert patience.bear(AWAY, number * 100_000) == 0.25
    clock.now += 100
    assert patience.bear(AWAY, 4_900_001) == 0.5
    clock.now += 100
    with pytest.raises(Unreachable):
        patience.bear(AWAY, 4_900_002)


@pytest.mark.parametrize(
    ("error", "attempts"),
    [
        (Truncated("a.example", 5, 10), 2),
        (UntrustedHost("a.example", "expired"), 0),
        (UnknownHost("a.example"), 4),
    ],
)
def test_what_seldom_mends_itself_is_not_waited_for(error: CallFailed, attempts: int) -> None:
    clock = Clock()
    assert len(pauses(Patience(LIMITS, clock), clock, error)) == attempts


def pace(clock: Clock, whole_seconds: float = 600) -> Pace:
    return Pace(Deadline(whole_seconds), LIMITS, threading.Event(), clock)


def test_bytes_buy_time_up_to_the_longest_stall() -> None:
    clock = Clock()
    download = pace(clock)
    clock.now = 15
    assert download.left() == 5
    download.count(3000)
    assert download.left() == 8
    download.count(10**6)
    assert download.left() == 20


def test_who_drips_runs_out_of_time() -> None:
    clock = Clock()
    download = pace(clock)
    while download.left():
        clock.now += 1
        download.count(100)
    assert clock.now == pytest.approx(22, abs=1)


def test_the_whole_has_an_end_too() -> None:
    assert pace(Clock(), 3).left() <= 3


def test_who_is_told_to_stop_stops() -> None:
    stop = threading.Event()
    download = Pace(Deadline(600), LIMITS, stop)
    stop.set()
    with pytest.raises(Interrupted):
        download.left()
