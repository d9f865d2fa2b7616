"""The spoken word changes its size."""

from typing import TYPE_CHECKING, NamedTuple

from ....media.planes import Sprite
from ..curves import CURVES
from ..wordmask import WordMask, draw_word, resized
from .mark import Moving

if TYPE_CHECKING:
    from ..art import CueArt
    from ..proportions import Proportions

#: What a word adds to a space for each part that it grows, and the most, in sizes of the font: what it needs
#: more it takes from the space itself, or gaps would be wide wherever nothing grows.
_REACH, _LONGEST_REACH = 1.4, 0.08
#: How near letters may come to those of the next word, beside the outline, in sizes of the font.
_NEAREST = 0.07
#: Width of the longest words, in sizes of the font: they fill a line.
_LONGEST = 12.0
#: What a word takes on either side where there is no gap: its own sides give some room.
_TIED_ROOM = 0.03
#: What it takes up and down.
_UP, _DOWN = 0.628, 0.457


class Growth(NamedTuple):
    """A word at the size that it rests at, and how far it may grow from there."""

    rest: float
    most: float
    mask: WordMask


class Grown(Moving):
    """Grows the word in the active colour over the spaces beside it.

    Outlines may run together; long words grow less, so that no outline lies on letters.
    """

    keeps_size = False

    def reach_px(self, lengths: "Proportions") -> int:
        """Leave it some room to grow, and its outline."""
        longest = lengths.px(min(_LONGEST_REACH, max(0.0, (_peak(lengths) - 1) * _REACH)))
        return longest + lengths.stroke_px

    def side_px(self, lengths: "Proportions") -> int:
        """Leave it room to grow, and its outline."""
        return _room_px(lengths) + lengths.stroke_px + 1

    def rise_px(self, lengths: "Proportions", up: int, down: int) -> tuple[int, int]:
        """Reach as far as at its largest."""
        growth = max(0.0, _peak(lengths) - 1)
        return up + lengths.px(growth * _UP), down + lengths.px(growth * _DOWN)

    def draw(self, art: "CueArt", index: int, progress: float) -> tuple[Sprite, ...]:
        """Draw the word at the size that it has come to."""
        growth = art.kept(index, lambda: _growth(art, index))
        start = art.look.mark.start / 100
        size = min(growth.most, start + (growth.rest - start) * progress)
        scale = size / growth.rest
        mask = growth.mask if abs(scale - 1) < 1e-6 else resized(growth.mask, scale)
        return (art.painted(mask, art.marking_color(index)),)


def _peak(lengths: "Proportions") -> float:
    mark = lengths.look.mark
    return (mark.start + (mark.scale - mark.start) * CURVES[mark.easing].peak) / 100


def _room_px(lengths: "Proportions") -> int:
    """Tell how far a word grows into a gap at most: its outline ends before the letters there begin."""
    gap_px = lengths.gap_px - lengths.stroke_px - lengths.px(_NEAREST)
    return max(0, min(gap_px, lengths.px((_peak(lengths) - 1) * _LONGEST / 2)))


def _growth(art: "CueArt", index: int) -> Growth:
    word, lengths = art.words[index], art.proportions
    room_px = lengths.px(_TIED_ROOM) if any(word.tied) else _room_px(lengths)
    peak = CURVES[art.look.mark.easing].peak if art.look.mark.scale > art.look.mark.start else 1.0
    wanted = min(art.look.mark.scale / 100, 1 + 2 * room_px / peak / max(1, word.width_px))
    larger = lengths.at_size(int(lengths.size_px * wanted))
    rest = larger.size_px / lengths.size_px
    most = max(rest, 1 + 2 * room_px / max(1, word.width_px))
    center = art.mask(index).center_y
    grown = word._replace(
        x=word.x - (larger.word_width(word) - word.width_px) // 2,
        baseline=center + round((word.baseline - center) * rest),
    )
    room = 2 + int(word.width_px * max(0.0, min(most, _peak(lengths)) - rest) / 2)
    return Growth(rest, most, draw_word(grown, larger, room))
