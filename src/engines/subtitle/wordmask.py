"""Words as masks: what their letters cover, and what their outline adds around them."""

from typing import NamedTuple

import cv2
import numpy as np

from ...media.planes import Plane
from .layout import Proportions, Rect, Word

#: What the shadow of words without an outline is multiplied by, so that white words stand out on white.
_DENSER = 1.9


class WordMask(NamedTuple):
    """A drawn word: `fill` and `outline` are (H, W) uint8 with even sides, at an even corner of the frame.

    `outline` covers the letters as well; `ink` is where the letters lie within the masks.
    """

    x: int
    y: int
    fill: Plane
    outline: Plane
    ink: Rect

    @property
    def center_y(self) -> int:
        """Row of the frame in the middle of the letters."""
        return self.y + (self.ink.top + self.ink.bottom) // 2


def draw_word(word: Word, proportions: Proportions, room_px: int = 0) -> WordMask:
    """Draw a word at its place, with `room_px` of empty space around it."""
    stroke = proportions.stroke_px
    left, top, right, bottom = proportions.ink(word.text)
    around = stroke + 1 + room_px
    pen = word.x + proportions.pen_px(word.text)
    x = _even_below(pen + int(left // 1) - around)
    y = _even_below(word.baseline + int(top // 1) - around)
    width = _even_above(pen - int(-right // 1) + around - x)
    height = _even_above(word.baseline - int(-bottom // 1) + around - y)
    origin = (pen - x, word.baseline - y)
    drawn = proportions.lettering.draw(word.text, (width, height), origin, stroke)
    ink = Rect(origin[0] + int(left), origin[1] + int(top), origin[0] + int(right), origin[1] + int(bottom))
    return WordMask(x, y, drawn.fill, drawn.outline, ink)


def resized(word: WordMask, scale: float) -> WordMask:
    """Scale a word about the middle of its letters, within the masks that it has."""
    center_x, center_y = (word.ink.left + word.ink.right) / 2, (word.ink.top + word.ink.bottom) / 2
    move = np.array([[scale, 0, center_x * (1 - scale)], [0, scale, center_y * (1 - scale)]])
    height, width = word.fill.shape

    def warp(mask: Plane) -> Plane:
        return np.asarray(cv2.warpAffine(mask, move, (width, height), flags=cv2.INTER_LINEAR), np.uint8)

    fill = warp(word.fill)
    return word._replace(fill=fill, outline=fill if word.outline is word.fill else warp(word.outline))


def soft_shadow(words: list[WordMask], area: Rect, spread_px: int, drop_px: int) -> Plane:
    """Blur the outlines of words, moved down, over an area of the frame with even corners.

    Words without an outline get a denser shadow in its place.
    """
    width, height = area.right - area.left, area.bottom - area.top
    mask = np.zeros((height, width), np.uint8)
    for word in words:
        place(word.outline, word.x - area.left, word.y - area.top + drop_px, mask)
    # A shadow has no detail: blur it at a quarter of its size when it is large enough.
    step = 4 if spread_px >= 8 else 1
    small = cv2.resize(mask, (-(-width // step), -(-height // step)), interpolation=cv2.INTER_AREA)
    sigma = max(0.3, spread_px / step / 2.2)
    blurred = cv2.GaussianBlur(small, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT)
    if all(word.outline is word.fill for word in words):
        blurred = cv2.convertScaleAbs(blurred, alpha=_DENSER)
    return np.asarray(cv2.resize(blurred, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


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
