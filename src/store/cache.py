"""Finished parts of films on disk, for the next render: verified when read, bounded in bytes."""

import errno
import io
import logging
import os
import shutil
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from ..pipeline.cache import Found
from .entry import EntryDamaged, Name, is_whole, names_in, read_entry, write_entry
from .eviction import Index, Sized

_log = logging.getLogger(__name__)

_FULL = (errno.ENOSPC, errno.EDQUOT)


class Shelf(NamedTuple):
    """The entries of one kind, counted."""

    kind: str
    entries: int
    size_bytes: int


class Verified(NamedTuple):
    """What a check of all entries found."""

    whole: int
    damaged: int
    """Entries that were damaged; they are removed."""


class DiskCache:
    """A cache that any number of processes on one machine share.

    An entry is written below `work_dir`, which must lie on the same disk, and renamed into place: nobody ever
    sees half of one. Trouble with the disk costs the time to make things again and is told in `warnings`.
    """

    def __init__(self, folder: Path, limit_bytes: int, work_dir: Path) -> None:
        self._folder = folder / "entries"
        self._limit_bytes = limit_bytes
        self._work_dir = work_dir
        self._index = Index(folder / "index.sqlite3", self._sized)
        self._warnings: dict[str, None] = {}

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know about the cache."""
        return tuple(self._warnings)

    def expect(self, kind: str, keys: Iterable[str]) -> None:
        """Do nothing: all that there is lies here already."""

    def has(self, kind: str, key: str) -> bool:
        """Tell whether there is an entry, without a look at whether it is whole."""
        return Name(kind, key).below(self._folder).is_file()

    def load(self, kind: str, key: str) -> Found | None:
        """Read an entry into memory, if there is a whole one."""
        content = io.BytesIO()
        notes = self._read(Name(kind, key), content)
        return None if notes is None else Found(notes, content.getvalue())

    def fetch(self, kind: str, key: str, into: Path) -> dict[str, Any] | None:
        """Copy the content of an entry to a file and return its notes, if there is a whole one."""
        with into.open("wb") as copied:
            notes = self._read(Name(kind, key), copied)
        if notes is None:
            into.unlink()
        return notes

    def keep(self, kind: str, key: str, notes: dict[str, Any], content: bytes | Path) -> None:
        """Put an entry in place for the next time, and give up others when there are too many."""
        if not self._limit_bytes:
            return
        name = Name(kind, key)
        try:
            self._keep(name, notes, content)
        except OSError as error:
            if error.errno in _FULL and self._gave_space():
                with self._telling_trouble():
                    self._keep(name, notes, content)
            else:
                self._tell(error)

    def shelves(self) -> tuple[Shelf, ...]:
        """Count the entries by kind.

        Raises:
            OSError: the folder of the entries cannot be read.
        """
        entries: Counter[str] = Counter()
        size_bytes: Counter[str] = Counter()
        for name, file in names_in(self._folder):
            entries[name.kind] += 1
            size_bytes[name.kind] += _size_of(file)
        return tuple(Shelf(kind, entries[kind], size_bytes[kind]) for kind in sorted(entries))

    def verify(self) -> Verified:
        """Read all entries and remove those that are damaged.

        Raises:
            OSError: the folder of the entries cannot be read or changed.
        """
        whole = damaged = 0
        for name, file in names_in(self._folder):
            if is_whole(file, name):
                whole += 1
            else:
                damaged += 1
                self._drop(name)
        self._index.rebuild()
        return Verified(whole, damaged)

    def prune(self, limit_bytes: int) -> int:
        """Give up entries until the rest fits into so many bytes; tell how many.

        Works on a disk that is full, too: when the index cannot be written, the oldest entries go.

        Raises:
            OSError: the folder of the entries cannot be read or changed.
        """
        self._index.rebuild()
        given_up = self._index.make_room(limit_bytes, self._remove)
        return self._without_index(limit_bytes) if given_up is None else given_up

    def _without_index(self, limit_bytes: int) -> int:
        self._index.remove()
        there = list(self._sized())
        total, given_up = sum(entry.size_bytes for entry in there), 0
        for entry in there:
            if total <= limit_bytes:
                break
            self._remove(entry.name)
            total -= entry.size_bytes
            given_up += 1
        return given_up

    def _read(self, name: Name, into: BinaryIO) -> dict[str, Any] | None:
        """Copy an entry's content; one that is damaged goes, one that may not be read counts as missing."""
        file = name.below(self._folder)
        try:
            with file.open("rb") as stored:
                notes = read_entry(stored, name, into)
        except FileNotFoundError:
            return None
        except (EntryDamaged, IsADirectoryError) as error:
            _log.warning("cache_entry_damaged", extra={"entry": str(name), "reason": str(error)})
            with self._telling_trouble():
                self._drop(name)
            return None
        except PermissionError as error:
            self._tell(error)
            return None
        self._index.used(str(name))
        return notes

    def _keep(self, name: Name, notes: dict[str, Any], content: bytes | Path) -> None:
        part = self._work_dir / f"{uuid.uuid4().hex}.entry"
        file = name.below(self._folder)
        try:
            entry = Sized(str(name), write_entry(part, name, notes, content))
            if entry.size_bytes > self._limit_bytes:
                return
            file.parent.mkdir(parents=True, exist_ok=True)
            if not self._index.add(entry):
                raise OSError(errno.EIO, "its index cannot be written")
            os.replace(part, file)
            self._index.add(entry)
        finally:
            part.unlink(missing_ok=True)
        self._index.make_room(self._limit_bytes, self._remove)

    def _gave_space(self) -> bool:
        """Give up half of the cache on a disk that is full; tell whether there was anything to give."""
        try:
            return self.prune(sum(shelf.size_bytes for shelf in self.shelves()) // 2) > 0
        except OSError as error:
            self._tell(error)
            return False

    def _remove(self, name: str) -> None:
        """Delete an entry; one that cannot be deleted now is found again when the index is rebuilt."""
        kind, _, key = name.partition("/")
        try:
            _delete(Name(kind, key).below(self._folder))
        except OSError as error:
            _log.warning("cache_entry_left_behind", extra={"entry": name, "reason": str(error)})

    def _drop(self, name: Name) -> None:
        _delete(name.below(self._folder))
        self._index.forget(str(name))

    def _sized(self) -> Iterator[Sized]:
        """Walk over the entries, the oldest first."""
        found = []
        for name, file in names_in(self._folder):
            with suppress(FileNotFoundError):
                found.append((file.stat().st_mtime_ns, Sized(str(name), file.stat().st_size)))
        yield from (entry for _, entry in sorted(found))

    @contextmanager
    def _telling_trouble(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._tell(error)

    def _tell(self, error: OSError) -> None:
        _log.warning("cache_not_usable", extra={"folder": str(self._folder), "reason": str(error)})
        why = error.strerror or str(error)
        told = f"the cache could not be used ({why}): the next render makes this one's parts anew"
        self._warnings[told] = None


def _size_of(file: Path) -> int:
    with suppress(FileNotFoundError):
        return file.stat().st_size
    return 0


def _delete(file: Path) -> None:
    if file.is_dir() and not file.is_symlink():
        shutil.rmtree(file)
    else:
        file.unlink(missing_ok=True)
