"""The pictures of one cue: each word drawn once, put together for each state that is shown."""

from functools import cached_property

import numpy as np

from ...media.planes import Plane, Sprite
from ...models.timeline import CaptionLook, Rgba
from .colors import DARK, SHADOW_ALPHA, outline_of, readable_on
from .direction import direction_of
from .layout import Arrangement, Rect
from .paint import Layer, copy_of, paint, part_of, put_over, rounded_box
from .wordmask import WordMask, draw_word, place, resized, soft_shadow

#: A spoken word of the style `pop` rests at this size.
POP_REST = 1.14
#: Its largest growth on the way there, as a multiple of the growth that stays.
POP_OVERSHOOT = 1.23
#: Alpha from which a box hides enough of the picture for its text to go without an outline.
_SOLID_ALPHA = 160
#: Roundness of the box, in sizes of the font.
_BOX_RADIUS = 0.20


class CueArt:
    """Draws one cue: nothing before it is asked for, and nothing twice in a row."""

    def __init__(self, arrangement: Arrangement, look: CaptionLook) -> None:
        self._arrangement = arrangement
        self.area = arrangement.area
        self._proportions = arrangement.proportions
        self._look = look
        self._masks: dict[int, WordMask] = {}
        self._words: dict[tuple[int, Rgba], Sprite] = {}
        self._base: tuple[tuple[int | None, int], Sprite] | None = None
        self._active: tuple[tuple[int, float], tuple[Sprite, ...]] | None = None
        self._grown: tuple[int, float, WordMask] | None = None

    def base(self, active: int | None, spoken: int) -> Sprite:
        """Draw the shadow and all words but the active one; the first `spoken` of them have been said."""
        state = (active, spoken if self._look.style == "karaoke" else 0)
        if self._base is None or self._base[0] != state:
            picture = copy_of(self._shadow)
            for index in range(len(self._arrangement.words)):
                if index != active:
                    color = self._look.active_color if index < state[1] else self._look.color
                    put_over(self._word(index, color), picture)
            self._base = (state, picture)
        return self._base[1]

    def active(self, index: int, progress: float) -> tuple[Sprite, ...]:
        """Draw the spoken word; `progress` tells how much is sung (karaoke) or by how much it grows (pop)."""
        state = (index, progress)
        if self._active is None or self._active[0] != state:
            self._active = (state, self._draw_active(index, progress))
        return self._active[1]

    def _draw_active(self, index: int, progress: float) -> tuple[Sprite, ...]:
        match self._look.style:
            case "highlight":
                return (self._boxed(index),)
            case "karaoke":
                return self._filled(index, progress)
            case "pop":
                return (self._popped(index, progress),)
            case "phrase":
                return (self._word(index, self._look.color),)

    def _mask(self, index: int) -> WordMask:
        if index not in self._masks:
            self._masks[index] = draw_word(self._arrangement.words[index], self._proportions)
        return self._masks[index]

    def _word(self, index: int, color: Rgba) -> Sprite:
        if (index, color) not in self._words:
            self._words[index, color] = _painted(self._mask(index), color)
        return self._words[index, color]

    @cached_property
    def _block(self) -> Rect:
        """What the cue draws on, inside of its area and with even corners."""
        block, area = self._arrangement.block, self._arrangement.area
        left, top = max(area.left, block.left) // 2 * 2, max(area.top, block.top) // 2 * 2
        right, bottom = min(area.right, block.right + 1) // 2 * 2, min(area.bottom, block.bottom + 1) // 2 * 2
        return Rect(left, top, max(right, left + 2), max(bottom, top + 2))

    @cached_property
    def _shadow(self) -> Sprite:
        spread, drop = self._proportions.shadow_px
        words = [self._mask(index) for index in range(len(self._arrangement.words))]
        shadow = soft_shadow(words, self._block, spread, drop)
        alpha = SHADOW_ALPHA * self._look.color[3] // 255
        return paint([Layer(shadow, (*DARK, alpha))], self._block.left, self._block.top)

    def _boxed(self, index: int) -> Sprite:
        """Draw the word on a box in the active colour, in whichever of dark and white can be read on it."""
        word, text = self._arrangement.words[index], self._mask(index)
        red, green, blue, alpha = self._look.active_color
        pad, (rise, fall) = self._proportions.box_pad_px, self._proportions.box_rise_px
        x, y = word.x - pad, word.baseline - rise
        width, height = word.width_px + 2 * pad, rise + fall
        canvas = _even(Rect(x, y, x + width, y + height))
        radius = _BOX_RADIUS * self._proportions.size_px
        box = _onto(canvas, rounded_box(width, height, radius), x, y)
        letters = _onto(canvas, text.fill, text.x, text.y)
        if alpha >= _SOLID_ALPHA:
            layers = [Layer(letters, (*readable_on((red, green, blue)), 255))]
        else:
            outline = _onto(canvas, text.outline, text.x, text.y)
            layers = [Layer(letters, self._look.color), Layer(outline, outline_of(self._look.color))]
        return paint([*layers, Layer(box, self._look.active_color)], canvas.left, canvas.top)

    def _filled(self, index: int, progress: float) -> tuple[Sprite, ...]:
        """Cut the word where the voice stands: said in one colour, not yet said in the other."""
        mask = self._mask(index)
        said, rest = (self._word(index, color) for color in (self._look.active_color, self._look.color))
        height, width = mask.fill.shape
        share = min(1.0, progress)
        if direction_of(self._arrangement.words[index].text) == "rtl":
            said, rest, share = rest, said, 1 - share
        cut = round((mask.ink.left + (mask.ink.right - mask.ink.left) * share) / 2) * 2
        cut = {0.0: 0, 1.0: width}.get(share, min(cut, width))
        return part_of(said, Rect(0, 0, cut, height)), part_of(rest, Rect(cut, 0, width, height))

    def _popped(self, index: int, growth: float) -> Sprite:
        """Draw the word grown by a multiple of the growth that it rests at."""
        if self._grown is None or self._grown[0] != index:
            self._grown = (index, *self._grow(index))
        _, rest, mask = self._grown
        scale = (1 + (rest - 1) * growth) / rest
        return _painted(mask if abs(scale - 1) < 1e-6 else resized(mask, scale), self._look.active_color)

    def _grow(self, index: int) -> tuple[float, WordMask]:
        """Draw the word as large as it rests; long words grow less, so that they never touch others."""
        word, size_px = self._arrangement.words[index], self._proportions.size_px
        reach = self._proportions.pop_reach_px / POP_OVERSHOOT
        most = min(POP_REST, 1 + 2 * reach / max(1, word.width_px))
        larger = self._proportions.at_size(int(size_px * most))
        rest = larger.size_px / size_px
        center = self._mask(index).center_y
        grown = word._replace(
            x=word.x - (larger.word_width(word.text) - word.width_px) // 2,
            baseline=center + round((word.baseline - center) * rest),
        )
        room = 2 + int(word.width_px * (rest - 1) * (POP_OVERSHOOT - 1) / 2)
        return rest, draw_word(grown, larger, room)


def _painted(mask: WordMask, color: Rgba) -> Sprite:
    layers = [Layer(mask.fill, color)]
    if mask.outline is not mask.fill:
        layers.append(Layer(mask.outline, outline_of(color)))
    return paint(layers, mask.x, mask.y)


def _even(rect: Rect) -> Rect:
    """Widen to even corners."""
    return Rect(rect.left // 2 * 2, rect.top // 2 * 2, -(-rect.right // 2) * 2, -(-rect.bottom // 2) * 2)


def _onto(canvas: Rect, plane: Plane, x: int, y: int) -> Plane:
    mask = np.zeros((canvas.bottom - canvas.top, canvas.right - canvas.left), np.uint8)
    place(plane, x - canvas.left, y - canvas.top, mask)
    return mask
