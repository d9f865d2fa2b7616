"""What tests of workers share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.house import House
from tests.synthetic import gradient_rgb, write_picture


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Measure what the tests of each part run, not what goes through all: that costs half a minute of CPU."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("no_cover")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    yield built
    built.engine.dispose()


@pytest.fixture
def picture(tmp_path: Path) -> bytes:
    return write_picture(tmp_path / "picture.png", gradient_rgb(64, 112)).read_bytes()
