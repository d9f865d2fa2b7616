"""Ending all parts of a render together."""

import threading

import pytest

from src.errors import Interrupted, RenderFailed
from src.pipeline.request import Halt
from src.stopping import raise_if_stopped


def test_one_part_that_fails_ends_the_others_which_tell_its_failure() -> None:
    halt = Halt(threading.Event())
    with pytest.raises(RenderFailed, match="the first"), halt.on_failure():
        raise RenderFailed("the first")
    assert halt.is_set()
    with pytest.raises(RenderFailed, match="the first"), halt.on_failure():
        raise_if_stopped(halt)


def test_a_wish_to_stop_stays_one() -> None:
    stop = threading.Event()
    halt = Halt(stop)
    assert not halt.is_set()
    stop.set()
    for _ in range(2):
        with pytest.raises(Interrupted), halt.on_failure():
            raise_if_stopped(halt)
