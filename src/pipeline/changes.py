"""Watches that nobody changes a source while a film is made from it.

What is kept in the cache is filed under the digests of its sources. A source that changed after it was
hashed would put pictures under the name of others, for all films to come.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self

from ..errors import RenderFailed
from ..media.probe import sha256_of
from .cache import Cache, Found


class SourceChanged(RenderFailed):
    """A file that the job names was changed while the film was made from it."""

    code = "source_changed"
    retryable = True

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} was changed while the film was made from it: render the job again")


class Stamp(NamedTuple):
    """What the system tells of a file; writing to it, or putting another in its place, changes it."""

    inode: int
    size_bytes: int
    modified_ns: int
    changed_ns: int

    @classmethod
    def of(cls, file: Path) -> Self:
        """Take the stamp of a file."""
        stat = file.stat()
        return cls(stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


class Source:
    """A file as it was when it was hashed."""

    def __init__(self, file: Path, sha256: str = "") -> None:
        """Hash a file, unless its digest was taken just now."""
        self._file = file
        self._stamp = Stamp.of(file)
        self.sha256 = sha256 or sha256_of(file)

    def refuse_changed(self) -> None:
        """Make sure that the file still holds what it held.

        A stamp may change without the content: by new rights, a link, a backup.

        Raises:
            SourceChanged: it does not.
        """
        try:
            stamp = Stamp.of(self._file)
            if stamp == self._stamp:
                return
            is_same = sha256_of(self._file) == self.sha256
        except OSError as error:
            raise SourceChanged(self._file.name) from error
        if not is_same:
            raise SourceChanged(self._file.name)
        self._stamp = stamp


class WatchedCache:
    """A cache that keeps nothing made from a source that has changed."""

    def __init__(self, cache: Cache, sources: Mapping[Path, Source]) -> None:
        self._cache = cache
        self._sources = sources

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know about the cache."""
        return self._cache.warnings

    def expect(self, kind: str, keys: Iterable[str]) -> None:
        """Learn which entries are going to be asked for soon."""
        self._cache.expect(kind, keys)

    def has(self, kind: str, key: str) -> bool:
        """Tell whether there is an entry."""
        return self._cache.has(kind, key)

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
        for source in self._sources.values():
            source.refuse_changed()
        self._cache.keep(kind, key, notes, content)
