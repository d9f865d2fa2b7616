"""Where captions stand: the part of the frame that is theirs, and every word's place in it."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from PIL import ImageFont

from ...media.fonts import load_font, weight_of
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
_BOX_TOP, _BOX_BOTTOM = 0.90, 0.31
_CLEARANCE = 0.055
_POP_REACH = 0.24
_ASCENT, _DESCENT = 0.98, 0.30
#: What a grown word of the style `pop` takes up and down beyond that.
_POP_RISE, _POP_FALL = 0.11, 0.08
_PITCH = 1.26
_CAP_RISE = 0.75
_SHADOW_REACH, _SHADOW_DROP = 0.13, 0.05


class Rect(NamedTuple):
    """A part of the frame: `right` and `bottom` are the first pixels outside."""

    left: int
    top: int
    right: int
    bottom: int


class Word(NamedTuple):
    """A word with the place of its origin: where its pen starts, on the baseline."""

    text: str
    x: int
    baseline: int
    width_px: int


class Arrangement(NamedTuple):
    """A cue set at one size; `words` are in order of reading, whatever side they stand on."""

    proportions: "Proportions"
    words: tuple[Word, ...]
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


def caption_measure(look: CaptionLook, font_file: Path) -> Callable[[str], float]:
    """Make the function that tells how wide a line of words is, with all that is drawn around it."""
    proportions = Proportions(look, font_file, look.size_px)
    return lambda text: proportions.line_width(text.split())


class Proportions:
    """All lengths of a caption's drawing at one font size, in pixels."""

    def __init__(self, look: CaptionLook, font_file: Path, size_px: int) -> None:
        self.look = look
        self.size_px = max(_SMALLEST_PX, size_px)
        self._font_file = font_file
        scale = self.size_px / max(1, look.size_px)
        self.stroke_px = max(1, round(look.stroke_px * scale)) if look.stroke_px else 0

    def at_size(self, size_px: int) -> "Proportions":
        """Make the same for another font size."""
        return Proportions(self.look, self._font_file, size_px)

    @property
    def font(self) -> ImageFont.FreeTypeFont:
        """The font, for the calling thread."""
        return load_font(self._font_file, self.size_px, weight_of(self.look.font))

    def px(self, share: float) -> int:
        """Turn a share of the font's size into whole pixels, rounded up."""
        return -int(-self.size_px * share // 1)

    @cached_property
    def gap_px(self) -> int:
        """Distance between words: nothing that is drawn around one may touch the next."""
        clear = self.px(_CLEARANCE) + self.stroke_px
        reach = {"highlight": self.px(_BOX_PAD), "pop": self.pop_reach_px + self.stroke_px}
        return max(round(self.font.getlength(" ")), clear + reach.get(self.look.style, self.stroke_px))

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

    def word_width(self, text: str) -> int:
        """Tell how wide a word is without what is drawn around it."""
        return -int(-self.font.getlength(text) // 1)

    def line_width(self, words: list[str]) -> int:
        """Tell how wide a line is with everything."""
        return sum(map(self.word_width, words)) + self.gap_px * max(0, len(words) - 1) + 2 * self.side_px

    @property
    def pitch_px(self) -> int:
        """Distance from one baseline to the next."""
        return max(self.px(_PITCH), self.px(_CAP_RISE + _DESCENT) + 2 * self.stroke_px)

    def block_rise_px(self) -> tuple[int, int]:
        """What is drawn above the first and below the last baseline."""
        reach, drop = self.shadow_px
        up, down = (_POP_RISE, _POP_FALL) if self.look.style == "pop" else (0.0, 0.0)
        return (
            self.px(_ASCENT + up) + self.stroke_px + max(1, reach - drop),
            self.px(_DESCENT + down) + self.stroke_px + reach + drop,
        )

    def block_height(self, lines: int) -> int:
        """Tell how high a block of lines is with everything."""
        return sum(self.block_rise_px()) + (lines - 1) * self.pitch_px


def arrange(
    lines: tuple[tuple[str, ...], ...], look: CaptionLook, font_file: Path, size: tuple[int, int]
) -> Arrangement:
    """Place the words of a cue in a frame of (width, height); what does not fit is set smaller."""
    area = safe_rect(*size, look.safe_area)
    proportions = _fitting(lines, look, font_file, area)
    rise, _ = proportions.block_rise_px()
    baseline = _block_top(proportions.block_height(len(lines)), look, area, size[1]) + rise
    words: list[Word] = []
    for texts in lines:
        words += _place_line(texts, baseline, proportions, (area.left + area.right) // 2)
        baseline += proportions.pitch_px
    return Arrangement(proportions, tuple(words), area)


def _fitting(
    lines: tuple[tuple[str, ...], ...], look: CaptionLook, font_file: Path, area: Rect
) -> Proportions:
    proportions = Proportions(look, font_file, look.size_px)
    while proportions.size_px > _SMALLEST_PX:
        width = max(proportions.line_width(list(texts)) for texts in lines)
        height = proportions.block_height(len(lines))
        room = min((area.right - area.left) / width, (area.bottom - area.top) / height)
        if room >= 1:
            break
        smaller = min(proportions.size_px - 1, int(proportions.size_px * room))
        proportions = proportions.at_size(smaller)
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
