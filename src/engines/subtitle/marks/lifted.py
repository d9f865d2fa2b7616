"""The spoken word jumps up."""

from typing import TYPE_CHECKING

from ....media.planes import Sprite
from ..curves import CURVES
from ..paint import moved
from .mark import Moving

if TYPE_CHECKING:
    from ..art import CueArt
    from ..proportions import Proportions


class Lifted(Moving):
    """Lifts the word in the active colour above its line."""

    def rise_px(self, lengths: "Proportions", up: int, down: int) -> tuple[int, int]:
        """Reach as high as it jumps."""
        mark = lengths.look.mark
        return up + lengths.percent(mark.rise * CURVES[mark.easing].peak), down

    def draw(self, art: "CueArt", index: int, progress: float) -> tuple[Sprite, ...]:
        """Draw the word where it has come to."""
        up_px = art.proportions.size_px * art.look.mark.rise / 100 * progress
        return (moved(art.word(index, art.marking_color(index)), 0, -up_px),)
