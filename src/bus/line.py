"""The way to the broker, for one thread."""

import logging
import random
from urllib.parse import urlsplit

import pika
from pika.adapters.blocking_connection import BlockingConnection
from pika.exceptions import AMQPError

from .failures import BadBrokerAddress

_log = logging.getLogger(__name__)

#: What a broker raises that is away, or that has taken something amiss: mended by connecting again.
AWAY = (AMQPError, OSError)
#: Seconds after which either side takes a silent connection for dead, unless the address says otherwise.
_HEARTBEAT_SECONDS = 30
#: Seconds that one try to connect may take.
_CONNECT_SECONDS = 10.0
#: Seconds for which a broker that is short of memory or disk may hold back what is published.
_BLOCKED_SECONDS = 30.0
_FIRST_PAUSE_SECONDS = 0.25
#: Longest pause: also the longest that a broker which is back is kept waiting.
_LONGEST_PAUSE_SECONDS = 10.0


class Line:
    """Connects one thread, again and again with growing pauses; the log is told once when that changes."""

    def __init__(self, url: str, purpose: str) -> None:
        self._parameters = parameters_of(url, purpose)
        self._purpose = purpose
        self._is_up: bool | None = None
        self._longest_seconds = _FIRST_PAUSE_SECONDS
        # Each failure would be logged as an error, beside what is raised and told here.
        logging.getLogger("pika").setLevel(logging.CRITICAL)

    @property
    def pause_seconds(self) -> float:
        """Seconds to wait before the next try: at random, lest all workers come back at the same moment."""
        return random.uniform(self._longest_seconds / 2, self._longest_seconds)

    def open(self) -> BlockingConnection:
        """Connect; raises one of `AWAY` if that cannot be."""
        return BlockingConnection(self._parameters)

    def note_up(self) -> None:
        """Tell the log that the broker can be worked with, unless it knows."""
        if not self._is_up:
            _log.info("broker_connected", extra={"line": self._purpose})
        self._is_up, self._longest_seconds = True, _FIRST_PAUSE_SECONDS

    def note_away(self, error: Exception) -> None:
        """Tell the log that the broker is away, unless it knows."""
        self._longest_seconds = min(_LONGEST_PAUSE_SECONDS, self._longest_seconds * 2)
        if self._is_up is False:
            return
        self._is_up = False
        told = {"line": self._purpose, "reason": reason_of(error), "next": "tried again until it answers"}
        _log.warning("broker_away", extra=told)


def parameters_of(url: str, purpose: str) -> pika.URLParameters:
    """Read the address of a broker.

    Raises:
        BadBrokerAddress: it cannot be read.
    """
    try:
        parsed = urlsplit(url)
        if parsed.scheme not in {"amqp", "amqps"} or not parsed.hostname:
            raise BadBrokerAddress
        parameters = pika.URLParameters(url)
    except (ValueError, TypeError, SyntaxError) as error:
        raise BadBrokerAddress from error
    if "heartbeat" not in parsed.query:
        parameters.heartbeat = _HEARTBEAT_SECONDS
    parameters.socket_timeout = parameters.stack_timeout = _CONNECT_SECONDS
    parameters.blocked_connection_timeout = _BLOCKED_SECONDS
    parameters.client_properties = {"connection_name": f"neuroshorts {purpose}"}
    return parameters


def reason_of(error: Exception) -> str:
    """Tell in a line what a broker that is away has said."""
    return (str(error).splitlines() or [repr(error)])[0]
