"""A server of files, and a machine that fetches from it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fileserver import FileServer, serving_files
from tests.unit.fetching.place import Place, place_at


@pytest.fixture(scope="module")
def started() -> Iterator[FileServer]:
    with serving_files() as files:
        yield files


@pytest.fixture
def files(started: FileServer) -> FileServer:
    started.offers.clear()
    started.asked.clear()
    started.sent_bytes = 0
    return started


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return place_at(tmp_path)
