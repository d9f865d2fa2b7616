"""`neuroshorts serve`: the HTTP interface in this process."""

import contextlib
import socket
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..settings import Settings
from .console import ExitCode, open_desk, say_plainly
from .listening import addresses_of, is_loopback, listening, listening_at

if TYPE_CHECKING:
    from fastapi import FastAPI

_NEEDED = ("uvicorn", "fastapi", "sqlalchemy", "alembic", "websockets")


class ServeOptions(NamedTuple):
    """What `neuroshorts serve` was asked for."""

    host: str = "localhost"
    port: int = 8000
    uds: Path | None = None
    """Socket in the file system, instead of host and port."""
    insecure_no_keys: bool = False


def serve_command(options: ServeOptions) -> ExitCode:
    """Answer HTTP until interrupted; tell what to install when the web framework is missing."""
    if not all(map(find_spec, _NEEDED)):
        say_plainly(
            "error: the HTTP service is not installed: run `make serve`, or install neuroshorts[service]"
        )
        return ExitCode.FAILED
    if not (options.uds or options.insecure_no_keys or is_loopback(addresses_of(options.host))):
        say_plainly(
            f"error: whoever reaches {options.host} could render and read films: there are no keys."
            " Listen on localhost, or add --insecure-no-keys"
        )
        return ExitCode.REJECTED
    from ..api.server import Server

    desk = open_desk()
    with _opened(options) as (sockets, told), contextlib.suppress(KeyboardInterrupt):
        # A worker in this process starts here, before the server, and stops after it; `wake` is its.
        server = Server(application(desk.settings, wake=lambda: None))
        desk.say(f"Listening on {told}; Ctrl-C stops")
        server.run(sockets)
    return ExitCode.DONE


def application(settings: Settings, wake: Callable[[], None]) -> "FastAPI":
    """Build the application on the database that the settings name."""
    from ..api.app import create_app
    from ..store.jobs.database import database_url, open_database
    from ..store.jobs.desk import JobDesk

    engine = open_database(database_url(settings))
    return create_app(settings, JobDesk(engine, settings.max_queued_jobs), wake)


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
