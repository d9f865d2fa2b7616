"""Media that were fetched, kept on this machine for later jobs: found by digest, bounded in bytes.

A job gets a second name (a hard link) of a file, not a copy: what is given up here meanwhile stays there.
"""

import hashlib
import json
import logging
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from ..media.probe import sha256_of
from ..network.deadline import Deadline
from ..stopping import Stop, raise_if_stopped
from ..store.eviction import Index, Sized
from .failures import HeldUp
from .head import Validators

_log = logging.getLogger(__name__)

#: Letters of a key that name its lock: so many locks that two media seldom share one, and a bounded number.
_LOCK_LETTERS = 4
_LOOK_SECONDS = 0.1
#: What a note takes on a disk.
_NOTE_BYTES = 4096


class Note(NamedTuple):
    """What is known about a URL."""

    sha256: str
    validators: Validators
    fetched_at: float
    """When its bytes had come in, in seconds since 1970."""


class Stock(NamedTuple):
    """What is on the shelf."""

    files: int
    size_bytes: int


class Shelf:
    """The media that any number of processes on one machine share."""

    def __init__(self, cache_dir: Path, limit_bytes: int) -> None:
        self._folder = (cache_dir / "downloads").absolute()
        self._limit_bytes = limit_bytes
        self._index = Index(self._folder / "index.sqlite3", self._sized)

    @contextmanager
    def alone(self, key: str, seconds: float, stop: Stop) -> Iterator[None]:
        """Hold everybody else on this machine back who wants the same.

        Raises:
            HeldUp: somebody else is at it for too long.
            Interrupted: nobody wants it any more.
        """
        file = self._folder / "locks" / f"{key[:_LOCK_LETTERS]}.lock"
        file.parent.mkdir(parents=True, exist_ok=True)
        lock, deadline = FileLock(file), Deadline(seconds)
        while True:
            raise_if_stopped(stop)
            try:
                lock.acquire(timeout=_LOOK_SECONDS, poll_interval=_LOOK_SECONDS / 2)
                break
            except Timeout as error:
                if not deadline.left():
                    raise HeldUp(seconds) from error
        try:
            yield
        finally:
            lock.release()

    def has(self, sha256: str) -> bool:
        """Tell whether a medium is here, without a look at whether it is whole."""
        return self._file(sha256).is_file()

    def take(self, sha256: str, into: Path) -> bool:
        """Give a medium under another name, if it is here and whole; one that is damaged goes."""
        file = self._file(sha256)
        try:
            _link(file, into)
        except FileNotFoundError:
            return False
        if sha256_of(into) == sha256:
            self._index.used(f"file/{sha256}")
            return True
        _log.warning("download_damaged", extra={"sha256": sha256})
        into.unlink()
        file.unlink(missing_ok=True)
        self._index.forget(f"file/{sha256}")
        return False

    def keep(self, sha256: str, file: Path) -> None:
        """Keep a medium for others."""
        size_bytes = file.stat().st_size
        if size_bytes <= self._limit_bytes:
            with _telling_trouble(sha256):
                self._put(f"file/{sha256}", file, size_bytes)

    def stock(self) -> Stock:
        """Count what is here."""
        sizes = [file.stat().st_size for file in self._folder.glob("file/??/*")]
        return Stock(len(sizes), sum(sizes))

    def prune(self, limit_bytes: int) -> int:
        """Give up what is used least until the rest fits into so many bytes; tell how many files and notes.

        Raises:
            OSError: a file cannot be looked at.
        """
        self._index.rebuild()
        return self._index.make_room(limit_bytes, self._remove) or 0

    def note(self, key: str) -> Note | None:
        """Tell what is known about a URL, if anything."""
        with suppress(OSError, ValueError, TypeError, KeyError):
            told = json.loads(self._place(f"url/{key}").read_text())
            return Note(str(told["sha256"]), Validators(*map(str, told["validators"])), float(told["at"]))
        return None

    def write_note(self, key: str, sha256: str, validators: Validators, beside: Path) -> None:
        """Note what a URL gave just now; `beside` is a file of the caller's own, on the same disk."""
        told = {"sha256": sha256, "validators": validators, "at": time.time()}
        draft = beside.with_name(f"{uuid.uuid4().hex}.note")
        with _telling_trouble(key):
            draft.write_text(json.dumps(told))
            self._put(f"url/{key}", draft, _NOTE_BYTES)
        draft.unlink(missing_ok=True)

    def _put(self, name: str, file: Path, size_bytes: int) -> None:
        """Put a file in its place, under a second name."""
        place, entry = self._place(name), Sized(name, size_bytes)
        part = file.with_name(f"{uuid.uuid4().hex}.part")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            if self._index.add(entry):
                _link(file, part)
                os.replace(part, place)
                self._index.add(entry)
                self._index.make_room(self._limit_bytes, self._remove)
        finally:
            # Renaming one name of a file over another of the same leaves both.
            part.unlink(missing_ok=True)

    def _remove(self, name: str) -> None:
        try:
            self._place(name).unlink(missing_ok=True)
        except OSError as error:
            _log.warning("download_left_behind", extra={"entry": name, "reason": str(error)})

    def _file(self, sha256: str) -> Path:
        return self._place(f"file/{sha256}")

    def _place(self, name: str) -> Path:
        kind, _, key = name.partition("/")
        return self._folder / kind / key[:2] / key

    def _sized(self) -> Iterator[Sized]:
        """Walk over what is here, the oldest first."""
        found = []
        for file in [*self._folder.glob("file/??/*"), *self._folder.glob("url/??/*")]:
            with suppress(FileNotFoundError):
                name, stat = f"{file.parent.parent.name}/{file.name}", file.stat()
                found.append((stat.st_mtime_ns, Sized(name, stat.st_size)))
        yield from (entry for _, entry in sorted(found))


def key_of_url(url: str) -> str:
    """Name a URL without telling it: it may hold what only its owner should know."""
    return hashlib.sha256(url.encode()).hexdigest()


@contextmanager
def _telling_trouble(key: str) -> Iterator[None]:
    """Go on without what cannot be kept: that costs another download later."""
    try:
        yield
    except OSError as error:
        _log.warning("download_not_kept", extra={"key": key, "reason": str(error)})


def _link(file: Path, into: Path) -> None:
    """Give a file another name; a disk that cannot do that copies it."""
    into.unlink(missing_ok=True)
    try:
        os.link(file, into)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(file, into)
