"""Threads for uploads that keep no process from ending, whatever they wait for."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any, TypeVar

from ..errors import Interrupted
from .round import Halt

#: Seconds between two looks whether a call is still waited for.
_LOOK_SECONDS = 0.1

T = TypeVar("T")
_Work = tuple["Future[Any]", Callable[..., Any], tuple[Any, ...], dict[str, Any]]


class DaemonExecutor:
    """What s3transfer asks of an executor; Python's own waits for its threads when the process ends."""

    def __init__(self, max_workers: int) -> None:
        self._waiting: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"upload-{number}", daemon=True)
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


def apart(call: Callable[[], T], halt: Halt) -> T:
    """Call in a thread of its own, which is left to itself as soon as `halt` is set.

    Raises:
        Interrupted: `halt` was set.
    """
    executor = DaemonExecutor(1)
    future: Future[T] = executor.submit(call)
    executor.shutdown(wait=False)
    while not wait([future], _LOOK_SECONDS).done:
        if halt.is_set():
            raise Interrupted("stopped before the film was delivered")
    return future.result()
