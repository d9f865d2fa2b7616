"""A line below the spoken word."""

from typing import TYPE_CHECKING

import numpy as np

from ....media.planes import Sprite
from ..geometry import Rect
from ..paint import Layer, paint, rounded_box
from ..reading import spans_of
from ..wordmask import place
from .mark import Moving

if TYPE_CHECKING:
    from ..art import CueArt
    from ..proportions import Proportions

#: Where the line begins below the baseline, in sizes of the font.
_BELOW = 0.10


class Underlined(Moving):
    """Draws a line in the active colour from where reading begins; letters that reach down stand on it."""

    def rise_px(self, lengths: "Proportions", up: int, down: int) -> tuple[int, int]:
        """Reach as far down as the line."""
        low = lengths.px(_BELOW) + lengths.percent(lengths.look.mark.thickness) + 2 * lengths.stroke_px
        return up, max(down, low)

    def draw(self, art: "CueArt", index: int, progress: float) -> tuple[Sprite, ...]:
        """Draw the line as far as it has come, and the word on it."""
        rect = _line(art, index, min(1.0, progress))
        stroke = art.proportions.stroke_px
        around = Rect(rect.left - stroke, rect.top - stroke, rect.right + stroke, rect.bottom + stroke)
        canvas = around.even()
        color = art.marking_color(index)
        layers = [Layer(_bar(rect, canvas), color)]
        if stroke:
            layers.append(Layer(_bar(around, canvas), art.outline_color(color)))
        line = paint(layers, canvas.left, canvas.top)
        return line, art.word(index, art.resting_color(index, is_said=False))


def _line(art: "CueArt", index: int, share: float) -> Rect:
    word, lengths = art.words[index], art.proportions
    top = word.baseline + lengths.px(_BELOW) + lengths.stroke_px
    length = max(2, round(word.width_px * share))
    is_rtl = spans_of(word.text, lengths.lettering_of(word))[0].is_rtl
    left = word.x + (word.width_px - length if is_rtl else 0)
    return Rect(left, top, left + length, top + lengths.percent(art.look.mark.thickness))


def _bar(rect: Rect, canvas: Rect) -> "np.ndarray[tuple[int, int], np.dtype[np.uint8]]":
    mask = np.zeros(canvas.size[::-1], np.uint8)
    place(rounded_box(*rect.size, rect.size[1] / 2), rect.left - canvas.left, rect.top - canvas.top, mask)
    return mask
