"""One medium downloaded to a file: resumed where it was cut, bounded in bytes, time and redirections."""

import hashlib
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

import httpcore

from .. import __version__
from ..errors import CallFailed
from ..network.deadline import Deadline
from ..network.destination import Destination
from ..network.exchange import Asked, Exchange, beginning_of, headers_of
from ..network.failures import AnswerTimeout, StrangeAnswer
from ..pipeline.request import HeldUp
from ..stopping import raise_if_stopped
from .failures import TooLarge, TooManyRedirects, TooSlow, Truncated, setback_of
from .head import Extent, Head, Validators
from .objects import raise_refusal
from .pace import Limits, Pace, Patience

#: Redirections that are followed.
MOST_REDIRECTS = 5
#: Told as it comes in: bytes so far, and of the whole medium, 0 if that is not known.
Told = Callable[[int, int], None]


class NotModified(Exception):
    """The version that is here already is still the right one."""


class Wanted(NamedTuple):
    """A medium at a URL."""

    url: str
    kind: str
    """What it is used as: image, video, sound or font."""
    known: Validators = Validators()
    """Of the version that is here already."""
    from_store: bool = False
    """Whether it lies in a store of objects, which tells in the body of an answer why it refuses."""


class Received(NamedTuple):
    """A medium that has come in whole."""

    sha256: str
    size_bytes: int
    validators: Validators


class Download:
    """A download into a file."""

    def __init__(
        self,
        wanted: Wanted,
        exchange: Exchange,
        limits: Limits,
        told: Told,
        stop: threading.Event,
        held_up: HeldUp,
    ) -> None:
        self.received_bytes = 0
        """All that has come in, also what was thrown away."""
        self._wanted, self._exchange, self._limits = wanted, exchange, limits
        self._told, self._stop, self._held_up = told, stop, held_up
        self._host = Destination.of(wanted.url).host
        self._had_bytes = self._most_bytes = 0
        self._digest = hashlib.sha256()
        self._validators = Validators()

    def run(self, into: Path) -> Received:
        """Download, with as many attempts as it takes; unless it succeeds, no file is left.

        Raises:
            NotModified: the version that is here is still the right one.
            RejectedJob: it cannot be had.
            CallFailed: it could not be had for a long time.
            Interrupted: nobody wants it any more.
        """
        try:
            with into.open("wb") as out:
                return self._persist(out)
        except BaseException:
            into.unlink(missing_ok=True)
            raise

    def _persist(self, out: BinaryIO) -> Received:
        whole, patience = Deadline(self._limits.most_seconds), Patience(self._limits)
        while True:
            try:
                return self._attempt(out, Pace(whole, self._limits, self._stop))
            except CallFailed as error:
                failure = self._failure(error, whole, out)
            pause_seconds = min(patience.bear(failure, self._most_bytes), whole.left())
            self._held_up(setback_of(failure, pause_seconds))
            self._stop.wait(pause_seconds)
            raise_if_stopped(self._stop)

    def _failure(self, error: CallFailed, whole: Deadline, out: BinaryIO) -> CallFailed:
        """Judge a failed attempt, and throw away what no other attempt could go on with."""
        self._most_bytes = max(self._most_bytes, self._had_bytes)
        if not self._validators.can_resume():
            self._start_over(out)
        if not whole.left():
            raise TooSlow(self._host, self._most_bytes) from error
        return TooSlow(self._host, self._most_bytes) if isinstance(error, AnswerTimeout) else error

    def _attempt(self, out: BinaryIO, pace: Pace) -> Received:
        """Ask, and follow redirections from the first URL on: those that are signed may have expired."""
        url = self._wanted.url
        for _ in range(MOST_REDIRECTS + 1):
            asked = Asked("GET", Destination.of(url), self._headers())
            with self._exchange.open(asked, pace) as response:
                head = Head(asked.to.host, response.status, headers_of(response))
                target = head.target(url)
                if target is None:
                    return self._taken(head, response, out, pace)
            url = target
        raise TooManyRedirects(MOST_REDIRECTS)

    def _headers(self) -> Mapping[str, str]:
        own = {"User-Agent": f"NeuroShorts/{__version__}", "Accept": "*/*", "Accept-Encoding": "identity"}
        if not self._had_bytes:
            return own | self._wanted.known.conditions()
        return own | {"Range": f"bytes={self._had_bytes}-", "If-Range": self._validators.etag}

    def _taken(self, head: Head, response: httpcore.Response, out: BinaryIO, pace: Pace) -> Received:
        if head.status == 304 and self._wanted.known.conditions() and not self._had_bytes:
            raise NotModified
        # Amazon answers 301 without a Location for a bucket that is in another region.
        if self._wanted.from_store and head.status >= 300:
            raise_refusal(head.status, beginning_of(response))
        extent = self._extent(head, out)
        self._validators = head.validators
        try:
            for part in response.iter_stream():
                self._write(part, out)
                pace.count(len(part))
                self._told(self._had_bytes, extent.size_bytes or 0)
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise Truncated(self._host, self._had_bytes, extent.size_bytes) from error
        if extent.size_bytes is not None and self._had_bytes != extent.size_bytes:
            had_bytes = self._had_bytes
            self._start_over(out)
            raise Truncated(self._host, had_bytes, extent.size_bytes)
        # Where no end is told, a cut looks like one: what came may not be confirmed as that version later.
        validators = self._validators if head.tells_its_end else Validators()
        return Received(self._digest.hexdigest(), self._had_bytes, validators)

    def _extent(self, head: Head, out: BinaryIO) -> Extent:
        """Learn what comes, and make the file ready for it."""
        if head.status == 416:
            self._start_over(out)
        head.refuse_other_than(self._wanted.kind)
        extent = Extent.of(head)
        extent.refuse_larger(self._limits.most_bytes)
        if head.status == 200:
            self._start_over(out)
        elif extent.start != self._had_bytes or head.validators.etag != self._validators.etag:
            # Servers that do not know If-Range send the rest of whatever is there by now.
            self._start_over(out)
            raise StrangeAnswer(head.host, "another part than the one that was asked for")
        return extent

    def _write(self, part: bytes, out: BinaryIO) -> None:
        self.received_bytes += len(part)
        if self._had_bytes + len(part) > self._limits.most_bytes:
            raise TooLarge(self._had_bytes + len(part), self._limits.most_bytes)
        out.write(part)
        self._digest.update(part)
        self._had_bytes += len(part)

    def _start_over(self, out: BinaryIO) -> None:
        out.seek(0)
        out.truncate()
        self._had_bytes, self._digest = 0, hashlib.sha256()
