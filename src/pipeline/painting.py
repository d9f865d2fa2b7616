"""Finished frames of segments before they are encoded: pictures, overlays, captions."""

from collections.abc import Hashable, Iterator, Sequence
from typing import Self

import numpy as np

from ..engines.subtitle.script import ScriptRenderer
from ..engines.subtitle.sprites import CaptionRenderer
from ..engines.visuals.canvases import Canvases
from ..engines.visuals.compositor import Compositor
from ..engines.visuals.readers import Readers
from ..engines.visuals.sources import Materials
from ..media.lettering import caption_fonts_of
from ..media.planes import Yuv, blend
from ..models.segment import Segment
from ..models.timeline import MediaFiles
from ..plan.segments import PlacedSegment
from .cache import Cache, key_of


class SegmentPainter:
    """Draws finished frames of one segment."""

    def __init__(self, segment: Segment, materials: Materials) -> None:
        self._segment = segment
        self._compositor = Compositor(segment, materials)
        self._captions = _caption_renderer(segment, materials.files)
        self._script = _script_renderer(segment, materials.files)

    def paint(self, frame: int, out: Yuv) -> None:
        """Draw frame `frame` of the segment over all of `out`."""
        self._compositor.draw(frame, out)
        if self._captions:
            for sprite in self._captions.sprites(self._segment.cues, frame):
                blend(sprite, out)
        if self._script and (drawn := self._script.sprite(frame)):
            blend(drawn, out)

    def close(self) -> None:
        """Close all sources."""
        self._compositor.close()
        if self._script:
            self._script.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _caption_renderer(segment: Segment, files: MediaFiles) -> CaptionRenderer | None:
    look = segment.captions
    if look is None:
        return None
    fonts = caption_fonts_of(look, files)
    return CaptionRenderer(look, segment.width, segment.height, fonts, segment.fps)


def _script_renderer(segment: Segment, files: MediaFiles) -> ScriptRenderer | None:
    script = segment.script
    if script is None:
        return None
    return ScriptRenderer(script, segment.width, segment.height, segment.fps, files[script.fonts])


class KeptCanvases:
    """Prepared pictures in the cache: decoding and scaling a photograph takes as long as ten frames."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def load(self, key: Hashable) -> Yuv | None:
        """Find a picture that an earlier render prepared."""
        found = self._cache.load("picture", key_of(key))
        if found is None:
            return None
        planes, start = [], 0
        for height, width in found.notes["shapes"]:
            plane = np.frombuffer(found.content, np.uint8, height * width, start)
            planes.append(plane.reshape(height, width))
            start += height * width
        return Yuv(*planes)

    def keep(self, key: Hashable, picture: Yuv) -> None:
        """Keep a picture for the next render."""
        shapes = [plane.shape for plane in picture]
        self._cache.keep("picture", key_of(key), {"shapes": shapes}, b"".join(p.tobytes() for p in picture))


def painted_frames(segments: Sequence[PlacedSegment], files: MediaFiles, cache: Cache) -> Iterator[Yuv]:
    """Draw all frames of a film in order, uncompressed; each is valid until the next is asked for."""
    canvases = Canvases(KeptCanvases(cache))
    for placed in segments:
        yield from _painted(placed.segment, range(placed.segment.frames), files, canvases)


def painted_frame(
    segments: Sequence[PlacedSegment], frame: int, files: MediaFiles, canvases: Canvases
) -> Yuv:
    """Draw one frame of a film, exactly as it is in the film before encoding."""
    placed, inside = located(segments, frame)
    return next(_painted(placed.segment, range(inside, inside + 1), files, canvases))


def located(segments: Sequence[PlacedSegment], frame: int) -> tuple[PlacedSegment, int]:
    """Find the segment that holds a frame of the film, and the frame's number in it."""
    placed = next(p for p in segments if p.start_frame <= frame < p.start_frame + p.segment.frames)
    return placed, frame - placed.start_frame


def _painted(segment: Segment, frames: range, files: MediaFiles, canvases: Canvases) -> Iterator[Yuv]:
    picture = Yuv.empty(segment.width, segment.height)
    with Readers() as readers, SegmentPainter(segment, Materials(files, canvases, readers)) as painter:
        for frame in frames:
            painter.paint(frame, picture)
            yield picture
