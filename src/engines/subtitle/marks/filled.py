"""Karaoke: the word fills while it is spoken."""

from typing import TYPE_CHECKING

from ....media.planes import Sprite
from ..direction import direction_of
from ..geometry import Rect
from ..paint import part_of
from .mark import Mark, Moment

if TYPE_CHECKING:
    from ..art import CueArt


class Filled(Mark):
    """Cuts the word where the voice stands: said in one colour, not yet said in the other."""

    def progress(self, moment: Moment, art: "CueArt") -> float:
        """Tell what share of the word has been said."""
        return moment.age / moment.word

    def draw(self, art: "CueArt", index: int, progress: float) -> tuple[Sprite, ...]:
        """Draw the said part from the side where reading begins."""
        mask = art.mask(index)
        said, rest = (art.word(index, art.resting_color(index, is_said=told)) for told in (True, False))
        height, width = mask.fill.shape
        share = min(1.0, progress)
        if direction_of(art.words[index].text) == "rtl":
            said, rest, share = rest, said, 1 - share
        cut = round((mask.ink.left + (mask.ink.right - mask.ink.left) * share) / 2) * 2
        cut = {0.0: 0, 1.0: width}.get(share, min(cut, width))
        return part_of(said, Rect(0, 0, cut, height)), part_of(rest, Rect(cut, 0, width, height))
