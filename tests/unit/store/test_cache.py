"""A cache on a real disk: several users, damage, a bound, no space."""

import errno
import os
import random
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from src.store.cache import DiskCache
from src.store.entry import names_in
from tests.tmpfs import mounted

KEYS = [f"{number:02x}" * 32 for number in range(40)]


def opened(folder: Path, limit_bytes: int = 10**9) -> DiskCache:
    work_dir = folder / "work"
    work_dir.mkdir(exist_ok=True)
    return DiskCache(folder, limit_bytes, work_dir)


@pytest.fixture
def cache(tmp_path: Path) -> DiskCache:
    return opened(tmp_path)


def files_of(folder: Path) -> list[Path]:
    return [file for _, file in names_in(folder / "entries")]


def test_what_is_kept_comes_back_in_memory_or_as_a_file(cache: DiskCache, tmp_path: Path) -> None:
    cache.keep("sound", KEYS[0], {"lufs": -14.0}, b"sound")
    (tmp_path / "film").write_bytes(b"film")
    cache.keep("segment", KEYS[0], {}, tmp_path / "film")

    found = cache.load("sound", KEYS[0])

    assert found is not None
    assert (found.notes, found.content) == ({"lufs": -14.0}, b"sound")
    assert cache.fetch("segment", KEYS[0], tmp_path / "copy") == {}
    assert (tmp_path / "copy").read_bytes() == b"film"
    assert list((tmp_path / "work").iterdir()) == []


def test_what_is_not_there_is_not_found_and_leaves_no_file(cache: DiskCache, tmp_path: Path) -> None:
    assert cache.load("sound", KEYS[0]) is None
    assert cache.fetch("sound", KEYS[0], tmp_path / "copy") is None
    assert not (tmp_path / "copy").exists()
    assert cache.warnings == ()


def test_a_damaged_entry_is_not_served_and_goes(
    cache: DiskCache, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache.keep("sound", KEYS[0], {}, b"sound")
    (file,) = files_of(tmp_path)
    file.write_bytes(file.read_bytes().replace(b"sound", b"SOUND"))

    assert cache.fetch("sound", KEYS[0], tmp_path / "copy") is None

    assert not (tmp_path / "copy").exists()
    assert files_of(tmp_path) == []
    assert [record.getMessage() for record in caplog.records] == ["cache_entry_damaged"]


def test_a_folder_in_the_place_of_an_entry_is_cleared_away(cache: DiskCache, tmp_path: Path) -> None:
    (tmp_path / "entries" / "sound" / KEYS[0][:2] / KEYS[0]).mkdir(parents=True)
    assert cache.load("sound", KEYS[0]) is None
    cache.keep("sound", KEYS[0], {}, b"sound")
    assert cache.load("sound", KEYS[0])


def test_the_bound_holds(tmp_path: Path) -> None:
    cache = opened(tmp_path, limit_bytes=10_000)
    for key in KEYS:
        cache.keep("sound", key, {}, bytes(900))
        assert sum(file.stat().st_size for file in files_of(tmp_path)) <= 10_000
    assert len(files_of(tmp_path)) >= 8


@pytest.mark.parametrize("limit_bytes", [0, 500])
def test_what_is_larger_than_the_bound_is_not_kept(tmp_path: Path, limit_bytes: int) -> None:
    cache = opened(tmp_path, limit_bytes)
    cache.keep("sound", KEYS[0], {}, bytes(900))
    assert cache.load("sound", KEYS[0]) is None
    assert cache.warnings == ()


def test_entries_are_counted_by_kind(cache: DiskCache) -> None:
    for kind, key in (("sound", KEYS[0]), ("segment", KEYS[0]), ("segment", KEYS[1])):
        cache.keep(kind, key, {}, bytes(1000))
    counted = cache.shelves()
    assert [(shelf.kind, shelf.entries) for shelf in counted] == [("segment", 2), ("sound", 1)]
    assert all(shelf.size_bytes > 1000 * shelf.entries for shelf in counted)


def test_verifying_removes_what_is_damaged(cache: DiskCache, tmp_path: Path) -> None:
    for key in KEYS[:5]:
        cache.keep("sound", key, {}, b"sound")
    for file in files_of(tmp_path)[:2]:
        file.write_bytes(b"")

    assert cache.verify() == (3, 2)
    assert cache.verify() == (3, 0)


def test_pruning_gives_up_what_is_too_much(cache: DiskCache, tmp_path: Path) -> None:
    for key in KEYS[:10]:
        cache.keep("sound", key, {}, bytes(1000))
    assert cache.prune(5000) > 4
    assert sum(file.stat().st_size for file in files_of(tmp_path)) <= 5000
    cache.prune(0)
    assert cache.shelves() == ()


def test_a_full_disk_takes_half_of_the_cache(cache: DiskCache, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in KEYS[:8]:
        cache.keep("sound", key, {}, bytes(1000))
    real = os.replace

    def full_once(source: Path, target: Path) -> None:
        monkeypatch.setattr(os, "replace", real)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full_once)
    cache.keep("sound", KEYS[9], {}, bytes(1000))

    assert cache.load("sound", KEYS[9])
    assert cache.warnings == ()
    assert 3 <= cache.shelves()[0].entries <= 5


def test_a_disk_that_stays_full_is_told_and_stops_nobody(
    cache: DiskCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    cache.keep("sound", KEYS[0], {}, bytes(1000))

    assert "the cache could not be used (No space left on device)" in cache.warnings[0]
    assert list((tmp_path / "work").iterdir()) == []


def test_an_entry_that_became_a_folder_is_given_up_too(tmp_path: Path) -> None:
    cache = opened(tmp_path, limit_bytes=5000)
    cache.keep("sound", KEYS[0], {}, bytes(1000))
    (file,) = files_of(tmp_path)
    file.unlink()
    (file / "folder").mkdir(parents=True)
    for key in KEYS[1:10]:
        cache.keep("sound", key, {}, bytes(1000))
    assert sum(file.stat().st_size for file in files_of(tmp_path)) <= 5000
    assert cache.warnings == ()


def test_without_an_index_nothing_is_kept_and_that_is_told(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    (tmp_path / "index.sqlite3").mkdir()
    cache.keep("sound", KEYS[0], {}, bytes(1000))
    assert files_of(tmp_path) == []
    assert "its index cannot be written" in cache.warnings[0]


def test_what_may_not_be_read_is_missing_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = opened(tmp_path)
    cache.keep("sound", KEYS[0], {}, bytes(1000))

    def refuse(self: Path, mode: str) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        assert cache.load("sound", KEYS[0]) is None
    assert "Permission denied" in cache.warnings[0]
    assert cache.load("sound", KEYS[0])


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a tmpfs")
def test_a_disk_without_space_for_an_index_is_pruned(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "300k") as disk:
        cache = opened(disk)
        for key in KEYS[:8]:
            cache.keep("sound", key, {}, bytes(10_000))
        with suppress(OSError), (disk / "filler").open("wb", buffering=0) as filler:
            while filler.write(bytes(512)):
                pass
        assert cache.prune(0) > 0
        assert cache.shelves() == ()


def test_many_users_at_once_with_damage_meanwhile(tmp_path: Path) -> None:
    """Whatever is found is whole, whoever deletes and flips bits in the folder."""
    caches = [opened(tmp_path, limit_bytes=60_000) for _ in range(4)]
    done = threading.Event()

    def content_of(key: str) -> bytes:
        return random.Random(key).randbytes(3000)

    def use(cache: DiskCache, seed: int) -> int:
        chosen, hits = random.Random(seed), 0
        for _ in range(60):
            key = chosen.choice(KEYS)
            found = cache.load("sound", key)
            if found:
                hits += 1
                assert found.content == content_of(key)
            else:
                cache.keep("sound", key, {}, content_of(key))
        return hits

    def damage() -> None:
        chosen = random.Random(7)
        while not done.is_set():
            # Work folders come and go while they are walked over: they are left alone.
            there = [*(tmp_path / "entries").glob("*/*/*"), *tmp_path.glob("index*")]
            if there:
                _damage(chosen.choice(there), chosen)

    with ThreadPoolExecutor(5) as pool:
        vandal = pool.submit(damage)
        users = [pool.submit(use, cache, seed) for seed, cache in enumerate(caches)]
        hits = [user.result() for user in users]
        done.set()
        vandal.result()
    assert sum(hits) > 0


def _damage(file: Path, chosen: random.Random) -> None:
    try:
        if chosen.random() < 0.3:
            file.unlink()
        else:
            with file.open("r+b") as opened_file:
                place = chosen.randrange(max(1, file.stat().st_size))
                opened_file.seek(place)
                byte = opened_file.read(1) or b"\0"
                opened_file.seek(place)
                opened_file.write(bytes([byte[0] ^ 1 << chosen.randrange(8)]))
    except OSError:
        return
