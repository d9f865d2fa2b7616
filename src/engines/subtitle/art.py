"""The pictures of one cue: each word drawn once, put together for each state that is shown."""

from collections.abc import Callable
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np

from ...media.emoji import Pixels
from ...media.planes import Sprite
from ...models.caption_plan import CaptionLook
from ...models.colors import rgba_of
from ...models.planned import Rgba
from .boxes import box_mask
from .colors import outline_of
from .geometry import Rect
from .layout import Arrangement
from .marks import MARKS
from .paint import Layer, copy_of, paint, part_of, put_over
from .shadows import shadow_of
from .wordmask import WordMask, draw_word

_T = TypeVar("_T")


class CueArt:
    """Draws one cue: nothing before it is asked for, and nothing twice in a row."""

    def __init__(self, arrangement: Arrangement, look: CaptionLook) -> None:
        self._arrangement, self.look = arrangement, look
        self.area, self.words = arrangement.area, arrangement.words
        self.proportions = arrangement.proportions
        self.mark = MARKS[look.mark.kind]
        self._masks: dict[int, WordMask] = {}
        self._words: dict[tuple[int, Rgba], Sprite] = {}
        self._ground: tuple[int, Sprite] | None = None
        self._base: tuple[tuple[int | None, int, int], Sprite] | None = None
        self._active: tuple[tuple[int, float], tuple[Sprite, ...]] | None = None
        self._kept: tuple[int, Any] | None = None

    def base(self, active: int | None, spoken: int) -> Sprite:
        """Draw what lies below, and all words but the active one; the first `spoken` have been said."""
        apart = active if self.mark.is_apart else None
        seen = spoken if self.look.words == "spoken" else len(self.words)
        state = (apart, spoken if self._changes_when_said else 0, seen)
        if self._base is None or self._base[0] != state:
            # A word that has just appeared and still grows is smaller than its shadow.
            is_growing = self.look.words == "spoken" and not self.mark.keeps_size and apart == seen - 1
            picture = copy_of(self._ground_of(seen - 1 if is_growing else seen))
            for index in range(seen):
                if index != apart:
                    is_said = self._changes_when_said and index < spoken
                    put_over(self.word(index, self.resting_color(index, is_said=is_said)), picture)
            self._base = (state, picture)
        return self._base[1]

    def parts(self, picture: Sprite, first: int, end: int) -> tuple[list[Sprite], Sprite, list[Sprite]]:
        """Cut some lines out of a picture of the cue: what is above, they, what is below, if anything is."""
        width, height = picture.color.size
        lines = self.words[-1].line + 1
        top = self._row(first, picture) if first else 0
        bottom = self._row(end, picture) if end < lines else height
        above, coming, below = (
            part_of(picture, Rect(0, start, width, stop))
            for start, stop in pairwise([0, top, bottom, height])
        )
        return [above] if first else [], coming, [below] if end < lines else []

    def _row(self, line: int, picture: Sprite) -> int:
        """Find the row of a picture that parts a line from the one above it."""
        return min(max(self._arrangement.border_px(line) - picture.y, 0), picture.color.size[1])

    def active(self, index: int, progress: float) -> tuple[Sprite, ...]:
        """Draw the spoken word; `progress` tells how far its mark is."""
        state = (index, progress)
        if self._active is None or self._active[0] != state:
            self._active = (state, self.mark.draw(self, index, progress))
        return self._active[1]

    def mask(self, index: int) -> WordMask:
        """Draw the letters of a word, once."""
        if index not in self._masks:
            self._masks[index] = draw_word(self.words[index], self.proportions)
        return self._masks[index]

    def word(self, index: int, color: Rgba) -> Sprite:
        """Paint a word in a colour, once."""
        if (index, color) not in self._words:
            self._words[index, color] = self.painted(self.mask(index), color)
        return self._words[index, color]

    def painted(self, mask: WordMask, color: Rgba, outline: Rgba | None = None) -> Sprite:
        """Paint letters in a colour, with the outline that it has unless another is given."""
        layers = [Layer(mask.fill, color)]
        if mask.outline is not mask.fill:
            layers.append(Layer(mask.outline, outline or self.outline_color(color)))
        return paint(layers, mask.x, mask.y, mask.picture)

    def kept(self, index: int, make: Callable[[], _T]) -> _T:
        """Keep what a mark makes of one word until it marks another."""
        if self._kept is None or self._kept[0] != index:
            self._kept = (index, make())
        made: _T = self._kept[1]
        return made

    def marking_color(self, index: int) -> Rgba:
        """Choose what a spoken word is marked with."""
        return self.look.emphasis_color if self.words[index].emphasised else self.look.active_color

    def resting_color(self, index: int, *, is_said: bool) -> Rgba:
        """Choose the colour of a word that is not spoken now."""
        if self.words[index].emphasised and (is_said or self.look.mark.kind != "fill"):
            return self.look.emphasis_color
        return self.look.said_color if is_said else self.look.color

    def outline_color(self, color: Rgba) -> Rgba:
        """Choose the outline of letters in a colour."""
        own = self.look.stroke_color
        return (*own[:3], own[3] * color[3] // 255) if own else outline_of(color)

    def picture_on(self, canvas: Rect, index: int) -> Pixels | None:
        """Place what has colours of its own in a word on a part of the frame."""
        mask = self.mask(index)
        if mask.picture is None:
            return None
        picture = np.zeros((*canvas.size[::-1], 4), np.uint8)
        height, width = mask.fill.shape
        left, top = mask.x - canvas.left, mask.y - canvas.top
        from_x, from_y = max(0, -left), max(0, -top)
        to_x, to_y = min(width, canvas.size[0] - left), min(height, canvas.size[1] - top)
        picture[top + from_y : top + to_y, left + from_x : left + to_x] = mask.picture[
            from_y:to_y, from_x:to_x
        ]
        return picture

    @cached_property
    def _changes_when_said(self) -> bool:
        return self.look.mark.kind == "fill" or self.look.said_color != self.look.color

    @cached_property
    def _block(self) -> Rect:
        """What the cue draws on, inside of its area and with even corners."""
        block, area = self._arrangement.block, self._arrangement.area
        left, top = max(area.left, block.left) // 2 * 2, max(area.top, block.top) // 2 * 2
        right, bottom = min(area.right, block.right + 1) // 2 * 2, min(area.bottom, block.bottom + 1) // 2 * 2
        return Rect(left, top, max(right, left + 2), max(bottom, top + 2))

    def _ground_of(self, seen: int) -> Sprite:
        """Draw the shadow and the boxes of the words that are seen."""
        if self._ground is None or self._ground[0] != seen:
            self._ground = (seen, paint(self._ground_layers(seen), self._block.left, self._block.top))
        return self._ground[1]

    def _ground_layers(self, seen: int) -> list[Layer]:
        shadow, box, lengths = self.look.shadow, self.look.box, self.proportions
        layers = []
        if shadow.kind != "none":
            masks = [self.mask(index) for index in range(seen)]
            mask = shadow_of(masks, shadow, self._block, lengths.shadow_fall_px, lengths.percent(shadow.blur))
            *rgb, alpha = rgba_of(shadow.color)
            alpha = alpha * round(shadow.opacity * 2.55) // 255 * self.look.color[3] // 255
            layers.append(Layer(mask, (rgb[0], rgb[1], rgb[2], alpha)))
        if box.kind != "none":
            layers.append(Layer(box_mask(self.words[:seen], lengths, self._block), rgba_of(box.color)))
        return layers or [Layer(np.zeros(self._block.size[::-1], np.uint8), (0, 0, 0, 0))]
