"""The spoken word shines."""

from typing import TYPE_CHECKING

import numpy as np

from ....media.planes import Sprite
from ..geometry import Rect
from ..paint import Layer, paint
from ..shadows import blurred
from ..wordmask import place
from .mark import Mark

if TYPE_CHECKING:
    from ..art import CueArt

#: How far the light reaches, in sizes of the font, and its percent.
_REACH, _DENSITY = 0.34, 260
#: How bright the outline is against the light: letters that are as bright would melt into it.
_EDGE = 0.3


class Glowing(Mark):
    """Puts the word into a light of the active colour."""

    def draw(self, art: "CueArt", index: int, progress: float) -> tuple[Sprite, ...]:
        """Draw the light, and the word on it."""
        red, green, blue, alpha = art.marking_color(index)
        edge = int(red * _EDGE), int(green * _EDGE), int(blue * _EDGE), alpha
        letters = art.painted(art.mask(index), art.look.color, edge)
        return art.kept(index, lambda: _light(art, index)), letters


def _light(art: "CueArt", index: int) -> Sprite:
    mask, reach = art.mask(index), art.proportions.px(_REACH)
    height, width = mask.fill.shape
    canvas = Rect(mask.x - reach, mask.y - reach, mask.x + width + reach, mask.y + height + reach).even()
    light = np.zeros(canvas.size[::-1], np.uint8)
    place(mask.cover, mask.x - canvas.left, mask.y - canvas.top, light)
    return paint([Layer(blurred(light, reach, _DENSITY), art.marking_color(index))], canvas.left, canvas.top)
