"""The media of a job that lie elsewhere, brought here before anything else is done."""

import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

from ..errors import NeuroShortsError, RejectedJob
from ..models.media_refs import MediaKind, MediaRef
from ..models.progress import Setback
from ..models.rejections import raise_all
from ..settings import PREFIX
from .request import Fetched, Fetcher, Progress, Report, Request

#: Media that are fetched at the same time.
_AT_ONCE = 4
#: Seconds between two words about how far it is.
_PAUSE_SECONDS = 0.2


class Brought(NamedTuple):
    """What was brought."""

    fetched: Mapping[tuple[str, MediaKind], Fetched]
    """By the `src` that names it, and what it is used as."""

    def of(self, ref: MediaRef) -> Fetched | None:
        """Tell where a medium is, if it was brought."""
        return self.fetched.get((ref.src, ref.kind))

    @property
    def received_bytes(self) -> int:
        """What came over the network."""
        return sum(fetched.received_bytes for fetched in self.fetched.values())

    @property
    def attributions(self) -> tuple[str, ...]:
        """Who has to be named."""
        told = (fetched.attribution for fetched in self.fetched.values())
        return tuple(dict.fromkeys(filter(None, told)))

    @property
    def assets(self) -> tuple[str, ...]:
        """Which assets of the manifest they are."""
        ids = (fetched.asset for fetched in self.fetched.values())
        return tuple(dict.fromkeys(filter(None, ids)))


class TooMuchMedia(RejectedJob):
    """More bytes than the media of one job may have together."""

    code = "media_too_large"

    def __init__(self, limit_bytes: int, *, path: str) -> None:
        super().__init__(
            f"with it the media of the job have more than {limit_bytes:,} bytes together"
            f" ({PREFIX}MAX_JOB_MEDIA_BYTES): use fewer, or smaller ones",
            path=path,
        )


class _Tally:
    """Adds up what several downloads have, bounds it, and tells it from time to time."""

    def __init__(self, report: Report, most_bytes: int) -> None:
        self._report, self._most_bytes, self._lock = report, most_bytes, threading.Lock()
        self._parts: dict[MediaRef, tuple[int, int]] = {}
        self._setbacks: dict[MediaRef, Setback] = {}
        self._next_at = 0.0

    def told(self, ref: MediaRef, had_bytes: int, size_bytes: int) -> None:
        """Take in how far one is.

        Raises:
            TooMuchMedia: there is no room for it beside the others, as large as it is or says that it is.
        """
        with self._lock:
            is_over = self._setbacks.pop(ref, None) is not None
            self._parts[ref] = (had_bytes, size_bytes)
            if sum(map(max, self._parts.values())) > self._most_bytes:
                # The others may have its room: one that is too much is told, not all.
                del self._parts[ref]
                raise TooMuchMedia(self._most_bytes, path=ref.path)
            if is_over or time.monotonic() >= self._next_at:
                self._tell()

    def held_up(self, ref: MediaRef, setback: Setback) -> None:
        """Tell at once what one waits for; it stays told until that one goes on, or has failed for good."""
        with self._lock:
            self._setbacks[ref] = setback._replace(path=ref.path)
            self._tell()

    def given_up(self, ref: MediaRef) -> None:
        """Tell no more what one waited for."""
        with self._lock:
            if self._setbacks.pop(ref, None):
                self._tell()

    def _tell(self) -> None:
        self._next_at = time.monotonic() + _PAUSE_SECONDS
        parts = self._parts.values()
        is_known = bool(parts) and all(size for _, size in parts)
        total = sum(size for _, size in parts) if is_known else 0
        latest = next(reversed(self._setbacks.values()), None)
        self._report(Progress("fetching", sum(had for had, _ in parts), total, latest))


def bring(refs: Sequence[MediaRef], request: Request, report: Report, stop: threading.Event) -> Brought:
    """Bring every medium of a job that is not a file of this machine, each once.

    Raises:
        RejectedJob: one cannot be had; of several such media, an `InvalidJob` tells all.
        Transient: one could not be had for a long time.
        Interrupted: `stop` was set.
    """
    fetcher = request.fetcher
    if fetcher is None:
        return Brought({})
    wanted = {(ref.src, ref.kind): ref for ref in reversed(refs) if fetcher.knows(ref.src)}
    if not wanted:
        return Brought({})
    tally = _Tally(report, request.settings.max_job_media_bytes)
    outcomes = _outcomes(fetcher, tuple(wanted.values())[::-1], request, tally, stop)
    _raise_first([outcome for outcome in outcomes.values() if isinstance(outcome, NeuroShortsError)])
    fetched = {key: outcome for key, outcome in outcomes.items() if isinstance(outcome, Fetched)}
    report(Progress("fetching", 1, 1))
    return Brought(fetched)


def _outcomes(
    fetcher: Fetcher, refs: Sequence[MediaRef], request: Request, tally: _Tally, stop: threading.Event
) -> dict[tuple[str, MediaKind], Fetched | NeuroShortsError]:
    """Fetch all, some at a time, whatever becomes of the others: all that is wrong is told at once."""

    def attempt(ref: MediaRef) -> Fetched | NeuroShortsError:
        try:
            hear = partial(tally.told, ref), stop, partial(tally.held_up, ref)
            fetched = fetcher.fetch(ref, request.work_dir, *hear)
            # What was here already counts as well: a job is refused or not, whatever others have fetched.
            size_bytes = fetched.file.stat().st_size
            tally.told(ref, size_bytes, size_bytes)
            return fetched
        except NeuroShortsError as error:
            tally.given_up(ref)
            return error

    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="fetch") as pool:
        try:
            outcomes = list(pool.map(attempt, refs))
        except BaseException:
            # Nobody waits for the others any more, and the pool ends only when they have.
            stop.set()
            raise
    return {(ref.src, ref.kind): outcome for ref, outcome in zip(refs, outcomes, strict=True)}


def _raise_first(errors: Sequence[NeuroShortsError]) -> None:
    """Raise what is wrong with the job before what may be better later."""
    raise_all([error for error in errors if isinstance(error, RejectedJob)])
    for error in errors:
        raise error
