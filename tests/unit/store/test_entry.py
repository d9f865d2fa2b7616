"""Entries are what was written, or they are not taken."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from src.store.entry import EntryDamaged, Name, is_whole, names_in, read_entry, write_entry

NAME = Name("segment", "ab" * 32)


@pytest.fixture
def entry(tmp_path: Path) -> Path:
    """Write an entry with notes and some content."""
    file = NAME.below(tmp_path)
    file.parent.mkdir(parents=True)
    write_entry(file, NAME, {"frames": 3}, b"\n".join([b"content", bytes(range(256))]))
    return file


def read(file: Path, name: Name, into: BytesIO) -> dict[str, Any]:
    with file.open("rb") as stored:
        return read_entry(stored, name, into)


def test_notes_and_content_come_back(entry: Path) -> None:
    content = BytesIO()
    assert read(entry, NAME, content) == {"frames": 3}
    assert content.getvalue() == b"content\n" + bytes(range(256))


def test_the_content_of_a_file_is_copied(tmp_path: Path, entry: Path) -> None:
    (tmp_path / "film").write_bytes(b"film" * 1_000_000)
    size_bytes = write_entry(entry, NAME, {}, tmp_path / "film")
    content = BytesIO()
    read(entry, NAME, content)
    assert content.getvalue() == b"film" * 1_000_000
    assert size_bytes == entry.stat().st_size


def test_every_flipped_bit_is_noticed(entry: Path) -> None:
    whole = entry.read_bytes()
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place % 8
        entry.write_bytes(damaged)
        assert not is_whole(entry, NAME)


@pytest.mark.parametrize("length", [0, 10, 84, 85, 100, -1])
def test_an_entry_that_was_cut_off_is_noticed(entry: Path, length: int) -> None:
    entry.write_bytes(entry.read_bytes()[:length])
    with pytest.raises(EntryDamaged):
        read(entry, NAME, BytesIO())


def test_an_entry_under_the_name_of_another_is_noticed(entry: Path) -> None:
    with pytest.raises(EntryDamaged, match="holds"):
        read(entry, Name("sound", NAME.key), BytesIO())


def test_entries_are_found_and_nothing_else(tmp_path: Path, entry: Path) -> None:
    (tmp_path / "segment" / "ab" / "note.txt").write_text("not an entry: its name begins otherwise")
    (tmp_path / "segment" / "cd" / ("cd" * 32)).mkdir(parents=True)
    assert list(names_in(tmp_path)) == [(NAME, entry)]
