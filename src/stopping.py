"""Work that is left when somebody asks for it to end."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextvars import copy_context
from typing import Any, Protocol, TypeVar

from .errors import Interrupted

#: Seconds between two looks whether a call is still waited for.
LOOK_SECONDS = 0.1

T = TypeVar("T")
_Work = tuple["Future[Any]", Callable[..., Any], tuple[Any, ...], dict[str, Any]]


class Stop(Protocol):
    """Tells whether somebody asked for the work to end; a `threading.Event` is one."""

    def is_set(self) -> bool:
        """Whether it should end now."""
        ...


def raise_if_stopped(stop: Stop, *, before: str = "the film was finished") -> None:
    """Leave the work when somebody asked for that.

    Raises:
        Interrupted: `stop` is set; it tells `before` what.
    """
    if stop.is_set():
        raise Interrupted(f"stopped before {before}")


def apart(call: Callable[[], T], stop: Stop, *, name: str, before: str = "the film was finished") -> T:
    """Call in a thread of its own, which is left to itself as soon as `stop` is set.

    It keeps no process from ending, and has the context of whoever calls.

    Args:
        call: what may wait for something that cannot be broken off.
        stop: set when nobody wants it any more.
        name: of the thread.
        before: see `raise_if_stopped`.

    Raises:
        Interrupted: `stop` was set.
    """
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=copy_context().run, args=(run,), name=name, daemon=True).start()
    while not wait([future], LOOK_SECONDS).done:
        raise_if_stopped(stop, before=before)
    return future.result()


class DaemonExecutor:
    """Threads for calls that may wait for something; Python's own executor keeps a process for their sake.

    It has what s3transfer asks of an executor.
    """

    def __init__(self, max_workers: int, name: str = "upload") -> None:
        self._waiting: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True)
            for number in range(max_workers)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, call: Callable[..., Any], *args: Any, **kwargs: Any) -> "Future[Any]":
        """Have something called in a thread."""
        future: Future[Any] = Future()
        self._waiting.put((future, call, args, kwargs))
        return future

    def shutdown(self, wait: bool = True) -> None:
        """End the threads after what was submitted."""
        for _ in self._threads:
            self._waiting.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def _work(self) -> None:
        while work := self._waiting.get():
            future, call, args, kwargs = work
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(call(*args, **kwargs))
                except BaseException as error:
                    future.set_exception(error)
