"""Leaving work that nobody wants any more."""

import threading
from collections.abc import Iterator
from contextvars import ContextVar

import pytest

from src.errors import Interrupted, RenderFailed
from src.stopping import apart, raise_if_stopped

NEVER = threading.Event()
_WHO: ContextVar[str] = ContextVar("who")


@pytest.fixture
def hold() -> Iterator[threading.Event]:
    """Give what a call waits for; whatever happens, it ends with the test."""
    event = threading.Event()
    yield event
    event.set()


def test_work_goes_on_until_somebody_asks_for_its_end() -> None:
    stop = threading.Event()
    raise_if_stopped(stop)
    stop.set()
    with pytest.raises(Interrupted, match="stopped before the tea was made"):
        raise_if_stopped(stop, before="the tea was made")


def test_a_call_apart_gives_its_result_or_its_error_and_knows_who_called() -> None:
    _WHO.set("somebody")
    assert apart(_WHO.get, NEVER, name="call") == "somebody"

    def fail() -> None:
        raise RenderFailed("broken")

    with pytest.raises(RenderFailed, match="broken"):
        apart(fail, NEVER, name="call")


def test_a_call_that_timed_out_by_itself_is_not_taken_for_one_that_goes_on() -> None:
    def time_out() -> None:
        raise TimeoutError("too late")

    with pytest.raises(TimeoutError, match="too late"):
        apart(time_out, NEVER, name="call")


def test_a_call_that_never_ends_is_left_and_keeps_no_process_from_ending(hold: threading.Event) -> None:
    stop = threading.Event()
    seen: list[threading.Thread] = []

    def hang() -> None:
        seen.append(threading.current_thread())
        stop.set()
        hold.wait()

    with pytest.raises(Interrupted):
        apart(hang, stop, name="hanging")

    assert [(thread.name, thread.daemon, thread.is_alive()) for thread in seen] == [("hanging", True, True)]
