"""Watches that nobody changes a source while a film is made from it.

What is kept in the cache is filed under the digests of its sources. A source that changed after it was
hashed would put pictures under the name of others, for all films to come.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import SourceChanged
from .cache import Cache, Found


class Stamp(NamedTuple):
    """What the system tells of a file; writing to it, or putting another in its place, changes it."""

    inode: int
    size_bytes: int
    modified_ns: int
    changed_ns: int


def stamp_of(file: Path) -> Stamp:
    """Take the stamp of a file."""
    stat = file.stat()
    return Stamp(stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


class WatchedCache:
    """A cache that keeps nothing made from a source that has changed."""

    def __init__(self, cache: Cache, stamps: Mapping[Path, Stamp]) -> None:
        """Watch files by the stamps that were taken before they were hashed."""
        self._cache = cache
        self._stamps = stamps

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know about the cache."""
        return self._cache.warnings

    def load(self, kind: str, key: str) -> Found | None:
        """Read an entry into memory."""
        return self._cache.load(kind, key)

    def fetch(self, kind: str, key: str, into: Path) -> dict[str, Any] | None:
        """Copy the content of an entry to a file."""
        return self._cache.fetch(kind, key, into)

    def keep(self, kind: str, key: str, notes: dict[str, Any], content: bytes | Path) -> None:
        """Keep an entry.

        Raises:
            SourceChanged: a source is not what it was.
        """
        for file, stamp in self._stamps.items():
            try:
                is_same = stamp_of(file) == stamp
            except FileNotFoundError:
                is_same = False
            if not is_same:
                raise SourceChanged(file.name)
        self._cache.keep(kind, key, notes, content)
