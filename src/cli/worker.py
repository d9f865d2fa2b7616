"""`neuroshorts worker`: renders the jobs of the database until it is asked to stop."""

import queue
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

from .console import ExitCode, open_desk, say_plainly
from .exposition import Exposition, telling
from .jobstore import make_metrics, make_supervisor, open_jobs
from .signals import handled

if TYPE_CHECKING:
    from ..worker.supervisor import Supervisor

#: Seconds between two looks whether the work has ended.
_LOOK_SECONDS = 0.2

_NEEDED = ("sqlalchemy", "alembic", "pika", "prometheus_client", "httpcore")


class WorkerOptions(NamedTuple):
    """What `neuroshorts worker` was asked for."""

    slots: int
    grace_seconds: float
    exposition: Exposition = Exposition()


def worker_command(options: WorkerOptions) -> ExitCode:
    """Render jobs; tell what to install when a library is missing."""
    if not all(map(find_spec, _NEEDED)):
        say_plainly(
            "error: the database of jobs is not installed: run `make serve`, or install neuroshorts[service]"
        )
        return ExitCode.FAILED
    desk = open_desk(is_service=True)
    engine = open_jobs(desk.settings)
    try:
        metrics = make_metrics(engine, desk.settings)
        with telling(metrics, options.exposition):
            _work(make_supervisor(engine, desk.settings, options.slots, options.grace_seconds, metrics))
    finally:
        engine.dispose()
    return ExitCode.DONE


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
