"""All lengths of a caption's drawing at one font size, in pixels."""

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from ...media.lettering import FontStack, Lettering
from ...models.caption_plan import CaptionLook
from .marks import MARKS
from .text import Piece, Texts, Written

#: Size in pixels to which words are shrunk at most.
SMALLEST_PX = 1

#: Proportions of the drawing, in sizes of the font.
_CLEARANCE = 0.055
_ASCENT, _DESCENT = 0.98, 0.30


class Proportions:
    """All lengths of a caption's drawing at one font size, in pixels."""

    def __init__(self, look: CaptionLook, fonts: FontStack, size_px: int) -> None:
        self.look = look
        self.size_px = max(SMALLEST_PX, size_px)
        self._fonts, self.lettering = fonts, Lettering(fonts, self.size_px, look.tracking)
        scale = self.size_px / max(1, look.size_px)
        self.stroke_px = max(1, round(look.stroke_px * scale)) if look.stroke_px else 0
        self._mark = MARKS[look.mark.kind]

    @cached_property
    def _strong(self) -> Lettering:
        if self._fonts.strong is None and self.look.emphasis_percent == 100:
            return self.lettering
        size_px = max(SMALLEST_PX, round(self.size_px * self.look.emphasis_percent / 100))
        return Lettering(self._fonts.emphasised, size_px, self.look.tracking)

    def lettering_of(self, word: Written) -> Lettering:
        """Choose the letters of a word."""
        return self._strong if word.emphasised else self.lettering

    def at_size(self, size_px: int) -> "Proportions":
        """Make the same for another font size."""
        return Proportions(self.look, self._fonts, size_px)

    def px(self, share: float) -> int:
        """Turn a share of the font's size into whole pixels, rounded up."""
        return -int(-self.size_px * share // 1)

    def percent(self, percent: float) -> int:
        """Turn percents of the font's size into whole pixels, rounded up."""
        return self.px(percent / 100)

    @cached_property
    def gap_px(self) -> int:
        """Distance between words: nothing that is drawn around one may touch the next."""
        clear = self.px(_CLEARANCE) + self.stroke_px
        around = 2 * self.percent(self.look.box.pad_x) if self.look.box.kind == "word" else 0
        reach = max(self._mark.reach_px(self), around)
        return max(round(self.lettering.space_px), clear + reach)

    def gap_before(self, piece: Piece) -> int:
        """Distance of a word from the one before it."""
        return round(self.lettering_of(piece).joint_px(piece.text)) if piece.joined else self.gap_px

    @cached_property
    def shadow_reach_px(self) -> tuple[int, int, int, int]:
        """How far the shadow reaches beyond words: left, up, right, down."""
        shadow = self.look.shadow
        if shadow.kind == "none":
            return 0, 0, 0, 0
        blur = self.percent(shadow.blur) if shadow.kind == "soft" else 0
        x, y = self.shadow_fall_px
        return max(0, blur - x), max(1, blur - y), max(0, blur + x), max(0, blur + y)

    @property
    def shadow_fall_px(self) -> tuple[int, int]:
        """How far the shadow falls to the right and down."""
        return self.percent(self.look.shadow.x), self.percent(self.look.shadow.y)

    @cached_property
    def side_px(self) -> int:
        """What is drawn beyond a line's first and last letter."""
        left, _, right, _ = self.shadow_reach_px
        around = self.percent(self.look.box.pad_x) if self.look.box.kind != "none" else 0
        mark = self._mark.side_px(self)
        return max(self.stroke_px + max(left, right), mark, around)

    @cached_property
    def capital_px(self) -> int:
        """Height of capital letters."""
        return -int(self.lettering.ink("H")[1] // 1)

    @cached_property
    def fall_px(self) -> int:
        """How far letters reach below the baseline; capitals do not."""
        letter = "H" if self.look.casing == "upper" else "g"
        return max(0, -int(-self.lettering.ink(letter)[3] // 1))

    def pen_px(self, word: Written) -> int:
        """Tell where the pen starts, from the left edge: some letters reach back over it."""
        return max(0, -int(self.lettering_of(word).ink(word.text)[0] // 1))

    def word_width(self, word: Written) -> int:
        """Tell how wide a word is without what is drawn around it."""
        lettering = self.lettering_of(word)
        right = max(lettering.length(word.text), lettering.ink(word.text)[2])
        return self.pen_px(word) - int(-right // 1)

    def line_width(self, words: Sequence[Piece]) -> int:
        """Tell how wide a line is with everything."""
        gaps = sum(self.gap_before(word) for word in words[1:])
        return sum(self.word_width(word) for word in words) + gaps + 2 * self.side_px

    def ink_rise(self, words: Sequence[Written]) -> tuple[int, int]:
        """Tell how far a line's letters and outlines reach upwards and downwards from the baseline."""
        boxes = [self.lettering_of(word).ink(word.text) for word in words]
        up, down = max(-box[1] for box in boxes), max(box[3] for box in boxes)
        return -int(-up // 1) + self.stroke_px, -int(-down // 1) + self.stroke_px

    def marked_rise(self, words: Sequence[Written]) -> tuple[int, int]:
        """Tell the same for when one of the words is spoken."""
        up, down = self._mark.rise_px(self, *self.ink_rise(words))
        if self.look.box.kind != "word":
            return up, down
        above, below = self.box_rise(words)
        return max(up, above), max(down, below)

    def box_rise(self, words: Sequence[Written]) -> tuple[int, int]:
        """Tell how far the box behind words reaches upwards and downwards from the baseline."""
        pad, (up, down) = self.percent(self.look.box.pad_y), self.ink_rise(words)
        return max(self.capital_px + pad, up), max(self.fall_px + pad, down)

    def pitch_px(self, upper: Sequence[Piece], lower: Sequence[Piece]) -> int:
        """Tell the distance between two baselines: letters that reach far push their lines apart."""
        up, down = self.ink_rise(lower)[0], self.ink_rise(upper)[1]
        marked_up, marked_down = self.marked_rise(lower)[0], self.marked_rise(upper)[1]
        both = max(marked_up + down, up + marked_down)
        if self.look.box.kind == "word":
            both = marked_up + marked_down
        return max(self.percent(self.look.line_height_percent), both + self.px(_CLEARANCE))

    def block_rise_px(self, first: Sequence[Piece], last: Sequence[Piece]) -> tuple[int, int]:
        """Tell what is drawn above the first line's and below the last line's baseline.

        Common letters and their accents all take the same room, so that captions do not jump.
        """
        nominal = self.px(_ASCENT) + self.stroke_px, self.px(_DESCENT) + self.stroke_px
        above, below = self._mark.rise_px(self, *nominal)
        up, down = max(above, self.marked_rise(first)[0]), max(below, self.marked_rise(last)[1])
        _, shadow_up, _, shadow_down = self.shadow_reach_px
        up, down = up + shadow_up, down + shadow_down
        if self.look.box.kind in ("line", "block"):
            return max(up, self.box_rise(first)[0]), max(down, self.box_rise(last)[1])
        return up, down

    def baselines(self, lines: Texts) -> list[int]:
        """Tell where the baselines stand, counted from the top of the block."""
        baselines = [self.block_rise_px(lines[0], lines[-1])[0]]
        for upper, lower in pairwise(lines):
            baselines.append(baselines[-1] + self.pitch_px(upper, lower))
        return baselines

    def block_height(self, lines: Texts) -> int:
        """Tell how high a block of lines is with everything."""
        return self.baselines(lines)[-1] + self.block_rise_px(lines[0], lines[-1])[1]
