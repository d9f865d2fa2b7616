"""The first signal asks, the second does not; handlers are given back."""

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from src.cli.signals import STOP_SIGNALS, handled, interrupt, stop_on_signal

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no os.kill that asks politely")


@pytest.fixture(autouse=True)
def heard_hangup() -> Iterator[None]:
    """Let a hang-up be heard, though the tests themselves may run below `nohup`."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("number", STOP_SIGNALS)
def test_the_first_signal_sets_the_event(number: signal.Signals) -> None:
    stop = threading.Event()

    with stop_on_signal(stop):
        os.kill(os.getpid(), number)

    assert stop.is_set()


def test_the_second_signal_interrupts() -> None:
    stop = threading.Event()
    stop.set()

    with stop_on_signal(stop), pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGTERM)


@pytest.mark.parametrize("number", STOP_SIGNALS)
def test_every_signal_interrupts_like_sigint(number: signal.Signals) -> None:
    with handled(interrupt), pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), number)


def test_a_hangup_is_a_signal_to_stop() -> None:
    assert signal.SIGHUP in STOP_SIGNALS


def test_a_command_below_nohup_outlives_its_terminal() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    stop = threading.Event()

    with handled(interrupt), stop_on_signal(stop):
        os.kill(os.getpid(), signal.SIGHUP)

    assert not stop.is_set()
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_the_handlers_before_come_back() -> None:
    before = [signal.getsignal(number) for number in STOP_SIGNALS]

    with stop_on_signal(threading.Event()):
        pass

    assert [signal.getsignal(number) for number in STOP_SIGNALS] == before


def test_another_thread_leaves_signals_alone() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen: list[object] = []

    def elsewhere() -> None:
        with stop_on_signal(threading.Event()):
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()

    assert seen == [before]
