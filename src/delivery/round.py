"""A film brought to each of its destinations, one after the other; who is away is tried again."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from ..errors import DeliveryFailed, DestinationAway
from ..stopping import raise_if_stopped
from .parcel import Links, Parcel

_log = logging.getLogger(__name__)

#: Seconds before the second try; twice as long before each further one.
FIRST_PAUSE_SECONDS = 1.0
#: Longest pause: also the longest that a destination which is back is kept waiting.
_LONGEST_PAUSE_SECONDS = 30.0

#: What has not come about when a delivery is stopped.
BEFORE_DELIVERY = "the film was delivered"
#: Told of bytes that have arrived, or were there already; of fewer than none when some have to be sent again.
Sent = Callable[[int], None]


class Halt(Protocol):
    """Tells whether somebody wants the delivery to end; a `threading.Event` is one."""

    def is_set(self) -> bool:
        """Whether it should end now."""
        ...

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it should end, for a time; tell whether it should."""
        ...


class Destination(Protocol):
    """Somewhere a film is brought to."""

    def deliver(self, parcel: Parcel, halt: Halt, sent: Sent) -> Links:
        """Bring everything there; what is there already stays, so that this can be repeated.

        Raises:
            DestinationAway: it may be taken later.
            DeliveryFailed: it will not be taken.
            Interrupted: `halt` was set; nothing unfinished is left behind.
        """
        ...

    def give_up(self) -> None:
        """Take back what was begun and will not be gone on with; what arrived whole stays."""
        ...


class Round:
    """A parcel and all of its destinations."""

    def __init__(self, parcel: Parcel, destinations: Sequence[Destination], max_seconds: float) -> None:
        self._parcel = parcel
        self._stops = [_Stop(index, destination) for index, destination in enumerate(destinations)]
        self._max_seconds = max_seconds

    @property
    def share_done(self) -> float:
        """Share of all bytes that have arrived, 0 to 1."""
        total = self._parcel.size_bytes * len(self._stops)
        return min(1.0, sum(stop.sent_bytes for stop in self._stops) / total) if total else 0.0

    def go(self, halt: Halt) -> tuple[Links, ...]:
        """Deliver to all; tell where everything is, in the order of the destinations.

        Raises:
            DestinationAway: one was away for too long.
            DeliveryFailed: one does not take it.
            Interrupted: `halt` was set.
        """
        try:
            return self._gone(halt, time.monotonic() + self._max_seconds)
        except BaseException:
            for stop in self._stops:
                stop.give_up()
            raise

    def _gone(self, halt: Halt, until: float) -> tuple[Links, ...]:
        waiting = list(self._stops)
        while waiting:
            for stop in [stop for stop in waiting if stop.due <= time.monotonic()]:
                raise_if_stopped(halt, before=BEFORE_DELIVERY)
                stop.call(self._parcel, halt, until)
            waiting = [stop for stop in waiting if stop.links is None]
            if waiting:
                halt.wait(max(0.0, min(stop.due for stop in waiting) - time.monotonic()))
                raise_if_stopped(halt, before=BEFORE_DELIVERY)
        return tuple(stop.links for stop in self._stops if stop.links is not None)


class _Stop:
    """One destination of a round: what has become of it."""

    def __init__(self, index: int, destination: Destination) -> None:
        self.links: Links | None = None
        self.due = 0.0
        self.sent_bytes = 0
        self._path = f"output.destinations[{index}]"
        self._destination = destination
        self._pause_seconds = FIRST_PAUSE_SECONDS
        self._lock = threading.Lock()

    def call(self, parcel: Parcel, halt: Halt, until: float) -> None:
        """Try once; set when to come again if it is away."""
        self.sent_bytes = 0
        try:
            self.links = self._destination.deliver(parcel, halt, self._count)
        except DestinationAway as error:
            error.path = self._path
            self.due = time.monotonic() + self._pause_seconds
            if self.due > until:
                raise
            again = {"path": self._path, "reason": error.message, "pause_seconds": self._pause_seconds}
            _log.warning("destination_away", extra=again)
            self._pause_seconds = min(_LONGEST_PAUSE_SECONDS, self._pause_seconds * 2)
        except DeliveryFailed as error:
            error.path = self._path
            raise
        else:
            _log.info("film_delivered", extra={"path": self._path, "url_without_query": self._bare_link})

    def give_up(self) -> None:
        """Have nothing unfinished left behind; there is nothing once all has arrived."""
        if self.links is None:
            self._destination.give_up()

    @property
    def _bare_link(self) -> str:
        """The link without its signature, which lets anybody in."""
        return self.links.film.partition("?")[0] if self.links else ""

    def _count(self, size_bytes: int) -> None:
        with self._lock:
            self.sent_bytes += size_bytes


def with_links(links: Sequence[Links]) -> Mapping[str, object]:
    """Make the fields of a result that tell where everything is: of the first destination, and all films."""
    first = dict(links[0].of)
    return {
        "url": first.pop("film"),
        "urls": tuple(each.film for each in links),
        "poster_url": first.pop("poster", None),
        "sidecars": {kind: url for kind, url in first.items() if kind != "job"},
    }
