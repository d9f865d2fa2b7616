"""SIGINT, SIGTERM and SIGHUP: the first asks politely, the second does not."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

#: Signals that ask a process to end; Windows has no SIGHUP.
STOP_SIGNALS = tuple(number for number in signal.Signals if number.name in ("SIGINT", "SIGTERM", "SIGHUP"))

#: A function, or SIG_IGN to close both ears.
Handler = Callable[[int, FrameType | None], None] | signal.Handlers


def interrupt(signum: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt, for every signal."""
    raise KeyboardInterrupt


@contextmanager
def handled(handler: Handler) -> Iterator[None]:
    """Send the signals to `handler` until the block ends; does nothing outside of the main thread.

    A hang-up that is ignored stays so: that is how `nohup` lets a command outlive its terminal.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = [number for number in STOP_SIGNALS if not _outlived(number)]
    before = {number: signal.signal(number, handler) for number in heard}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)


def _outlived(number: signal.Signals) -> bool:
    return number.name == "SIGHUP" and signal.getsignal(number) is signal.SIG_IGN


@contextmanager
def stop_on_signal(stop: threading.Event) -> Iterator[None]:
    """Set `stop` at the first signal; raise KeyboardInterrupt at the next, for work that does not listen."""

    def ask(signum: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    with handled(ask):
        yield
