"""What is given up when a cache is full, and what an index survives."""

import logging
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import pytest

from src.store.eviction import Index, Sized


class Entries:
    """A cache of entries of ten bytes that exist in name only."""

    def __init__(self, file: Path, limit_bytes: int = 1000) -> None:
        self.file = file
        self.limit_bytes = limit_bytes
        self.there: dict[str, int] = {}
        self.index = Index(file, self._sized)

    def put(self, name: str, size_bytes: int = 10) -> None:
        if self.index.add(Sized(name, size_bytes)):
            self.there[name] = size_bytes
        self.index.make_room(self.limit_bytes, self._remove)

    def ask(self, *names: str) -> None:
        for name in names:
            if name in self.there:
                self.index.used(name)
            else:
                self.put(name)

    def _remove(self, name: str) -> None:
        self.there.pop(name, None)

    def _sized(self) -> Iterable[Sized]:
        return [Sized(name, size_bytes) for name, size_bytes in self.there.items()]


@pytest.fixture
def entries(tmp_path: Path) -> Entries:
    return Entries(tmp_path / "index.sqlite3")


def numbered(letter: str, count: int) -> list[str]:
    return [f"{letter}{number}" for number in range(count)]


def test_the_bound_holds_at_all_times(entries: Entries) -> None:
    for number in range(300):
        entries.put(f"e{number}", 1 + number * 37 % 90)
        assert sum(entries.there.values()) <= 1000


def test_what_is_used_often_survives_a_scan(entries: Entries) -> None:
    often = numbered("often", 50)
    for _ in range(4):
        entries.ask(*often)

    entries.ask(*numbered("scan", 2000))

    assert [name for name in often if name not in entries.there] == []


def test_what_nobody_asks_for_any_more_makes_room_in_the_end(entries: Entries) -> None:
    old, new = numbered("old", 90), numbered("new", 90)
    for names in (old, new):
        for _ in range(6):
            entries.ask(*names)
    assert sum(name in entries.there for name in new) > 80


def test_what_comes_back_soon_is_kept_better_than_what_is_new(entries: Entries) -> None:
    entries.ask(*numbered("e", 100), "left-e0", *numbered("f", 5))
    assert "e0" not in entries.there

    entries.ask("e0", *numbered("scan", 95))

    assert "e0" in entries.there


def test_an_entry_larger_than_everything_leaves_at_once(entries: Entries) -> None:
    entries.put("small")
    entries.put("huge", 5000)
    assert sum(entries.there.values()) <= 1000


def test_a_second_look_at_the_same_cache_remembers(entries: Entries, tmp_path: Path) -> None:
    often = numbered("often", 50)
    for _ in range(4):
        entries.ask(*often)
    again = Entries(entries.file)
    again.there = entries.there

    again.ask(*numbered("scan", 2000))

    assert all(name in again.there for name in often)


def _flip(data: bytearray) -> None:
    for place in range(100, len(data), 50):
        data[place] ^= 0xFF


def _cut(data: bytearray) -> None:
    del data[len(data) // 3 :]


def _empty(data: bytearray) -> None:
    data.clear()


def _text(data: bytearray) -> None:
    data[:] = b"this is no database at all" * 100


@pytest.mark.parametrize("damage", [_flip, _cut, _empty, _text])
def test_a_damaged_index_is_made_anew_from_the_entries(
    entries: Entries, damage: Callable[[bytearray], None]
) -> None:
    entries.ask(*numbered("e", 50))
    data = bytearray(entries.file.read_bytes())
    damage(data)
    entries.file.write_bytes(data)

    entries.ask(*numbered("f", 500))

    assert sum(entries.there.values()) <= 1000
    with closing(sqlite3.connect(entries.file)) as index:
        assert {name for (name,) in index.execute("SELECT name FROM entry")} == set(entries.there)


@pytest.mark.parametrize("change", ["name = 'x' || substr(name, 2)", "uses = 'often'", "uses = 1 << 40"])
def test_an_index_that_contradicts_itself_hangs_nobody(entries: Entries, change: str) -> None:
    """One name in the table may differ from the same name in its index."""
    entries.ask(*numbered("e", 50))
    with closing(sqlite3.connect(entries.file)) as index, index:
        index.execute(f"UPDATE entry SET {change}")
    if "name" in change:
        entries.file.write_bytes(entries.file.read_bytes().replace(b"x1", b"y1", 3))

    entries.ask(*numbered("f", 300))
    entries.index.rebuild()
    entries.limit_bytes = 0
    entries.put("last")

    assert entries.there == {}


def test_a_lost_index_is_made_anew_from_the_entries(entries: Entries) -> None:
    entries.ask(*numbered("e", 100))
    entries.file.unlink()
    entries.put("one more")
    assert len(entries.there) == 100


def test_entries_that_went_or_came_by_other_ways_are_noticed(entries: Entries) -> None:
    entries.ask(*numbered("e", 100))
    del entries.there["e7"]
    entries.there["stray"] = 10

    entries.index.rebuild()
    entries.put("last")

    assert sum(entries.there.values()) <= 1000
    assert "e7" not in entries.there


def test_an_index_that_cannot_be_written_is_told_and_stops_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    (tmp_path / "index.sqlite3").mkdir()

    Entries(tmp_path / "index.sqlite3").put("e")

    assert "cache_index_not_written" in [record.getMessage() for record in caplog.records]
