"""Callers ask as often as they may, and are told to the second when they may again."""

import pytest

from src.api.pace import Pace

_SECOND_NS = 10**9


class Clock:
    """Goes when a test says so."""

    def __init__(self) -> None:
        self.now_ns = 123_456_789

    def __call__(self) -> int:
        return self.now_ns


@pytest.fixture
def clock() -> Clock:
    return Clock()


def let_in(pace: Pace, caller: str, a_minute: int, attempts: int) -> int:
    return sum(pace.wait_seconds(caller, a_minute) == 0 for _ in range(attempts))


@pytest.mark.parametrize("a_minute", [1, 7, 60, 600])
def test_a_minutes_worth_may_come_at_once_and_no_more(clock: Clock, a_minute: int) -> None:
    assert let_in(Pace(clock), "anna", a_minute, 2 * a_minute) == a_minute


@pytest.mark.parametrize("a_minute", [1, 4, 7, 60, 600, 6000])
def test_who_waits_as_long_as_told_is_let_in_and_not_a_second_before(clock: Clock, a_minute: int) -> None:
    pace = Pace(clock)
    let_in(pace, "anna", a_minute, a_minute)
    seconds = pace.wait_seconds("anna", a_minute)
    assert seconds == max(1, -(-60 // a_minute))
    clock.now_ns += (seconds - 1) * _SECOND_NS
    assert pace.wait_seconds("anna", a_minute) == 1
    clock.now_ns += _SECOND_NS
    assert pace.wait_seconds("anna", a_minute) == 0


def test_the_bucket_fills_evenly_up_to_a_minutes_worth(clock: Clock) -> None:
    pace = Pace(clock)
    let_in(pace, "anna", 60, 60)
    clock.now_ns += 10 * _SECOND_NS
    assert let_in(pace, "anna", 60, 60) == 10
    clock.now_ns += 3600 * _SECOND_NS
    assert let_in(pace, "anna", 60, 100) == 60


def test_each_caller_has_its_own(clock: Clock) -> None:
    pace = Pace(clock)
    let_in(pace, "anna", 1, 1)
    assert pace.wait_seconds("berta", 1) == 0


def test_none_is_counted_where_there_is_no_limit(clock: Clock) -> None:
    assert let_in(Pace(clock), "anna", 0, 1000) == 1000
