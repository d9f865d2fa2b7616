"""All segments of a film rendered in parallel threads.

x264, OpenCV and the decoders let go of Python's global lock while they work, so threads use all cores and
share one interpreter, one set of fonts and one set of prepared pictures.
"""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from ..engines.encode.segments import SegmentEncoder
from ..engines.encode.watch import Thumbnails, thumbnail
from ..engines.subtitle.sprites import CaptionRenderer
from ..engines.visuals.canvases import Canvases
from ..engines.visuals.compositor import Compositor
from ..media.fonts import font_file
from ..media.planes import Yuv, blend
from ..models.timeline import MediaFiles, Segment
from ..plan.segments import PlacedSegment
from .request import Progress, Report, raise_if_stopped

#: Frames between two reports of progress in one segment.
_REPORT_EVERY = 10


class RenderedSegment(NamedTuple):
    """A finished segment."""

    file: Path
    thumbnails: Thumbnails


class SegmentPainter:
    """Draws finished frames of one segment: pictures, overlays, captions."""

    def __init__(self, segment: Segment, files: MediaFiles, canvases: Canvases) -> None:
        self._segment = segment
        self._compositor = Compositor(segment, files, canvases)
        self._captions = _caption_renderer(segment, files)

    def paint(self, frame: int, out: Yuv) -> None:
        """Draw frame `frame` of the segment over all of `out`."""
        self._compositor.draw(frame, out)
        if self._captions:
            for sprite in self._captions.sprites(self._segment.cues, frame):
                blend(sprite, out)

    def close(self) -> None:
        """Close all sources."""
        self._compositor.close()


def _caption_renderer(segment: Segment, files: MediaFiles) -> CaptionRenderer | None:
    look = segment.captions
    if look is None or not segment.cues:
        return None
    font = files.get(look.font) or font_file(look.font)
    return CaptionRenderer(look, segment.width, segment.height, font, segment.fps)


class _Counter:
    """Frames finished by all threads, told now and then."""

    def __init__(self, total: int, report: Report) -> None:
        self._done, self._total, self._report = 0, total, report
        self._lock = threading.Lock()

    def add(self, frames: int) -> None:
        with self._lock:
            self._done += frames
            self._report(Progress("rendering", self._done, self._total))


class FilmRenderer:
    """Renders the segments of one film with a fixed number of threads."""

    def __init__(self, files: MediaFiles, work_dir: Path, stop: threading.Event) -> None:
        self._files = files
        self._work_dir = work_dir
        self._stop = stop
        self._failed = threading.Event()
        self._canvases = Canvases()

    def render(
        self, segments: Sequence[PlacedSegment], workers: int, report: Report
    ) -> list[RenderedSegment]:
        """Render all segments, the longest first; return them in the film's order.

        Raises:
            Interrupted: `stop` was set.
        """
        cv2.setNumThreads(1)
        counter = _Counter(sum(placed.segment.frames for placed in segments), report)
        order = sorted(range(len(segments)), key=lambda index: -segments[index].segment.frames)
        with ThreadPoolExecutor(workers, thread_name_prefix="segment") as pool:
            running = {
                pool.submit(self._render_one, index, segments[index].segment, counter): index
                for index in order
            }
            try:
                finished = {running[future]: future.result() for future in as_completed(running)}
            except BaseException:
                self._failed.set()
                pool.shutdown(wait=True, cancel_futures=True)
                raise
        return [finished[index] for index in range(len(segments))]

    def picture(self, segments: Sequence[PlacedSegment], frame: int) -> Yuv:
        """Draw one frame of the film, exactly as it is in the film before encoding."""
        placed = next(p for p in segments if p.start_frame <= frame < p.start_frame + p.segment.frames)
        painter = SegmentPainter(placed.segment, self._files, self._canvases)
        picture = Yuv.empty(placed.segment.width, placed.segment.height)
        try:
            painter.paint(frame - placed.start_frame, picture)
        finally:
            painter.close()
        return picture

    def _render_one(self, index: int, segment: Segment, counter: _Counter) -> RenderedSegment:
        file = self._work_dir / f"segment-{index:04d}.mp4"
        painter = SegmentPainter(segment, self._files, self._canvases)
        thumbnails = np.empty((segment.frames, 256), np.uint8)
        try:
            with SegmentEncoder(file, segment) as encoder:
                for frame in range(segment.frames):
                    painter.paint(frame, encoder.canvas)
                    thumbnails[frame] = thumbnail(encoder.canvas.y)
                    encoder.write()
                    if frame % _REPORT_EVERY == _REPORT_EVERY - 1:
                        self._go_on(counter, _REPORT_EVERY)
                self._go_on(counter, segment.frames % _REPORT_EVERY)
        finally:
            painter.close()
        return RenderedSegment(file, thumbnails)

    def _go_on(self, counter: _Counter, frames: int) -> None:
        raise_if_stopped(self._failed)
        raise_if_stopped(self._stop)
        counter.add(frames)


def painted_frames(segments: Sequence[PlacedSegment], files: MediaFiles) -> Iterator[Yuv]:
    """Draw all frames of a film in order, uncompressed; each is valid until the next is asked for."""
    canvases = Canvases()
    for placed in segments:
        painter = SegmentPainter(placed.segment, files, canvases)
        picture = Yuv.empty(placed.segment.width, placed.segment.height)
        try:
            for frame in range(placed.segment.frames):
                painter.paint(frame, picture)
                yield picture
        finally:
            painter.close()
