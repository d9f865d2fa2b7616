"""SIGINT and SIGTERM: the first asks politely, the second does not."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

#: Signals that ask a process to end; all of them exist on every system.
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)

#: A function, or SIG_IGN to close both ears.
Handler = Callable[[int, FrameType | None], None] | signal.Handlers


def interrupt(signum: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt, for SIGTERM as well."""
    raise KeyboardInterrupt


@contextmanager
def handled(handler: Handler) -> Iterator[None]:
    """Send the signals to `handler` until the block ends; does nothing outside of the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)


@contextmanager
def stop_on_signal(stop: threading.Event) -> Iterator[None]:
    """Set `stop` at the first signal; raise KeyboardInterrupt at the next, for work that does not listen."""

    def ask(signum: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    with handled(ask):
        yield
