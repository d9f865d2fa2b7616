"""Captions that an author styled, as sprites: drawn by libass, frame by frame, as they are asked for."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from ...media.colour import sprite_of_premultiplied
from ...media.libass import Canvas, Drawing, ScriptDrawings
from ...media.planes import Sprite
from ...models.segment import ScriptSlice


class ScriptRenderer:
    """Draws what of a script is seen in one segment; frames are asked for in rising order, by one thread."""

    def __init__(self, script: ScriptSlice, width: int, height: int, fps: Fraction, fonts: Path) -> None:
        frames = [frame + script.origin_frame for frame in script.frames]
        self._process = ScriptDrawings(script.text, fonts, Canvas(width, height, fps, frames))
        self._drawings: Iterator[Drawing] = self._process.drawings()
        self._coming = list(reversed(script.frames))
        self._sprite: Sprite | None = None

    def sprite(self, frame: int) -> Sprite | None:
        """Give what lies on a frame; None when nothing does.

        Raises:
            ScriptNotDrawn: libass takes too long, or fails.
        """
        drawing = None
        while self._coming and self._coming[-1] <= frame:
            self._coming.pop()
            drawing = next(self._drawings)
        if drawing is not None:
            has_ink = drawing.rgba.size > 0
            self._sprite = sprite_of_premultiplied(drawing.rgba, drawing.x, drawing.y) if has_ink else None
        return self._sprite

    def close(self) -> None:
        """End drawing."""
        self._process.close()
