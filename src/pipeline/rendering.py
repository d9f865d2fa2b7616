"""The segments of a film: those that are finished taken from the cache, the others rendered in parallel.

x264, OpenCV and the decoders let go of Python's global lock while they work, so threads use all cores and
share one interpreter, one set of fonts and one set of prepared pictures.
"""

import base64
import logging
import threading
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from ..engines.encode.segments import SegmentEncoder
from ..engines.encode.watch import Thumbnails, thumbnail
from ..engines.visuals.canvases import Canvases
from ..engines.visuals.readers import Readers
from ..engines.visuals.sources import Materials
from ..models.segment import Segment
from ..models.timeline import MediaFiles
from ..plan.batches import batches
from ..plan.segments import PlacedSegment
from ..stopping import Stop, raise_if_stopped
from .cache import Cache
from .liveview import LiveView
from .painting import KeptCanvases, SegmentPainter
from .request import Progress, Report
from .segment_keys import segment_key

_log = logging.getLogger(__name__)

#: Frames between two reports of progress in one segment.
_REPORT_EVERY = 10


class RenderedSegment(NamedTuple):
    """A finished segment."""

    file: Path
    thumbnails: Thumbnails
    is_hit: bool
    """Whether an earlier render had finished it."""


class _Counter:
    """Frames finished by all threads, told now and then."""

    def __init__(self, done: int, total: int, report: Report) -> None:
        self._done, self._total, self._report = done, total, report
        self._lock = threading.Lock()

    def add(self, frames: int) -> None:
        with self._lock:
            self._done += frames
            self._report(Progress("rendering", self._done, self._total))


class FilmRenderer:
    """Renders the segments of one film with a fixed number of threads."""

    def __init__(
        self,
        files: MediaFiles,
        work_dir: Path,
        cache: Cache,
        workers: int,
        stop: Stop,
        view: LiveView | None = None,
    ) -> None:
        self._files = files
        self._work_dir = work_dir
        self._cache = cache
        self._stop = stop
        self._failed = threading.Event()
        self._workers = workers
        self._view = view
        self._canvases = Canvases(KeptCanvases(cache), at_once=max(1, workers // 2))

    def render(self, segments: Sequence[PlacedSegment], report: Report) -> list[RenderedSegment]:
        """Find or render all segments, the longest first; return them in the film's order.

        Segments that are equal are rendered once.

        Raises:
            Interrupted: `stop` was set.
        """
        keys = [segment_key(placed.segment) for placed in segments]
        self._cache.expect("segment", dict.fromkeys(keys))
        finished = {key: kept for key in dict.fromkeys(keys) if (kept := self._kept(key))}
        first = {key: index for index, key in reversed(list(enumerate(keys)))}
        wanted = sorted(index for key, index in first.items() if key not in finished)
        frames = [placed.segment.frames for placed in segments]
        missing = sum(frames[index] for index in wanted)
        counter = _Counter(sum(frames) - missing, sum(frames), report)
        counter.add(0)
        work = [
            [(keys[index], segments[index].segment) for index in batch] for batch in batches(segments, wanted)
        ]
        finished |= self._rendered(work, counter)
        return [finished[key] for key in keys]

    def _kept(self, key: str) -> RenderedSegment | None:
        raise_if_stopped(self._stop)
        file = self._file_of(key)
        notes = self._cache.fetch("segment", key, file)
        return RenderedSegment(file, _thumbnails_of(notes), is_hit=True) if notes else None

    def _file_of(self, key: str) -> Path:
        return self._work_dir / f"segment-{key[:24]}.mp4"

    def _rendered(
        self, work: Sequence[Sequence[tuple[str, Segment]]], counter: _Counter
    ) -> dict[str, RenderedSegment]:
        cv2.setNumThreads(1)
        finished: dict[str, RenderedSegment] = {}
        with ThreadPoolExecutor(self._workers, thread_name_prefix="segment") as pool:
            running = [pool.submit(self._render_batch, batch, counter) for batch in work]
            try:
                for future in as_completed(running):
                    finished |= future.result()
            except BaseException:
                self._failed.set()
                pool.shutdown(wait=True, cancel_futures=True)
                raise
        return finished

    def _render_batch(
        self, batch: Sequence[tuple[str, Segment]], counter: _Counter
    ) -> dict[str, RenderedSegment]:
        with Readers() as readers:
            materials = Materials(self._files, self._canvases, readers)
            return {key: self._render_one(key, segment, materials, counter) for key, segment in batch}

    def _render_one(
        self, key: str, segment: Segment, materials: Materials, counter: _Counter
    ) -> RenderedSegment:
        file = self._file_of(key)
        thumbnails = np.empty((segment.frames, 256), np.uint8)
        with (
            SegmentPainter(segment, materials) as painter,
            SegmentEncoder(file, segment) as encoder,
        ):
            for frame in range(segment.frames):
                painter.paint(frame, encoder.canvas)
                thumbnails[frame] = thumbnail(encoder.canvas.y)
                encoder.write()
                if frame % _REPORT_EVERY == _REPORT_EVERY - 1:
                    self._go_on(counter, _REPORT_EVERY)
                    if self._view:
                        self._view.offer(encoder.canvas)
            self._go_on(counter, segment.frames % _REPORT_EVERY)
        self._cache.keep("segment", key, _notes_of(thumbnails), file)
        _log.info("segment_rendered", extra={"segment": key, "frames": segment.frames})
        return RenderedSegment(file, thumbnails, is_hit=False)

    def _go_on(self, counter: _Counter, frames: int) -> None:
        raise_if_stopped(self._failed)
        raise_if_stopped(self._stop)
        counter.add(frames)


def _notes_of(thumbnails: Thumbnails) -> dict[str, Any]:
    return {"thumbnails": base64.b64encode(zlib.compress(thumbnails.tobytes())).decode()}


def _thumbnails_of(notes: dict[str, Any]) -> Thumbnails:
    data = zlib.decompress(base64.b64decode(notes["thumbnails"]))
    return np.frombuffer(data, np.uint8).reshape(-1, 256)
