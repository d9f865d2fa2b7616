"""A box behind the spoken word."""

from typing import TYPE_CHECKING

import numpy as np

from ....media.planes import Plane, Sprite
from ....models.colors import rgba_of
from ....models.planned import Rgba
from ..colors import contrast, readable_on
from ..geometry import Rect
from ..paint import Layer, paint, rounded_box
from ..wordmask import place
from .mark import Mark

if TYPE_CHECKING:
    from ..art import CueArt
    from ..proportions import Proportions

#: What the box is higher than capitals, and lower than letters that reach down, in sizes of the font.
_ABOVE, _BELOW, _BELOW_CAPITALS = 0.22, 0.08, 0.19
#: Alpha from which a box hides enough of the picture for its text to go without an outline.
_SOLID_ALPHA = 160
#: Contrast that letters as large as these need at least.
#: Source: WCAG 2.2, success criterion 1.4.3.
_READABLE = 3.0


class Boxed(Mark):
    """Puts the word on a box in the active colour."""

    def reach_px(self, lengths: "Proportions") -> int:
        """Leave the box its padding."""
        return lengths.percent(lengths.look.mark.padding)

    def side_px(self, lengths: "Proportions") -> int:
        """Leave the box its padding."""
        return lengths.percent(lengths.look.mark.padding)

    def rise_px(self, lengths: "Proportions", up: int, down: int) -> tuple[int, int]:
        """Reach as far as the box."""
        rise, fall = _box_rise(lengths)
        return max(up, rise), max(down, fall)

    def draw(self, art: "CueArt", index: int, progress: float) -> tuple[Sprite, ...]:
        """Draw the word in whichever of dark and white can be read on the box."""
        mask, look = art.mask(index), art.look
        box_color = art.marking_color(index)
        rect = self._rect(art, index)
        canvas = rect.even()
        letters = _onto(canvas, mask.fill, mask.x, mask.y)
        if box_color[3] >= _SOLID_ALPHA:
            layers = [Layer(letters, _text_color(art, index))]
        else:
            outline = _onto(canvas, mask.outline, mask.x, mask.y)
            layers = [Layer(letters, look.color), Layer(outline, art.outline_color(look.color))]
        radius = art.proportions.size_px * look.mark.radius / 100
        box = _onto(canvas, rounded_box(*rect.size, radius), rect.left, rect.top)
        picture = art.picture_on(canvas, index)
        return (paint([*layers, Layer(box, box_color)], canvas.left, canvas.top, picture),)

    def _rect(self, art: "CueArt", index: int) -> Rect:
        word, lengths = art.words[index], art.proportions
        pad = lengths.percent(art.look.mark.padding)
        # Tall letters, marks above and below them: nothing of a word leaves its box.
        reach = zip(_box_rise(lengths), lengths.ink_rise([word]), strict=True)
        rise, fall = map(max, reach)
        # Between words without a gap the box ends where the letters do.
        left, right = (0 if tied else pad for tied in word.tied)
        return Rect(word.x - left, word.baseline - rise, word.x + word.width_px + right, word.baseline + fall)


def _box_rise(lengths: "Proportions") -> tuple[int, int]:
    below = _BELOW_CAPITALS if lengths.look.casing == "upper" else _BELOW
    return lengths.capital_px + lengths.px(_ABOVE), lengths.fall_px + lengths.px(below)


def _text_color(art: "CueArt", index: int) -> Rgba:
    """Choose what the style says where it can be read: a job, or emphasis, may have another box."""
    own, box = art.look.mark.text_color, art.marking_color(index)[:3]
    if own and contrast(rgba_of(own)[:3], box) >= _READABLE:
        return rgba_of(own)
    return (*readable_on(box), 255)


def _onto(canvas: Rect, plane: Plane, x: int, y: int) -> Plane:
    mask = np.zeros(canvas.size[::-1], np.uint8)
    place(plane, x - canvas.left, y - canvas.top, mask)
    return mask
