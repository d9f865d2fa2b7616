"""Segments that one machine has made and another finds, in a real bucket, also when that fails."""

import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from src.cloud.signing import StoreSigner
from src.errors import Interrupted
from src.pipeline.cache import Cache
from src.settings import Settings
from src.sharing import cache as sharing
from src.sharing import depot
from src.sharing.cache import SharedCache
from src.sharing.depot import Depot, is_part_of
from src.store.cache import DiskCache
from src.store.entry import Name, write_entry
from tests.receiver import listening
from tests.services.ceph import KMS_KEY_ID, Ceph
from tests.services.tcp_proxy import proxied
from tests.waiting import PATIENCE_SECONDS

KEYS = [hashlib.sha256(bytes([number])).hexdigest() for number in range(20)]
CONTENT = bytes(range(256)) * 100


class Fleet:
    """Machines that share a bucket."""

    def __init__(self, ceph: Ceph, folder: Path) -> None:
        self.ceph, self._folder = ceph, folder
        self.bucket, self.client = ceph.new_bucket(), ceph.client()
        self.stop = threading.Event()
        self._open: list[SharedCache] = []

    def machine(self, name: str, **more: Any) -> SharedCache:
        user = self.ceph.user
        known: dict[str, Any] = {
            "cache_dir": self._folder / name,
            "shared_cache_url": f"s3://{self.bucket}/parts",
            "s3_endpoint_url": self.ceph.url,
            "s3_access_key_id": user.access_key_id,
            "s3_secret_access_key": user.secret_access_key,
            "s3_path_style": True,
        }
        settings = Settings(**(known | more))
        work_dir = settings.cache_dir / "work"
        work_dir.mkdir(parents=True, exist_ok=True)
        local = DiskCache(settings.cache_dir, settings.cache_max_bytes, work_dir)
        shared = Depot(settings.shared_cache_url, StoreSigner(settings))
        cache = SharedCache(local, shared, work_dir, self.stop)
        self._open.append(cache)
        return cache

    def make(self, name: str, keys: list[str], **more: Any) -> SharedCache:
        cache = self.machine(name, **more)
        for key in keys:
            cache.keep("segment", key, {"of": key}, CONTENT)
        cache.close()
        return cache

    def names(self) -> list[str]:
        return [found["Key"] for found in self.client.list_objects_v2(Bucket=self.bucket).get("Contents", ())]

    def close(self) -> None:
        for cache in self._open:
            cache.close()


@pytest.fixture
def fleet(ceph: Ceph, tmp_path: Path) -> Iterator[Fleet]:
    built = Fleet(ceph, tmp_path)
    yield built
    built.close()


def found(cache: Cache, key: str, folder: Path) -> tuple[dict[str, Any], bytes] | None:
    notes = cache.fetch("segment", key, folder / "found")
    return None if notes is None else (notes, (folder / "found").read_bytes())


@pytest.mark.parametrize("limit_bytes", [10**9, 0])
def test_a_machine_finds_what_another_has_made(fleet: Fleet, tmp_path: Path, limit_bytes: int) -> None:
    fleet.make("first", KEYS[:10])
    second = fleet.machine("second", cache_max_bytes=limit_bytes)
    second.expect("segment", KEYS)
    assert [second.has("segment", key) for key in KEYS] == [True] * 10 + [False] * 10
    assert found(second, KEYS[3], tmp_path) == ({"of": KEYS[3]}, CONTENT)
    assert found(second, KEYS[15], tmp_path) is None
    assert second.warnings == ()


def test_what_was_brought_is_here_the_next_time(fleet: Fleet, tmp_path: Path, ceph: Ceph) -> None:
    fleet.make("first", KEYS[:1])
    second = fleet.machine("second")
    second.expect("segment", KEYS[:1])
    fleet.client.delete_object(Bucket=fleet.bucket, Key=f"parts/segment/{KEYS[0]}")
    assert found(fleet.machine("second"), KEYS[0], tmp_path) == ({"of": KEYS[0]}, CONTENT)


def test_only_segments_are_shared(fleet: Fleet) -> None:
    cache = fleet.machine("first")
    cache.keep("sound", KEYS[0], {}, CONTENT)
    cache.keep("segment", KEYS[1], {}, CONTENT)
    cache.close()
    assert fleet.names() == [f"parts/segment/{KEYS[1]}"]
    assert cache.load("sound", KEYS[0])


@pytest.mark.parametrize("damage", ["cut", "swapped", "empty", "other"])
def test_what_is_damaged_is_made_anew_and_replaced(fleet: Fleet, tmp_path: Path, damage: str) -> None:
    fleet.make("first", KEYS[:2])
    place = f"parts/segment/{KEYS[0]}"
    whole = fleet.client.get_object(Bucket=fleet.bucket, Key=place)["Body"].read()
    other = fleet.client.get_object(Bucket=fleet.bucket, Key=f"parts/segment/{KEYS[1]}")["Body"].read()
    bodies = {"cut": whole[:-10], "swapped": whole[:500] + b"x" + whole[501:], "empty": b"", "other": other}
    fleet.client.put_object(Bucket=fleet.bucket, Key=place, Body=bodies[damage])
    second = fleet.machine("second")
    second.expect("segment", KEYS[:1])
    assert found(second, KEYS[0], tmp_path) is None
    second.keep("segment", KEYS[0], {"of": KEYS[0]}, CONTENT)
    second.close()
    assert fleet.client.get_object(Bucket=fleet.bucket, Key=place)["Body"].read() == whole


def test_a_store_that_is_away_costs_a_warning_and_no_film(fleet: Fleet, ceph: Ceph, tmp_path: Path) -> None:
    with proxied(lambda: ceph.port) as way:
        url = f"http://127.0.0.1:{way.port}"
    cache = fleet.machine("first", s3_endpoint_url=url)
    cache.expect("segment", KEYS)
    assert [found(cache, key, tmp_path) for key in KEYS] == [None] * len(KEYS)
    cache.keep("segment", KEYS[0], {}, CONTENT)
    cache.close()
    assert found(cache, KEYS[0], tmp_path) == ({}, CONTENT)
    (warning,) = cache.warnings
    assert "shared cache" in warning


@pytest.fixture
def silent_store() -> Iterator[tuple[str, threading.Event]]:
    """Give the address of a store that accepts and never answers, and what tells that it was asked."""
    hold, asked = threading.Event(), threading.Event()

    def be_silent(connection: socket.socket) -> None:
        connection.recv(1)
        asked.set()
        hold.wait()

    with listening(be_silent) as (address, _):
        yield f"http://{address}", asked
        hold.set()


def test_whoever_wants_no_film_any_more_waits_for_no_entry(
    fleet: Fleet, silent_store: tuple[str, threading.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(depot, "_SECONDS", 600.0)
    url, asked = silent_store
    cache = fleet.machine("first", s3_endpoint_url=url)

    def leave() -> None:
        asked.wait()
        fleet.stop.set()

    threading.Thread(target=leave, daemon=True).start()

    with pytest.raises(Interrupted):
        cache.expect("segment", KEYS)
    cache.close()

    assert cache.warnings == ()


def test_whoever_wants_no_film_any_more_does_not_wait_until_all_is_sent(
    fleet: Fleet, silent_store: tuple[str, threading.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(depot, "_SECONDS", 600.0)
    monkeypatch.setattr(sharing, "_FAREWELL_SECONDS", 600.0)
    url, asked = silent_store
    cache = fleet.machine("first", s3_endpoint_url=url)
    cache.keep("segment", KEYS[0], {}, CONTENT)
    assert asked.wait(PATIENCE_SECONDS)

    started = time.monotonic()
    fleet.stop.set()
    cache.close()

    assert time.monotonic() - started < PATIENCE_SECONDS


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"s3_secret_access_key": "wrong"}, "SignatureDoesNotMatch"),
        ({"shared_cache_url": "s3://there-is-none/parts"}, "NoSuchBucket"),
    ],
)
def test_what_the_operator_has_set_wrong_is_told(fleet: Fleet, changed: dict[str, str], told: str) -> None:
    cache = fleet.machine("first", **changed)
    cache.expect("segment", KEYS[:2])
    (warning,) = cache.warnings
    assert told in warning


def test_a_connection_that_is_cut_once_does_no_harm(fleet: Fleet, ceph: Ceph, tmp_path: Path) -> None:
    with proxied(lambda: ceph.port) as way:
        way.refused = 1
        fleet.make("first", KEYS[:1], s3_endpoint_url=f"http://127.0.0.1:{way.port}")
    assert fleet.names() == [f"parts/segment/{KEYS[0]}"]


def test_segments_are_encrypted_by_the_store_when_the_operator_asks_for_that(fleet: Fleet) -> None:
    fleet.make("first", KEYS[:1], s3_encryption="aws:kms", s3_kms_key_id=KMS_KEY_ID)
    told = fleet.client.head_object(Bucket=fleet.bucket, Key=f"parts/segment/{KEYS[0]}")
    assert told["ServerSideEncryption"] == "aws:kms"


def test_nothing_is_left_in_the_work_folder_but_what_was_asked_for(fleet: Fleet, tmp_path: Path) -> None:
    fleet.make("first", KEYS[:3])
    assert list((tmp_path / "first" / "work").iterdir()) == []
    fleet.client.put_object(Bucket=fleet.bucket, Key=f"parts/segment/{KEYS[0]}", Body=b"damaged")
    second = fleet.machine("second")
    second.expect("segment", KEYS[:4])
    assert [bool(found(second, key, tmp_path)) for key in KEYS[:4]] == [False, True, True, False]
    second.keep("segment", KEYS[3], {}, bytes(25 * 1024**2))
    second.close()
    assert list((tmp_path / "second" / "work").iterdir()) == []
    assert f"parts/segment/{KEYS[3]}" not in fleet.names()


@pytest.mark.parametrize(
    ("uri", "is_part"),
    [
        (f"s3://b/parts/segment/{KEYS[0]}", True),
        (f"s3://b/other/segment/{KEYS[0]}", False),
        (f"s3://b/parts/film/{KEYS[0]}", False),
        (f"s3://b/parts/segment/../{KEYS[0]}", False),
        (f"s3://b/parts/segment/{KEYS[0]}/", False),
        ("s3://b/parts/segment/short", False),
    ],
)
def test_a_process_that_renders_can_ask_for_entries_only(uri: str, is_part: bool) -> None:
    assert is_part_of("s3://b/parts", uri) is is_part
    assert not is_part_of("", uri)


def test_an_entry_that_is_too_large_is_not_brought(fleet: Fleet, tmp_path: Path) -> None:
    file = tmp_path / "large"
    write_entry(file, Name("segment", KEYS[0]), {}, bytes(25 * 1024**2))
    fleet.client.upload_file(str(file), fleet.bucket, f"parts/segment/{KEYS[0]}")
    cache = fleet.machine("first")
    cache.expect("segment", KEYS[:1])
    assert found(cache, KEYS[0], tmp_path) is None
    assert "more than" in cache.warnings[0]
