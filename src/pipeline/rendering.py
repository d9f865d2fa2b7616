"""All segments of a film rendered in parallel threads.

x264, OpenCV and the decoders let go of Python's global lock while they work, so threads use all cores and
share one interpreter, one set of fonts and one set of prepared pictures.
"""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple, Self

import cv2
import numpy as np

from ..engines.encode.segments import SegmentEncoder
from ..engines.encode.watch import Thumbnails, thumbnail
from ..engines.subtitle.sprites import CaptionRenderer
from ..engines.visuals.canvases import Canvases
from ..engines.visuals.compositor import Compositor
from ..engines.visuals.readers import Readers
from ..engines.visuals.sources import Materials
from ..media.fonts import font_file
from ..media.planes import Yuv, blend
from ..models.segment import Segment
from ..models.timeline import MediaFiles
from ..plan.segments import PlacedSegment
from .request import Progress, Report, Stop, raise_if_stopped

#: Frames between two reports of progress in one segment.
_REPORT_EVERY = 10


class RenderedSegment(NamedTuple):
    """A finished segment."""

    file: Path
    thumbnails: Thumbnails


class SegmentPainter:
    """Draws finished frames of one segment: pictures, overlays, captions."""

    def __init__(self, segment: Segment, materials: Materials) -> None:
        self._segment = segment
        self._compositor = Compositor(segment, materials)
        self._captions = _caption_renderer(segment, materials.files)

    def paint(self, frame: int, out: Yuv) -> None:
        """Draw frame `frame` of the segment over all of `out`."""
        self._compositor.draw(frame, out)
        if self._captions:
            for sprite in self._captions.sprites(self._segment.cues, frame):
                blend(sprite, out)

    def close(self) -> None:
        """Close all sources."""
        self._compositor.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


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


def batches(segments: Sequence[PlacedSegment]) -> list[list[int]]:
    """Group segments that one worker had better render one after the other, as lists of their numbers.

    Those that read on in the same clip belong together: the parts of a long shot, and the transition at its
    end. Ten seconds end a group, so that other workers find something to do.
    """
    grouped: list[list[int]] = []
    for index, placed in enumerate(segments):
        if grouped and _reads_on(
            segments[index - 1].segment, placed.segment, _frames_of(grouped[-1], segments)
        ):
            grouped[-1].append(index)
        else:
            grouped.append([index])
    return grouped


def _reads_on(before: Segment, segment: Segment, frames: int) -> bool:
    left, taken_up = before.shots[-1].shot.source, segment.shots[0].shot.source
    if left != taken_up or left.kind != "video":
        return False
    if before.transition:
        # The end of the clip before belongs to that clip's group, or a film of clips would be one group.
        return before.shots[0].shot.source.kind != "video"
    return segment.transition is not None or frames + segment.frames <= 10 * segment.fps


def _frames_of(indexes: Sequence[int], segments: Sequence[PlacedSegment]) -> int:
    return sum(segments[index].segment.frames for index in indexes)


class FilmRenderer:
    """Renders the segments of one film with a fixed number of threads."""

    def __init__(self, files: MediaFiles, work_dir: Path, stop: Stop) -> None:
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
        finished: dict[int, RenderedSegment] = {}
        order = sorted(batches(segments), key=lambda batch: -_frames_of(batch, segments))
        with ThreadPoolExecutor(workers, thread_name_prefix="segment") as pool:
            running = [pool.submit(self._render_batch, batch, segments, counter) for batch in order]
            try:
                for future in as_completed(running):
                    finished |= future.result()
            except BaseException:
                self._failed.set()
                pool.shutdown(wait=True, cancel_futures=True)
                raise
        return [finished[index] for index in range(len(segments))]

    def picture(self, segments: Sequence[PlacedSegment], frame: int) -> Yuv:
        """Draw one frame of the film, exactly as it is in the film before encoding."""
        placed = next(p for p in segments if p.start_frame <= frame < p.start_frame + p.segment.frames)
        picture = Yuv.empty(placed.segment.width, placed.segment.height)
        with (
            Readers() as readers,
            SegmentPainter(placed.segment, Materials(self._files, self._canvases, readers)) as painter,
        ):
            painter.paint(frame - placed.start_frame, picture)
        return picture

    def _render_batch(
        self, batch: Sequence[int], segments: Sequence[PlacedSegment], counter: _Counter
    ) -> dict[int, RenderedSegment]:
        with Readers() as readers:
            materials = Materials(self._files, self._canvases, readers)
            return {i: self._render_one(i, segments[i].segment, materials, counter) for i in batch}

    def _render_one(
        self, index: int, segment: Segment, materials: Materials, counter: _Counter
    ) -> RenderedSegment:
        file = self._work_dir / f"segment-{index:04d}.mp4"
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
            self._go_on(counter, segment.frames % _REPORT_EVERY)
        return RenderedSegment(file, thumbnails)

    def _go_on(self, counter: _Counter, frames: int) -> None:
        raise_if_stopped(self._failed)
        raise_if_stopped(self._stop)
        counter.add(frames)


def painted_frames(segments: Sequence[PlacedSegment], files: MediaFiles) -> Iterator[Yuv]:
    """Draw all frames of a film in order, uncompressed; each is valid until the next is asked for."""
    canvases = Canvases()
    for placed in segments:
        picture = Yuv.empty(placed.segment.width, placed.segment.height)
        with (
            Readers() as readers,
            SegmentPainter(placed.segment, Materials(files, canvases, readers)) as painter,
        ):
            for frame in range(placed.segment.frames):
                painter.paint(frame, picture)
                yield picture
