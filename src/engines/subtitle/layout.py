"""Where captions stand: the part of the frame that is theirs, and every word's place in it."""

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from ...media.lettering import FontStack, Lettering
from ...models.timeline import CaptionLook
from .direction import visual_order

#: Share of a phone-shaped frame that platforms cover with their own buttons and titles: top, bottom and the
#: wider one of left and right (the block stays centred, so its width is limited on both sides alike).
#: Source: TikTok covers about 14 % on top, 6 % left, 12 % right; Shorts covers the lowest 25 %.
COVERED_TOP, COVERED_BOTTOM, COVERED_SIDE = 0.14, 0.25, 0.12
#: Height over width from which a frame fills a phone; wider frames are shown beside the buttons.
PHONE_SHAPE = 1.5
#: Share of the frame that stays free on each side of other frames, and without the safe area.
MARGIN = 0.05
#: Size in pixels to which words are shrunk at most.
_SMALLEST_PX = 1

#: Proportions of the drawing, in sizes of the font.
_BOX_PAD = 0.15
_BOX_TOP, _BOX_BOTTOM = 0.92, 0.29
_CLEARANCE = 0.055
_POP_REACH = 0.24
_ASCENT, _DESCENT = 0.98, 0.30
#: What a grown word of the style `pop` takes up and down beyond that.
_POP_RISE, _POP_FALL = 0.11, 0.08
_PITCH = 1.26
_SHADOW_REACH, _SHADOW_DROP = 0.13, 0.05


#: Lines of words.
Texts = tuple[tuple[str, ...], ...]


class Rect(NamedTuple):
    """A part of the frame: `right` and `bottom` are the first pixels outside."""

    left: int
    top: int
    right: int
    bottom: int


class Word(NamedTuple):
    """A word and its place: its left edge, and the baseline that it stands on."""

    text: str
    x: int
    baseline: int
    width_px: int


class Arrangement(NamedTuple):
    """A cue set at one size; `words` are in order of reading, whatever side they stand on."""

    proportions: "Proportions"
    words: tuple[Word, ...]
    block: Rect
    """What is drawn on, all lines with everything around them."""
    area: Rect
    """What nothing may be drawn outside of."""


def safe_rect(width: int, height: int, safe_area: bool) -> Rect:
    """Find the part of the frame that captions may use; its corners are even."""
    covered = safe_area and height >= PHONE_SHAPE * width
    top, bottom, side = (COVERED_TOP, COVERED_BOTTOM, COVERED_SIDE) if covered else (MARGIN, MARGIN, MARGIN)
    left, upper = -(-int(width * side) // 2) * 2, -(-int(height * top) // 2) * 2
    return Rect(left, upper, width - left, height - -(-int(height * bottom) // 2) * 2)


def caption_width_px(width: int, height: int, safe_area: bool) -> int:
    """Tell how wide a line of captions may be."""
    area = safe_rect(width, height, safe_area)
    return area.right - area.left


def caption_measure(look: CaptionLook, fonts: FontStack) -> Callable[[str], float]:
    """Make the function that tells how wide a line of words is, with all that is drawn around it."""
    proportions = Proportions(look, fonts, look.size_px)
    return lambda text: proportions.line_width(text.split())


class Proportions:
    """All lengths of a caption's drawing at one font size, in pixels."""

    def __init__(self, look: CaptionLook, fonts: FontStack, size_px: int) -> None:
        self.look = look
        self.size_px = max(_SMALLEST_PX, size_px)
        self._fonts, self.lettering = fonts, Lettering(fonts, self.size_px)
        scale = self.size_px / max(1, look.size_px)
        self.stroke_px = max(1, round(look.stroke_px * scale)) if look.stroke_px else 0

    def at_size(self, size_px: int) -> "Proportions":
        """Make the same for another font size."""
        return Proportions(self.look, self._fonts, size_px)

    def px(self, share: float) -> int:
        """Turn a share of the font's size into whole pixels, rounded up."""
        return -int(-self.size_px * share // 1)

    @cached_property
    def gap_px(self) -> int:
        """Distance between words: nothing that is drawn around one may touch the next."""
        clear = self.px(_CLEARANCE) + self.stroke_px
        reach = {"highlight": self.px(_BOX_PAD), "pop": self.pop_reach_px + self.stroke_px}
        return max(round(self.lettering.space_px), clear + reach.get(self.look.style, self.stroke_px))

    @cached_property
    def pop_reach_px(self) -> int:
        """How far a spoken word may grow on either side."""
        return self.px(_POP_REACH)

    @cached_property
    def box_pad_px(self) -> int:
        """What the box is wider than its word on either side."""
        return self.px(_BOX_PAD)

    @property
    def box_rise_px(self) -> tuple[int, int]:
        """Top and bottom of the box, upwards and downwards from the baseline."""
        return self.px(_BOX_TOP), self.px(_BOX_BOTTOM)

    @property
    def shadow_px(self) -> tuple[int, int]:
        """How far the shadow spreads, and how far it falls."""
        return self.px(_SHADOW_REACH), self.px(_SHADOW_DROP)

    @cached_property
    def side_px(self) -> int:
        """What is drawn beyond a line's first and last letter."""
        reach = {"highlight": self.box_pad_px, "pop": self.pop_reach_px + self.stroke_px + 1}
        return max(self.stroke_px + self.px(_SHADOW_REACH), reach.get(self.look.style, 0))

    def ink(self, text: str) -> tuple[float, float, float, float]:
        """Tell where the letters of a word lie (left, top, right, bottom) from where the pen starts."""
        return self.lettering.ink(text)

    def pen_px(self, text: str) -> int:
        """Tell where the pen starts, from the left edge: some letters reach back over it."""
        return max(0, -int(self.ink(text)[0] // 1))

    def word_width(self, text: str) -> int:
        """Tell how wide a word is without what is drawn around it."""
        right = max(self.lettering.length(text), self.ink(text)[2])
        return self.pen_px(text) - int(-right // 1)

    def line_width(self, words: Sequence[str]) -> int:
        """Tell how wide a line is with everything."""
        return sum(map(self.word_width, words)) + self.gap_px * max(0, len(words) - 1) + 2 * self.side_px

    def ink_rise(self, words: Sequence[str]) -> tuple[int, int]:
        """Tell how far a line's letters and outlines reach upwards and downwards from the baseline."""
        boxes = [self.ink(word) for word in words]
        up, down = max(-box[1] for box in boxes), max(box[3] for box in boxes)
        return -int(-up // 1) + self.stroke_px, -int(-down // 1) + self.stroke_px

    def marked_rise(self, words: Sequence[str]) -> tuple[int, int]:
        """Tell the same for when one of the words is spoken."""
        up, down = self.ink_rise(words)
        if self.look.style == "highlight":
            return max(up, self.px(_BOX_TOP)), max(down, self.px(_BOX_BOTTOM))
        if self.look.style == "pop":
            return up + self.px(_POP_RISE), down + self.px(_POP_FALL)
        return up, down

    def pitch_px(self, upper: Sequence[str], lower: Sequence[str]) -> int:
        """Tell the distance between two baselines: letters that reach far push their lines apart."""
        up, down = self.ink_rise(lower)[0], self.ink_rise(upper)[1]
        marked_up, marked_down = self.marked_rise(lower)[0], self.marked_rise(upper)[1]
        return max(self.px(_PITCH), max(marked_up + down, up + marked_down) + self.px(_CLEARANCE))

    def block_rise_px(self, first: Sequence[str], last: Sequence[str]) -> tuple[int, int]:
        """Tell what is drawn above the first line's and below the last line's baseline.

        Common letters and their accents all take the same room, so that captions do not jump.
        """
        reach, drop = self.shadow_px
        extra_up, extra_down = (_POP_RISE, _POP_FALL) if self.look.style == "pop" else (0.0, 0.0)
        up = max(self.px(_ASCENT + extra_up) + self.stroke_px, self.marked_rise(first)[0])
        down = max(self.px(_DESCENT + extra_down) + self.stroke_px, self.marked_rise(last)[1])
        return up + max(1, reach - drop), down + reach + drop

    def baselines(self, lines: Texts) -> list[int]:
        """Tell where the baselines stand, counted from the top of the block."""
        baselines = [self.block_rise_px(lines[0], lines[-1])[0]]
        for upper, lower in pairwise(lines):
            baselines.append(baselines[-1] + self.pitch_px(upper, lower))
        return baselines

    def block_height(self, lines: Texts) -> int:
        """Tell how high a block of lines is with everything."""
        return self.baselines(lines)[-1] + self.block_rise_px(lines[0], lines[-1])[1]


def arrange(lines: Texts, look: CaptionLook, fonts: FontStack, size: tuple[int, int]) -> Arrangement:
    """Place the words of a cue in a frame of (width, height); what does not fit is set smaller."""
    area = safe_rect(*size, look.safe_area)
    proportions = _fitting(lines, Proportions(look, fonts, look.size_px), area)
    top = _block_top(proportions.block_height(lines), look, area, size[1])
    center_px = (area.left + area.right) // 2
    words: list[Word] = []
    for texts, baseline in zip(lines, proportions.baselines(lines), strict=True):
        words += _place_line(texts, top + baseline, proportions, center_px)
    rise, fall = proportions.block_rise_px(lines[0], lines[-1])
    block = Rect(
        min(word.x for word in words) - proportions.side_px,
        words[0].baseline - rise,
        max(word.x + word.width_px for word in words) + proportions.side_px,
        words[-1].baseline + fall,
    )
    return Arrangement(proportions, tuple(words), block, area)


def _fitting(lines: Texts, proportions: Proportions, area: Rect) -> Proportions:
    while proportions.size_px > _SMALLEST_PX:
        width = max(proportions.line_width(texts) for texts in lines)
        height = proportions.block_height(lines)
        room = min((area.right - area.left) / width, (area.bottom - area.top) / height)
        if room >= 1:
            break
        proportions = proportions.at_size(min(proportions.size_px - 1, int(proportions.size_px * room)))
    return proportions


def _block_top(height: int, look: CaptionLook, area: Rect, frame_height: int) -> int:
    tops = {"top": area.top, "center": (frame_height - height) // 2, "bottom": area.bottom - height}
    return max(area.top, min(tops[look.position], area.bottom - height))


def _place_line(
    texts: tuple[str, ...], baseline: int, proportions: Proportions, center_px: int
) -> list[Word]:
    widths = [proportions.word_width(text) for text in texts]
    x = center_px - (sum(widths) + proportions.gap_px * (len(texts) - 1)) // 2
    starts = [0] * len(texts)
    for index in visual_order(texts):
        starts[index] = x
        x += widths[index] + proportions.gap_px
    return [Word(text, x, baseline, width) for text, x, width in zip(texts, starts, widths, strict=True)]
