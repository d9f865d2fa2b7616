"""Karaoke: the word fills while it is spoken."""

from itertools import pairwise
from typing import TYPE_CHECKING

from ....media.planes import Sprite
from ..geometry import Rect
from ..paint import part_of
from ..reading import spans_of
from ..wordmask import WordMask
from .mark import Mark, Moment

if TYPE_CHECKING:
    from ..art import CueArt

#: Shares that only rounding keeps from 0 and 1.
_SLIGHT = 1e-9


class Filled(Mark):
    """Cuts the word where the voice stands: said in one colour, not yet said in the other."""

    def progress(self, moment: Moment, art: "CueArt") -> float:
        """Tell what share of the word has been said."""
        return moment.age / moment.word

    def draw(self, art: "CueArt", index: int, progress: float) -> tuple[Sprite, ...]:
        """Draw the said part of each run of letters from the side where reading begins."""
        mask, word = art.mask(index), art.words[index]
        said, rest = (art.word(index, art.resting_color(index, is_said=told)) for told in (True, False))
        parts = list[Sprite]()
        left_to_say = min(1.0, progress)
        for span in art.kept(index, lambda: spans_of(word.text, art.proportions.lettering_of(word))):
            said_here = min(left_to_say, span.right - span.left)
            left_to_say -= said_here
            cut = span.right - said_here if span.is_rtl else span.left + said_here
            sides = [_column(mask, share) for share in (span.left, cut, span.right)]
            for sprite, (left, right) in zip(
                (rest, said) if span.is_rtl else (said, rest), pairwise(sides), strict=True
            ):
                parts.append(part_of(sprite, Rect(left, 0, right, mask.fill.shape[0])))
        return tuple(parts)


def _column(mask: WordMask, share: float) -> int:
    """Find the even column at a share of a word's letters; all that is around them goes with them."""
    width = mask.fill.shape[1]
    column = round((mask.ink.left + (mask.ink.right - mask.ink.left) * share) / 2) * 2
    return 0 if share <= _SLIGHT else width if share >= 1 - _SLIGHT else min(column, width)
