"""Prepared pictures that several segments of one film share."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Protocol

from ...media.planes import Yuv

#: Bytes of prepared pictures that are kept: five of a 1080x1920 film, however long it is.
DEFAULT_LIMIT_BYTES = 24 * 1024 * 1024


class Shelf(Protocol):
    """Holds prepared pictures for longer than one film."""

    def load(self, key: Hashable) -> Yuv | None:
        """Find the picture of a key."""
        ...

    def keep(self, key: Hashable, picture: Yuv) -> None:
        """Keep a picture."""
        ...


class Canvases:
    """Makes each picture once, also when several threads ask at the same time; forgets the oldest.

    A photograph takes ten times the memory of its canvas while it is decoded, so only some are at once.
    """

    def __init__(
        self, shelf: Shelf | None = None, *, limit_bytes: int = DEFAULT_LIMIT_BYTES, at_once: int = 1
    ) -> None:
        self._shelf = shelf
        self._limit_bytes = limit_bytes
        self._room = threading.Semaphore(at_once)
        self._made: OrderedDict[Hashable, Yuv] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Yuv]) -> Yuv:
        """Return the picture of `key`, made by `make` if nobody has it; it must not be written to."""
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._made:
                    self._made.move_to_end(key)
                    return self._made[key]
            picture = self._loaded_or_made(key, make)
            with self._lock:
                self._made[key] = picture
                self._making.pop(key, None)
                self._forget_oldest()
            return picture

    def _loaded_or_made(self, key: Hashable, make: Callable[[], Yuv]) -> Yuv:
        kept = self._shelf.load(key) if self._shelf else None
        if kept:
            return kept
        with self._room:
            picture = make()
        if self._shelf:
            self._shelf.keep(key, picture)
        return picture

    def _forget_oldest(self) -> None:
        while len(self._made) > 1 and sum(map(_bytes_of, self._made.values())) > self._limit_bytes:
            self._made.popitem(last=False)


def _bytes_of(picture: Yuv) -> int:
    return sum(plane.nbytes for plane in picture)
