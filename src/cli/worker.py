"""`neuroshorts worker`: renders the jobs of the database until it is asked to stop."""

import contextlib
import logging
import queue
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

from .console import ExitCode, open_desk, say_plainly
from .jobstore import make_metrics, make_supervisor, open_jobs
from .listening import CannotListen
from .signals import handled

if TYPE_CHECKING:
    from ..metrics import Metrics
    from ..worker.supervisor import Supervisor

#: Seconds between two looks whether the work has ended.
_LOOK_SECONDS = 0.2


_log = logging.getLogger(__name__)

_NEEDED = ("sqlalchemy", "alembic", "pika", "prometheus_client", "httpcore")


class WorkerOptions(NamedTuple):
    """What `neuroshorts worker` was asked for."""

    slots: int
    grace_seconds: float
    metrics_host: str = "127.0.0.1"
    metrics_port: int | None = None
    """Port where metrics are told; nowhere by default, 0 is any free one."""


def worker_command(options: WorkerOptions) -> ExitCode:
    """Render jobs; tell what to install when a library is missing."""
    if not all(map(find_spec, _NEEDED)):
        say_plainly(
            "error: the database of jobs is not installed: run `make serve`, or install neuroshorts[service]"
        )
        return ExitCode.FAILED
    desk = open_desk(is_service=True)
    engine = open_jobs(desk.settings)
    metrics = make_metrics(engine)
    with _telling(metrics, options):
        _work(make_supervisor(engine, desk.settings, options.slots, options.grace_seconds, metrics))
    engine.dispose()
    return ExitCode.DONE


@contextlib.contextmanager
def _telling(metrics: "Metrics", options: WorkerOptions) -> Iterator[None]:
    """Answer Prometheus until the block ends, if asked to."""
    if options.metrics_port is None:
        yield
        return
    from prometheus_client import start_http_server

    host, port = options.metrics_host, options.metrics_port
    try:
        server, thread = start_http_server(port, host, metrics.registry)
    except OSError as error:
        told = f"cannot tell metrics on {host} port {port}: {error.strerror or error}"
        raise CannotListen(f"{told}; choose another --metrics-port") from error
    _log.info("metrics_told", extra={"host": host, "port": server.server_port})
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _work(supervisor: "Supervisor") -> None:
    """Work until a signal; the first one leaves running jobs their grace, the second one does not."""
    # A handler may interrupt the main thread anywhere: of all means to tell it, only this queue has no lock
    # that it might hold.
    heard: queue.SimpleQueue[int] = queue.SimpleQueue()
    with handled(lambda signum, frame: heard.put(signum)):
        supervisor.start()
        _next(heard, None)
        supervisor.ask_to_stop()
        while not supervisor.wait(_LOOK_SECONDS):
            if _next(heard, 0):
                supervisor.end_now()
                break
        supervisor.stop()


def _next(heard: "queue.SimpleQueue[int]", seconds: float | None) -> int | None:
    """Wait for a signal, in short steps: Windows delivers none to a thread that waits for long."""
    while True:
        try:
            return heard.get(timeout=_LOOK_SECONDS if seconds is None else seconds)
        except queue.Empty:
            if seconds is not None:
                return None
