"""The cache of this machine, and behind it the segments that other machines have finished.

Nobody waits long for the shared part: once it does not answer, the rest of the film is made without it.
"""

import logging
import time
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import Interrupted
from ..pipeline.cache import Found
from ..pipeline.request import Halt
from ..stopping import LOOK_SECONDS, DaemonExecutor, Stop, raise_if_stopped
from ..store.cache import DiskCache
from ..store.entry import EntryDamaged, Name, read_entry, write_entry
from .depot import KIND, MOST_BYTES, Depot, DepotUnusable

_log = logging.getLogger(__name__)

#: Entries that are brought, or sent, at the same time.
_AT_ONCE = 8
#: Seconds that a finished film waits for its last segments to be sent.
_FAREWELL_SECONDS = 30.0


class _Brought(NamedTuple):
    """An entry that another machine has made."""

    notes: dict[str, Any]
    content: Path


class SharedCache:
    """A cache that asks for segments elsewhere before they are made, and sends those that were made here."""

    def __init__(self, local: DiskCache, depot: Depot, work_dir: Path, stop: Stop) -> None:
        """Connect to nothing yet.

        Args:
            local: the cache of this machine.
            depot: what is shared.
            work_dir: for files on their way.
            stop: set when nobody wants the film any more: then nobody waits for the shared part either.
        """
        self._halt = Halt(stop)
        self._local, self._depot, self._work_dir = local, depot, work_dir
        self._brought: dict[str, _Brought] = {}
        self._trouble = ""
        self._pool = DaemonExecutor(_AT_ONCE, name="sharing")
        self._sending: list[Future[None]] = []

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know about the cache."""
        told = f"the shared cache could not be used: {self._trouble}"
        return (*self._local.warnings, *([told] if self._trouble else ()))

    def expect(self, kind: str, keys: Iterable[str]) -> None:
        """Bring entries that are not here, several at once.

        Raises:
            Interrupted: nobody wants the film any more.
        """
        if kind == KIND:
            missing = [key for key in keys if not self._local.has(kind, key)]
            bringing = [self._pool.submit(self._bring, key) for key in missing]
            while wait(bringing, LOOK_SECONDS).not_done:
                raise_if_stopped(self._halt)
            for key, each in zip(missing, bringing, strict=True):
                if brought := each.result():
                    self._brought[key] = brought

    def has(self, kind: str, key: str) -> bool:
        """Tell whether there is an entry on this machine."""
        return key in self._brought or self._local.has(kind, key)

    def load(self, kind: str, key: str) -> Found | None:
        """Read an entry into memory."""
        return self._local.load(kind, key)

    def fetch(self, kind: str, key: str, into: Path) -> dict[str, Any] | None:
        """Copy the content of an entry to a file."""
        brought = self._brought.pop(key, None) if kind == KIND else None
        if brought is None:
            return self._local.fetch(kind, key, into)
        brought.content.replace(into)
        return brought.notes

    def keep(self, kind: str, key: str, notes: dict[str, Any], content: bytes | Path) -> None:
        """Keep an entry here, and send it to where others find it."""
        self._local.keep(kind, key, notes, content)
        if kind == KIND and not self._trouble:
            file, name = self._new_file(), Name(kind, key)
            is_ready = False
            with self._going_on_without():
                is_ready = write_entry(file, name, notes, content) <= MOST_BYTES
            if is_ready:
                self._sending.append(self._pool.submit(self._send, name, file))
            else:
                file.unlink(missing_ok=True)

    def close(self) -> None:
        """Wait a while until everything is sent, unless nobody wants the film any more."""
        until = time.monotonic() + _FAREWELL_SECONDS
        while not self._halt.is_set() and time.monotonic() < until:
            if not wait(self._sending, LOOK_SECONDS).not_done:
                break
        self.leave()

    def leave(self) -> None:
        """Leave what is on its way to itself; may be called twice."""
        self._halt.end(Interrupted("the shared cache was left"))
        self._pool.shutdown(wait=False)

    def _bring(self, key: str) -> _Brought | None:
        if self._trouble or self._halt.is_set():
            return None
        name, file, content = Name(KIND, key), self._new_file(), self._new_file()
        brought = None
        with self._going_on_without():
            if self._depot.bring(name, file):
                with file.open("rb") as stored, content.open("wb") as copied:
                    notes = read_entry(stored, name, copied)
                brought = _Brought(notes, content)
                self._local.keep(KIND, key, notes, content)
                _log.info("segment_brought", extra={"segment": key})
        # The disk may be full because of these.
        file.unlink(missing_ok=True)
        if brought is None:
            content.unlink(missing_ok=True)
        return brought

    def _send(self, name: Name, file: Path) -> None:
        with self._going_on_without():
            if not self._trouble and not self._halt.is_set():
                self._depot.put(name, file)
                _log.info("segment_shared", extra={"segment": name.key})
        file.unlink(missing_ok=True)

    def _new_file(self) -> Path:
        return self._work_dir / f"{uuid.uuid4().hex}.shared"

    @contextmanager
    def _going_on_without(self) -> Iterator[None]:
        """Use the shared cache no more in this render once something is wrong with it."""
        try:
            yield
        except EntryDamaged as error:
            _log.warning("shared_entry_damaged", extra={"reason": str(error)})
        except (DepotUnusable, OSError) as error:
            # The folder of a film that nobody wants any more may be gone already.
            if not self._trouble and not self._halt.is_set():
                _log.warning("shared_cache_unusable", extra={"reason": str(error)})
            self._trouble = str(error)
