"""Where a process tells Prometheus its metrics: a port of its own, which needs no key."""

import contextlib
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from .listening import CannotListen

if TYPE_CHECKING:
    from ..metrics import Metrics

_log = logging.getLogger(__name__)


class Exposition(NamedTuple):
    """What a command was asked for."""

    host: str = "127.0.0.1"
    port: int | None = None
    """Nowhere by default; 0 is any free one."""


@contextlib.contextmanager
def telling(metrics: "Metrics", exposition: Exposition) -> Iterator[None]:
    """Answer Prometheus until the block ends, if asked to.

    Raises:
        CannotListen: the port is taken, or may not be had.
    """
    if exposition.port is None:
        yield
        return
    from prometheus_client import start_http_server

    host, port = exposition.host, exposition.port
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
