"""One service for the tests of a file: each test uses jobs of its own."""

from collections.abc import Iterator

import pytest

from tests.unit.api.running import Running, running


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Serve for a whole file of tests."""
    with running(tmp_path_factory.mktemp("data")) as service:
        yield service
