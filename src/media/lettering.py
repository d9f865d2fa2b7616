"""Lines of text measured and drawn, each character in the first of several fonts that has it."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from .fonts import font_file, load_font, weight_of
from .planes import Plane

Pixels = npt.NDArray[np.uint8]


class FontFace(NamedTuple):
    """A font file, and the weight (100-900) in which a variable one is set."""

    file: Path
    weight: int


class FontStack(NamedTuple):
    """Fonts in the order in which they are asked for a character."""

    faces: tuple[FontFace, ...]
    """One at least."""


def font_stack(font: str, own_files: Mapping[str, Path]) -> FontStack:
    """Choose the fonts for a family's name, or for the sha256 of a file that the job brings.

    Raises:
        KeyError: when it is neither.
    """
    return FontStack((FontFace(own_files.get(font) or font_file(font), weight_of(font)),))


class Drawn(NamedTuple):
    """Text drawn on a canvas of (H, W)."""

    fill: Plane
    """What letters cover, 0-255."""
    outline: Plane
    """What letters and their outline cover; the same array as `fill` without an outline."""
    picture: Pixels | None
    """(H, W, 4) RGBA, premultiplied: what has colours of its own; None where nothing has."""


class Lettering:
    """Text of one stack at one size; lengths in pixels count from where the pen starts, on the baseline.

    Usable by several threads, though a font itself is not.
    """

    def __init__(self, stack: FontStack, size_px: int) -> None:
        self._stack, self._size_px = stack, size_px
        self._inks: dict[str, tuple[float, float, float, float]] = {}

    @property
    def _font(self) -> ImageFont.FreeTypeFont:
        face = self._stack.faces[0]
        return load_font(face.file, self._size_px, face.weight)

    @cached_property
    def space_px(self) -> float:
        """Width of a space."""
        return self._font.getlength(" ")

    def length(self, text: str) -> float:
        """Tell how far the pen moves."""
        return self._font.getlength(text)

    def ink(self, text: str) -> tuple[float, float, float, float]:
        """Tell what is drawn: left, top, right, bottom."""
        if text not in self._inks:
            self._inks[text] = self._font.getbbox(text, anchor="ls")
        return self._inks[text]

    def draw(self, text: str, size: tuple[int, int], origin: tuple[int, int], stroke_px: int) -> Drawn:
        """Draw a text.

        Args:
            text: one line.
            size: width and height of the canvas.
            origin: where the pen starts.
            stroke_px: width of the outline; 0 for none.
        """
        fill = self._mask(text, size, origin, 0)
        outline = self._mask(text, size, origin, stroke_px) if stroke_px else fill
        return Drawn(fill, outline, None)

    def _mask(self, text: str, size: tuple[int, int], origin: tuple[int, int], stroke_px: int) -> Plane:
        canvas = Image.new("L", size)
        ImageDraw.Draw(canvas).text(
            origin, text, font=self._font, fill=255, anchor="ls", stroke_width=stroke_px
        )
        return np.asarray(canvas)
