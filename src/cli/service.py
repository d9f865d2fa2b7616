"""`neuroshorts serve`: the HTTP interface in this process."""

import contextlib
import socket
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..settings import KeysRequired, Settings
from ..worker.closing import GRACE_SECONDS
from .console import ExitCode, open_desk, say_plainly
from .exposition import Exposition, telling
from .jobstore import make_desk, make_metrics, make_supervisor, open_jobs
from .listening import addresses_of, is_loopback, listening, listening_at

if TYPE_CHECKING:
    import sqlalchemy as sa
    from fastapi import FastAPI

    from ..api.door import Door, Entry
    from ..metrics import Metrics

_NEEDED = (
    "uvicorn",
    "fastapi",
    "sqlalchemy",
    "alembic",
    "websockets",
    "pika",
    "prometheus_client",
    "httpcore",
)


class ServeOptions(NamedTuple):
    """What `neuroshorts serve` was asked for."""

    host: str = "localhost"
    port: int = 8000
    uds: Path | None = None
    """Socket in the file system, instead of host and port."""
    insecure_no_keys: bool = False
    """Let everybody in who reaches the address."""
    slots: int = 1
    """Jobs that are rendered at the same time; 0 leaves them to `neuroshorts worker`."""
    grace_seconds: float = GRACE_SECONDS
    """Time that running jobs get to finish when the service is stopped."""
    exposition: Exposition = Exposition()
    """Where metrics are told beside `/metrics`."""


def serve_command(options: ServeOptions) -> ExitCode:
    """Answer HTTP until interrupted; tell what to install when the web framework is missing."""
    if not all(map(find_spec, _NEEDED)):
        say_plainly(
            "error: the HTTP service is not installed: run `make serve`, or install neuroshorts[service]"
        )
        return ExitCode.FAILED
    from ..api.server import Server

    desk = open_desk()
    with _opened(options) as (sockets, told), _working(desk.settings, options) as app:
        desk.say(f"Listening on {told}; Ctrl-C stops")
        for line in app.state.service.door.advice():
            desk.say(line)
        with contextlib.suppress(KeyboardInterrupt):
            Server(app).run(sockets)
        desk.say("Stopping; jobs that do not finish in time are handed back")
    return ExitCode.DONE


def application(settings: Settings) -> "FastAPI":
    """Build the application alone, on the database that the settings name; workers are elsewhere.

    It does not know where it listens, so callers need keys unless the operator says otherwise.
    """
    from ..api.door import Entry, entry_for

    engine = open_jobs(settings)
    entry = entry_for(settings.api_keys_required, Entry.NOBODY)
    return _application(engine, settings, _door(engine, settings, entry), make_metrics(engine, settings))


def _door(engine: "sa.Engine", settings: Settings, entry: "Entry") -> "Door":
    from ..api.door import Door
    from ..store.keys import KeyRing

    return Door(KeyRing(engine), entry, settings)


def _application(
    engine: "sa.Engine",
    settings: Settings,
    door: "Door",
    metrics: "Metrics",
    wake: Callable[[], Any] = lambda: None,
) -> "FastAPI":
    from ..api.app import create_app
    from ..api.service import Parts
    from ..store.jobs.previews import Previews
    from ..store.webhooks import Webhooks
    from ..worker.checkroom import CheckRoom

    desk, check = make_desk(engine, settings), CheckRoom(settings).check
    parts = Parts(desk, door, metrics, Previews(engine), Webhooks(engine), check, wake)
    return create_app(settings, parts)


@contextlib.contextmanager
def _working(settings: Settings, options: ServeOptions) -> "Iterator[FastAPI]":
    """Give the application, with a worker beside it that looks at each new job at once."""
    with contextlib.ExitStack() as leaving:
        engine = open_jobs(settings)
        leaving.callback(engine.dispose)
        metrics, door = make_metrics(engine, settings), _door(
            engine, settings, entry_of(options, settings.api_keys_required)
        )
        worker = make_supervisor(engine, settings, options.slots, options.grace_seconds, metrics)
        app = _application(engine, settings, door, metrics, worker.wake)
        leaving.enter_context(telling(metrics, options.exposition))
        worker.start()
        leaving.callback(worker.stop)
        yield app


def entry_of(options: ServeOptions, required: KeysRequired) -> "Entry":
    """Decide who is let in without a key; the command says more than the settings."""
    from ..api.door import Entry, entry_for

    if options.insecure_no_keys:
        return Entry.ANYBODY
    if options.uds:
        return entry_for(required, Entry.ANYBODY)
    is_private = is_loopback(addresses_of(options.host))
    return entry_for(required, Entry.THIS_MACHINE if is_private else Entry.NOBODY)


@contextlib.contextmanager
def _opened(options: ServeOptions) -> Iterator[tuple[list[socket.socket], str]]:
    """Listen as asked; give the sockets and where callers find them."""
    if options.uds:
        with listening_at(options.uds) as sockets:
            yield sockets, str(options.uds)
    else:
        with listening(addresses_of(options.host), options.port) as sockets:
            host = f"[{options.host}]" if ":" in options.host else options.host
            yield sockets, f"http://{host}:{sockets[0].getsockname()[1]} (its pages: /docs)"
