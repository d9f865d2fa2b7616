"""A Drive and a bucket for tests of deliveries."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drive import Drive
from tests.drive_http import drive_in
from tests.services.ceph import Ceph
from tests.unit.delivery.drives import Desk
from tests.unit.delivery.shelves import Shelf


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Drive]:
    with drive_in(tmp_path / "drive") as running:
        yield running


@pytest.fixture
def desk(drive: Drive, tmp_path: Path) -> Desk:
    return Desk(drive, tmp_path)


@pytest.fixture
def shelf(ceph: Ceph, tmp_path: Path) -> Shelf:
    return Shelf(ceph, tmp_path / "films")
