"""Files out of archives that others have packed: only those that are asked for, never beyond their bounds."""

import gzip
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from .probe import UnreadableFile

#: Entries that an archive may have: each costs time, wanted or not.
_MOST_ENTRIES = 1000
#: What damaged, encrypted and strange archives make the two modules, and those that unpack for them, raise.
_DAMAGES = (
    tarfile.TarError,
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    RuntimeError,
)
#: Bytes that are copied at a time.
_CHUNK_BYTES = 1024 * 1024


class UnusableArchive(UnreadableFile):
    """An archive that is damaged, too large, or holds something else."""


class _Entry(NamedTuple):
    name: str
    size_bytes: int
    open: Callable[[], IO[bytes] | None]


def unpack(archive: Path, folder: Path, names: Collection[str], most_bytes: int) -> frozenset[str]:
    """Copy the files of some names from wherever in the archive they are straight into a folder.

    Nothing else is written: paths, links and rights of the archive mean nothing.

    Args:
        archive: a `.zip`, or a `.tar`, compressed or not; its content tells.
        folder: an empty one.
        names: of the files that are wanted.
        most_bytes: of all that is in the archive.

    Returns:
        The names that were there.

    Raises:
        UnusableArchive: it is damaged, too large, or has a name twice.
    """
    found: set[str] = set()
    left_bytes = most_bytes
    with _entries(archive) as entries:
        for count, entry in enumerate(entries):
            name = PurePosixPath(entry.name).name
            left_bytes -= entry.size_bytes
            if left_bytes < 0 or count >= _MOST_ENTRIES:
                raise UnusableArchive(f"it holds more than {most_bytes:,} bytes or {_MOST_ENTRIES} files")
            if name not in names:
                continue
            if name in found:
                raise UnusableArchive(f"it holds {name!r} twice")
            found.add(name)
            with entry.open() or _missing(name) as content, (folder / name).open("xb") as file:
                _copy(content, file, entry.size_bytes, name)
    return frozenset(found)


@contextmanager
def _entries(archive: Path) -> Iterator[Iterator[_Entry]]:
    """Walk the regular files of an archive."""
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as opened:
                yield _of_zip(opened)
        else:
            with tarfile.open(archive) as tar:
                yield _of_tar(tar)
    except _DAMAGES as error:
        raise UnusableArchive(f"it is no archive that can be unpacked: {error}") from error


def _of_zip(opened: zipfile.ZipFile) -> Iterator[_Entry]:
    for info in opened.infolist():
        if not info.is_dir():
            yield _Entry(info.filename, info.file_size, partial(opened.open, info))


def _of_tar(opened: tarfile.TarFile) -> Iterator[_Entry]:
    for info in opened:
        if info.isfile():
            yield _Entry(info.name, info.size, partial(opened.extractfile, info))


def _copy(content: IO[bytes], file: IO[bytes], size_bytes: int, name: str) -> None:
    """Copy what an entry says that it has, and not a byte more."""
    copied = 0
    while chunk := content.read(_CHUNK_BYTES):
        copied += len(chunk)
        if copied > size_bytes:
            break
        file.write(chunk)
    if copied != size_bytes:
        raise UnusableArchive(f"{name!r} in it has other bytes than it says")


def _missing(name: str) -> IO[bytes]:
    raise UnusableArchive(f"{name!r} in it cannot be read")
