"""One stack for all of its tests, on an engine of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.missing import Missing
from tests.stack import engine as docker_engine
from tests.stack import images
from tests.stack.engine import Engine
from tests.stack.record import Record
from tests.stack.stack import Stack, check_out

_RECORD = pytest.StashKey[Record]()


def pytest_configure(config: pytest.Config) -> None:
    """Begin a record."""
    config.stash[_RECORD] = Record()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tell what was measured."""
    if lines := config.stash[_RECORD].lines:
        terminalreporter.section("the stack")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def record(pytestconfig: pytest.Config) -> Record:
    """Give what tests note in."""
    return pytestconfig.stash[_RECORD]


@pytest.fixture(scope="session")
def engine(pytestconfig: pytest.Config, record: Record) -> Iterator[Engine]:
    """Start one engine for all tests, with every image that the stack asks for."""
    if not pytestconfig.getoption("--trial"):
        pytest.skip("takes a Docker of its own and 20 minutes: make trial")
    home = pytestconfig.getoption("--engine-home")
    try:
        with docker_engine.running(Path(home) if home else None) as running:
            with record.timed("images of others made from Debian"):
                images.make_all(running)
            yield running
    except Missing as missing:
        pytest.fail(str(missing))


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a clean checkout of what is committed."""
    return check_out(tmp_path_factory.mktemp("stack"))


@pytest.fixture(scope="session")
def image(engine: Engine, checkout: Path, record: Record) -> str:
    """Build our image from the checkout."""
    with record.timed("our image built"):
        images.build(engine, checkout, images.OURS)
    return images.OURS


@pytest.fixture(scope="session")
def stack(
    engine: Engine,
    image: str,
    checkout: Path,
    record: Record,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stack]:
    """Start the stack, and end it with all that it keeps."""
    built = Stack(engine, checkout, tmp_path_factory.mktemp("films"))
    try:
        with record.timed("docker compose up --detach --wait"):
            built.start()
        built.observe()
        built.n8n.sign_up()
        yield built
        if request.session.testsfailed:
            print(built.last_words())
    finally:
        built.end()
