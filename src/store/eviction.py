"""Which entries of a cache are given up when it is full: S3-FIFO over an index in SQLite.

New entries join a small queue. Those asked for twice while they pass it move to the main queue; the others
leave, so that a scan of things that are used once never drives out what is used often. Whoever left lately
is remembered by name (a ghost) and joins the main queue at once when it comes back. In the main queue an
entry that was asked for goes round once more for each time, three times at most.

The index only remembers sizes and uses. Entries are true without it: when it is damaged it is made anew
from the files, and only the memory of their uses is lost.

Source: Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, TypeVar

_log = logging.getLogger(__name__)

#: Share of the bytes that the small queue may hold.
_SMALL_SHARE = 0.1
#: Uses that are counted; more do not let an entry stay longer.
_MOST_USES = 3
#: Uses in the small queue that open the main one.
_PROMOTED_FROM_USES = 1
#: Ghosts that are remembered at the least; otherwise as many as there are entries.
_LEAST_GHOSTS = 1000
#: Seconds to wait for another process that writes.
_WAIT_SECONDS = 30.0
#: What SQLite says of a file that holds no index, or a damaged one; 0 is what we say ourselves.
_DAMAGED = frozenset({0, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
    name TEXT PRIMARY KEY,
    size_bytes INTEGER NOT NULL,
    uses INTEGER NOT NULL DEFAULT 0,
    is_main INTEGER NOT NULL,
    place INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS queue ON entry (is_main, place);
CREATE TABLE IF NOT EXISTS ghost (place INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE NOT NULL);
"""
_PLACE = "(SELECT coalesce(max(place), 0) + 1 FROM entry WHERE is_main = :main)"

T = TypeVar("T")


class Sized(NamedTuple):
    """An entry and its size."""

    name: str
    size_bytes: int


class Index:
    """Sizes and uses of a cache's entries, for all processes that share it."""

    def __init__(self, file: Path, entries: Callable[[], Iterable[Sized]]) -> None:
        """Use the index in `file`; `entries` lists what there is, oldest first, when it is made anew."""
        self._file = file
        self._entries = entries
        self._lock = threading.Lock()

    def add(self, entry: Sized) -> bool:
        """Note an entry, if the index can be written; known ones keep their uses.

        A file is put in place only after this, and noted once more after that: whoever is killed in between
        leaves a name without a file, and who gives up entries in between none without a name.
        """

        def note(index: sqlite3.Connection) -> bool:
            is_back = index.execute("DELETE FROM ghost WHERE name = ?", (entry.name,)).rowcount
            _insert(index, entry, is_main=bool(is_back))
            return True

        return self._do(note) or False

    def used(self, name: str) -> None:
        """Count a use of an entry."""
        count = "UPDATE entry SET uses = min(uses + 1, ?) WHERE name = ?"
        self._do(lambda index: index.execute(count, (_MOST_USES, name)))

    def forget(self, name: str) -> None:
        """Forget an entry that is gone."""
        self._do(lambda index: index.execute("DELETE FROM entry WHERE name = ?", (name,)))

    def make_room(self, limit_bytes: int, remove: Callable[[str], None]) -> int | None:
        """Give up entries until the rest fits; tell how many, or None if the index cannot be written.

        `remove` deletes an entry's file. It is called before the change is final: whoever is killed in
        between leaves a name without a file, which is harmless, never a file without a name.
        """
        return self._do(lambda index: _make_room(index, limit_bytes, remove))

    def rebuild(self) -> None:
        """Make the index agree with the entries that there are; uses of those stay."""

        def agree(index: sqlite3.Connection) -> None:
            if index.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("the index contradicts itself")
            there = list(self._entries())
            known = {name for (name,) in index.execute("SELECT name FROM entry")}
            gone = known.difference(entry.name for entry in there)
            index.executemany("DELETE FROM entry WHERE name = ?", [(name,) for name in gone])
            for entry in there:
                _insert(index, entry, is_main=False)

        self._do(agree)

    def remove(self) -> None:
        """Delete the index; it is made anew from the entries that there are then."""
        for file in (self._file, self._file.with_name(f"{self._file.name}-journal")):
            file.unlink(missing_ok=True)

    def _do(self, action: Callable[[sqlite3.Connection], T]) -> T | None:
        """Run a transaction; an index that is damaged is made anew and tried once more."""
        try:
            return self._attempt(action)
        except (sqlite3.DatabaseError, ValueError, TypeError) as error:
            # A damaged row may hold anything: text that is no text, names that are numbers.
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DAMAGED:
                self._give_up(error)
                return None
            _log.warning("cache_index_damaged", extra={"file": str(self._file), "reason": str(error)})
        try:
            self.remove()
            return self._attempt(action)
        except (sqlite3.DatabaseError, OSError) as error:
            self._give_up(error)
            return None

    def _give_up(self, error: Exception) -> None:
        _log.warning("cache_index_not_written", extra={"file": str(self._file), "reason": str(error)})

    def _attempt(self, action: Callable[[sqlite3.Connection], T]) -> T:
        with self._lock, closing(self._opened()) as index, index:
            index.execute("BEGIN IMMEDIATE")
            return action(index)

    def _opened(self) -> sqlite3.Connection:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        index = sqlite3.connect(self._file, timeout=_WAIT_SECONDS)
        try:
            # What a power cut damages is found and made anew: waiting for the disk gains nothing.
            index.execute("PRAGMA synchronous = OFF")
            if not index.execute("SELECT 1 FROM sqlite_master WHERE name = 'ghost'").fetchone():
                self._create(index)
        except BaseException:
            index.close()
            raise
        return index

    def _create(self, index: sqlite3.Connection) -> None:
        with index:
            index.execute("BEGIN EXCLUSIVE")
            for statement in _SCHEMA.split(";"):
                index.execute(statement)
            for entry in self._entries():
                _insert(index, entry, is_main=False)


def _insert(index: sqlite3.Connection, entry: Sized, *, is_main: bool) -> None:
    index.execute(
        "INSERT INTO entry (name, size_bytes, is_main, place) VALUES (:name, :size_bytes, :main,"
        f" {_PLACE}) ON CONFLICT (name) DO UPDATE SET size_bytes = excluded.size_bytes",
        {**entry._asdict(), "main": is_main},
    )


def _make_room(index: sqlite3.Connection, limit_bytes: int, remove: Callable[[str], None]) -> int:
    given_up = 0
    while (total := _bytes_of(index)) > limit_bytes:
        small = _bytes_of(index, is_main=False)
        from_main = small <= total * _SMALL_SHARE and small < total
        given_up += _pass_oldest(index, remove, is_main=from_main)
    index.execute(
        "DELETE FROM ghost WHERE place <= (SELECT max(place) FROM ghost)"
        " - max(?, (SELECT count(*) FROM entry))",
        (_LEAST_GHOSTS,),
    )
    return given_up


def _bytes_of(index: sqlite3.Connection, *, is_main: bool | None = None) -> int:
    of_queue = "" if is_main is None else f" WHERE is_main = {int(is_main)}"
    (total,) = index.execute("SELECT coalesce(sum(size_bytes), 0) FROM entry" + of_queue).fetchone()
    return int(total)


def _pass_oldest(index: sqlite3.Connection, remove: Callable[[str], None], *, is_main: bool) -> bool:
    """Let the oldest entry of a queue go on or go; tell whether it went.

    Raises:
        sqlite3.DatabaseError: the index counts an entry that it does not hold.
    """
    oldest = "SELECT rowid, name, uses FROM entry WHERE is_main = ? ORDER BY place LIMIT 1"
    found = index.execute(oldest, (is_main,)).fetchone()
    if found is None:
        raise sqlite3.DatabaseError("the index contradicts itself")
    row, name, uses = found
    if uses > (0 if is_main else _PROMOTED_FROM_USES):
        left = min(uses, _MOST_USES) - 1 if is_main else 0
        change = f"UPDATE entry SET uses = :left, is_main = 1, place = {_PLACE} WHERE rowid = :row"
    else:
        remove(name)
        left, change = 0, "DELETE FROM entry WHERE rowid = :row"
        if not is_main:
            index.execute("INSERT OR REPLACE INTO ghost (name) VALUES (?)", (name,))
    if index.execute(change, {"left": left, "row": row, "main": True}).rowcount != 1:
        raise sqlite3.DatabaseError("the index contradicts itself")
    return change.startswith("DELETE")
