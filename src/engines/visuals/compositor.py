"""Puts the frames of one segment together: shots, the transition between them, overlays."""

from typing import Self

from ...media.planes import Yuv, blend
from ...models.segment import Segment
from .overlays import overlay_sprite
from .sources import Materials, Stage, open_source
from .transitions import TRANSITIONS


class Compositor:
    """Draws any frame of a segment; used by one thread."""

    def __init__(self, segment: Segment, materials: Materials) -> None:
        self._segment = segment
        stage = Stage(segment.width, segment.height, segment.fps, materials)
        self._sources = [open_source(part.shot, stage) for part in segment.shots]
        self._overlays = [
            (plan, overlay_sprite(plan, (segment.width, segment.height), materials.files))
            for plan in segment.overlays
        ]
        pictures = 2 if segment.transition else 0
        self._pictures = [Yuv.empty(segment.width, segment.height) for _ in range(pictures)]

    def draw(self, frame: int, out: Yuv) -> None:
        """Draw frame `frame` of the segment over all of `out`."""
        self._draw_shots(frame, out)
        for plan, sprite in self._overlays:
            if plan.start_frame <= frame < plan.start_frame + plan.frames:
                blend(sprite, out)

    def _draw_shots(self, frame: int, out: Yuv) -> None:
        parts = list(zip(self._segment.shots, self._sources, strict=True))
        transition = self._segment.transition
        if transition is None:
            part, source = parts[0]
            source.draw(part.first_frame + frame, out)
            return
        for (part, source), picture in zip(parts, self._pictures, strict=True):
            source.draw(part.first_frame + frame, picture)
        progress = (frame + 1) / (transition.frames + 1)
        leaving, coming = self._pictures
        TRANSITIONS[transition.type](leaving, coming, progress, out)

    def close(self) -> None:
        """Close all sources."""
        for source in self._sources:
            source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
