"""The file of one cache entry: a digest, what is known about the content, the content.

The first line holds the SHA-256 of all bytes after it; the second is JSON that repeats the entry's name, so
that neither damage nor a file under a wrong name is ever taken for the content.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

_MAGIC = b"neuroshorts-cache-1 "
_HEAD_BYTES = len(_MAGIC) + 64 + 1
_CHUNK_BYTES = 1024 * 1024
#: Longest second line: the notes of the longest segment take some tens of kilobytes.
_MOST_NOTES_BYTES = 16 * 1024 * 1024


class EntryDamaged(Exception):
    """The bytes are not those that were written, or belong to another entry."""


class Name(NamedTuple):
    """What an entry is found by."""

    kind: str
    key: str
    """Hex digest of everything that the content depends on."""

    def __str__(self) -> str:
        return f"{self.kind}/{self.key}"

    def below(self, folder: Path) -> Path:
        """Name the entry's file in the folder of a cache."""
        return folder / self.kind / self.key[:2] / self.key


def write_entry(file: Path, name: Name, notes: dict[str, Any], content: bytes | Path) -> int:
    """Write a file for an entry; return its size in bytes."""
    told = json.dumps({"name": str(name), "notes": notes}, sort_keys=True, separators=(",", ":"))
    with file.open("wb") as out:
        out.write(bytes(_HEAD_BYTES))
        digest = hashlib.sha256()
        for chunk in (told.encode() + b"\n", *_chunks_of(content)):
            digest.update(chunk)
            out.write(chunk)
        size_bytes = out.tell()
        out.seek(0)
        out.write(_MAGIC + digest.hexdigest().encode() + b"\n")
    return size_bytes


def read_entry(stored: BinaryIO, name: Name, into: BinaryIO) -> dict[str, Any]:
    """Copy the content of an entry; return its notes. What was copied counts only if this returns.

    Raises:
        EntryDamaged: the file does not hold what was written, or cannot be read.
        OSError: the copy cannot be written.
    """
    with _blaming_entry():
        head, told = stored.read(_HEAD_BYTES), stored.readline(_MOST_NOTES_BYTES)
    digest = hashlib.sha256(told)
    while chunk := _chunk_of(stored):
        digest.update(chunk)
        into.write(chunk)
    if head != _MAGIC + digest.hexdigest().encode() + b"\n":
        raise EntryDamaged(f"the content of {name} does not match its digest")
    known = json.loads(told)
    if known["name"] != str(name):
        raise EntryDamaged(f"{name} holds {known['name']}")
    notes: dict[str, Any] = known["notes"]
    return notes


def is_whole(file: Path, name: Name) -> bool:
    """Tell whether a file holds its entry undamaged."""
    try:
        with file.open("rb") as stored, open(os.devnull, "wb") as nowhere:
            read_entry(stored, name, nowhere)
    except (EntryDamaged, OSError):
        return False
    return True


@contextmanager
def _blaming_entry() -> Iterator[None]:
    """Tell an entry that cannot be read apart from a copy that cannot be written."""
    try:
        yield
    except OSError as error:
        raise EntryDamaged(f"cannot be read: {error.strerror}") from error


def _chunk_of(stored: BinaryIO) -> bytes:
    with _blaming_entry():
        return stored.read(_CHUNK_BYTES)


def _chunks_of(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            yield chunk


def names_in(folder: Path) -> Iterator[tuple[Name, Path]]:
    """Walk over the entries in the folder of a cache.

    Raises:
        OSError: the folder cannot be read; globbing alone would find nothing in silence.
    """
    if folder.exists():
        os.listdir(folder)
    for file in sorted(folder.glob("*/??/*")):
        name = Name(file.parent.parent.name, file.name)
        if name.below(folder) == file and file.is_file():
            yield name, file
