"""A Drive for tests of deliveries."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drive import Drive
from tests.drive_http import drive_in
from tests.unit.delivery.drives import Desk


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Drive]:
    with drive_in(tmp_path / "drive") as running:
        yield running


@pytest.fixture
def desk(drive: Drive, tmp_path: Path) -> Desk:
    return Desk(drive, tmp_path)
