"""What holds for every test: its own folders and settings, and no error logged unless it asked for one."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from src import log
from src.settings import PREFIX, Settings
from tests.order import arranged
from tests.services import browser as browser_program
from tests.services import ceph as ceph_server
from tests.services import postgres as postgres_server
from tests.services import rabbitmq as rabbitmq_server
from tests.services.ceph import Ceph
from tests.services.missing import or_skipped
from tests.services.postgres import Postgres
from tests.services.rabbitmq import RabbitMQ


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the tests of endurance go on for longer."""
    parser.addoption("--kills", type=int, default=4, help="How often a render is killed.")
    parser.addoption(
        "--api-examples", type=int, default=4, help="Requests that are made up for each operation."
    )
    parser.addoption("--chaos-jobs", type=int, default=12, help="Jobs that are rendered while things die.")
    parser.addoption("--rounds", type=int, default=2, help="How many films each of four processes renders.")
    parser.addoption("--media-mb", type=int, default=24, help="Size of the media that are moved, in MB.")
    parser.addoption("--cuts", type=int, default=3, help="How often a connection is cut meanwhile.")
    parser.addoption("--away-seconds", type=float, default=5.0, help="How long a server is away.")
    parser.addoption("--fetchers", type=int, default=4, help="Processes that want the same medium at once.")
    parser.addoption("--trial", action="store_true", help="Try the whole stack of docker-compose.yml.")
    parser.addoption("--engine-home", help="Folder in which the engine of the trial keeps its images.")


def pytest_configure() -> None:
    """Let what the tests start end by Ctrl-C, also where a shell started these in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let tests of one server stand together where several processes share the tests."""
    processes = getattr(config, "workerinput", {}).get("workercount", 1)
    if processes > 1:
        items[:] = arranged(items, processes)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Trace no test that is not to be measured.

    pytest-cov has stopped its measuring by then, and in a process of xdist an earlier one goes on for nobody.
    """
    if not item.get_closest_marker("no_cover"):
        return (yield)
    here, in_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(here)
        threading.settrace(in_threads)


class LoggedErrors(logging.Handler):
    """Collects what is logged as an error while a test runs."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []
        self.expected = False

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def expect(self) -> None:
        """Allow errors in this test."""
        self.expected = True


@pytest.fixture(autouse=True)
def logged_errors() -> Iterator[LoggedErrors]:
    """Fail a test that logged an error and did not call `logged_errors.expect()`."""
    handler = LoggedErrors()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)
    log.reset()
    if handler.records and not handler.expected:
        pytest.fail("logged as an error: " + "; ".join(record.getMessage() for record in handler.records))


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a test its own home, cache, log and output folders, whatever the machine has set."""
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
        monkeypatch.delenv(name)
    for name in ("HOME", "USERPROFILE", "LOCALAPPDATA", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home))
    for name in ("DATA_DIR", "CACHE_DIR", "LOG_DIR"):
        monkeypatch.setenv(PREFIX + name, str(home / name.lower()))
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    return home


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Start one PostgreSQL for all tests that need it."""
    with or_skipped(postgres_server.running()) as server:
        yield server


@pytest.fixture(scope="session")
def started_rabbitmq() -> Iterator[RabbitMQ]:
    """Start one broker for all tests that need it."""
    with or_skipped(rabbitmq_server.running()) as broker:
        yield broker


@pytest.fixture(scope="session")
def started_ceph() -> Iterator[Ceph]:
    """Start one server of S3 for all tests that need it."""
    with or_skipped(ceph_server.running()) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start one browser for all tests that need it."""
    with or_skipped(browser_program.running()) as started:
        yield started


@pytest.fixture
def ceph(started_ceph: Ceph) -> Iterator[Ceph]:
    """Give the server, which runs again afterwards."""
    yield started_ceph
    started_ceph.ensure_running()


@pytest.fixture
def rabbitmq(started_rabbitmq: RabbitMQ) -> RabbitMQ:
    """Give the broker without queues."""
    started_rabbitmq.clear()
    return started_rabbitmq
