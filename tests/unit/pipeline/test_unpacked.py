"""Models that were unpacked: counted, and removed when nobody needs them."""

import os
import time
from pathlib import Path

import pytest

from src.pipeline.unpacked import UnpackedModels

DAY_SECONDS = 24 * 3600


@pytest.fixture
def models(tmp_path: Path) -> UnpackedModels:
    return UnpackedModels(tmp_path)


def put(models: UnpackedModels, name: str, *, idle_seconds: float, size_bytes: int = 100) -> None:
    folder = models.folder / name
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(bytes(size_bytes))
    used_at = time.time() - idle_seconds
    os.utime(folder, (used_at, used_at))


def names(models: UnpackedModels) -> list[str]:
    return sorted(folder.name for folder in models.folder.iterdir())


def test_what_is_unpacked_is_counted(models: UnpackedModels) -> None:
    assert models.stock() == (0, 0)
    put(models, "large", idle_seconds=0, size_bytes=900)
    put(models, "small", idle_seconds=0)
    assert models.stock() == (2, 1000)


def test_what_was_used_least_goes_until_the_rest_fits(models: UnpackedModels) -> None:
    put(models, "yesterday", idle_seconds=DAY_SECONDS)
    put(models, "today", idle_seconds=3600)
    put(models, "this week", idle_seconds=5 * DAY_SECONDS)
    assert models.prune(250) == 1
    assert names(models) == ["today", "yesterday"]
    assert models.prune(0) == 2
    assert names(models) == []


def test_what_nobody_used_for_a_month_goes_whatever_room_there_is(models: UnpackedModels) -> None:
    put(models, "old", idle_seconds=31 * DAY_SECONDS)
    put(models, "new", idle_seconds=29 * DAY_SECONDS)
    assert models.prune(10**9) == 1
    assert names(models) == ["new"]


def test_what_may_be_loading_or_coming_stays(models: UnpackedModels) -> None:
    put(models, "loading", idle_seconds=10)
    put(models, "coming.part", idle_seconds=3600)
    put(models, "left.part", idle_seconds=2 * DAY_SECONDS)
    assert models.prune(0) == 1
    assert names(models) == ["coming.part", "loading"]
