"""What every mark answers: the room it takes around a word, how far it is at a frame, and its picture."""

from typing import TYPE_CHECKING, NamedTuple

from ....media.planes import Sprite
from ..curves import CURVES

if TYPE_CHECKING:
    from ..art import CueArt
    from ..proportions import Proportions


class Moment(NamedTuple):
    """Where the voice stands in the spoken word, in frames."""

    age: int
    """Frames of the word that have been shown, this one included."""
    word: int
    """All frames of the word."""
    settling: int
    """Frames that a movement takes, at least one."""


class Mark:
    """Marks a word; the defaults are those of a mark that takes no room and does not move."""

    is_apart = True
    """Whether the spoken word is drawn by the mark, instead of with the others."""
    keeps_size = True
    """Whether the marked word is as large as the others, and as its shadow."""

    def reach_px(self, lengths: "Proportions") -> int:
        """How near the next word may stand."""
        return lengths.stroke_px

    def side_px(self, lengths: "Proportions") -> int:
        """What is drawn beyond a word at the end of a line."""
        return 0

    def rise_px(self, lengths: "Proportions", up: int, down: int) -> tuple[int, int]:
        """How far a marked word reaches up and down, whose letters reach `up` and `down`."""
        return up, down

    def progress(self, moment: Moment, art: "CueArt") -> float:
        """How far the mark is; words are drawn anew only when this changes."""
        return 0.0

    def draw(self, art: "CueArt", index: int, progress: float) -> tuple[Sprite, ...]:
        """Draw the word, marked."""
        raise NotImplementedError


class Moving(Mark):
    """Marks by a movement that comes to rest."""

    def progress(self, moment: Moment, art: "CueArt") -> float:
        """Follow the curve of the style."""
        return CURVES[art.look.mark.easing].at(min(1.0, moment.age / moment.settling))


class Unmarked(Mark):
    """Leaves the spoken word as it is."""

    is_apart = False


class Colored(Mark):
    """Gives the spoken word its colour."""

    def draw(self, art: "CueArt", index: int, progress: float) -> tuple[Sprite, ...]:
        """Draw the word in the active colour."""
        return (art.word(index, art.look.active_color),)
