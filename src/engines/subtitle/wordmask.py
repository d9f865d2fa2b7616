"""Words as masks: what their letters cover, and what their outline adds around them."""

from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from ...media.emoji import Pixels
from ...media.planes import Plane
from .geometry import Rect, Word

if TYPE_CHECKING:
    from .proportions import Proportions


class WordMask(NamedTuple):
    """A drawn word: `fill` and `outline` are (H, W) uint8 with even sides, at an even corner of the frame.

    `outline` covers the letters as well; `ink` is where the letters lie within the masks.
    """

    x: int
    y: int
    fill: Plane
    outline: Plane
    ink: Rect
    picture: Pixels | None = None
    """(H, W, 4) RGBA, premultiplied: emoji, which have colours of their own."""

    @property
    def cover(self) -> Plane:
        """All that is drawn, with the outline."""
        return self.outline if self.picture is None else np.maximum(self.outline, self.picture[:, :, 3])

    @property
    def center_y(self) -> int:
        """Row of the frame in the middle of the letters."""
        return self.y + (self.ink.top + self.ink.bottom) // 2


def draw_word(word: Word, proportions: "Proportions", room_px: int = 0) -> WordMask:
    """Draw a word at its place, with `room_px` of empty space around it."""
    stroke = proportions.stroke_px
    lettering = proportions.lettering_of(word)
    left, top, right, bottom = lettering.ink(word.text)
    around = stroke + 1 + room_px
    pen = word.x + proportions.pen_px(word)
    x = _even_below(pen + int(left // 1) - around)
    y = _even_below(word.baseline + int(top // 1) - around)
    width = _even_above(pen - int(-right // 1) + around - x)
    height = _even_above(word.baseline - int(-bottom // 1) + around - y)
    origin = (pen - x, word.baseline - y)
    drawn = lettering.draw(word.text, (width, height), origin, stroke)
    ink = Rect(origin[0] + int(left), origin[1] + int(top), origin[0] + int(right), origin[1] + int(bottom))
    return WordMask(x, y, drawn.fill, drawn.outline, ink, drawn.picture)


def resized(word: WordMask, scale: float) -> WordMask:
    """Scale a word about the middle of its letters, within the masks that it has."""
    center_x, center_y = (word.ink.left + word.ink.right) / 2, (word.ink.top + word.ink.bottom) / 2
    move = np.array([[scale, 0, center_x * (1 - scale)], [0, scale, center_y * (1 - scale)]])
    height, width = word.fill.shape

    def warp(mask: Pixels) -> Pixels:
        return np.asarray(cv2.warpAffine(mask, move, (width, height), flags=cv2.INTER_LINEAR), np.uint8)

    fill = warp(word.fill)
    outline = fill if word.outline is word.fill else warp(word.outline)
    return word._replace(
        fill=fill, outline=outline, picture=None if word.picture is None else warp(word.picture)
    )


def place(plane: Plane, x: int, y: int, mask: Plane) -> None:
    """Put a plane into a mask at (x, y), clipped; where both cover, the denser one counts."""
    height, width = plane.shape
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + width, mask.shape[1]), min(y + height, mask.shape[0])
    if left < right and top < bottom:
        here = mask[top:bottom, left:right]
        np.maximum(here, plane[top - y : bottom - y, left - x : right - x], out=here)


def _even_below(value: int) -> int:
    return value // 2 * 2


def _even_above(value: int) -> int:
    return -(-value // 2) * 2
