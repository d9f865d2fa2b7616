"""Parts of a frame, and the places of words in it."""

from typing import NamedTuple


class Rect(NamedTuple):
    """A part of the frame: `right` and `bottom` are the first pixels outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.right - self.left, self.bottom - self.top

    def even(self) -> "Rect":
        """Widen to even corners."""
        return Rect(self.left // 2 * 2, self.top // 2 * 2, -(-self.right // 2) * 2, -(-self.bottom // 2) * 2)

    def within(self, area: "Rect") -> "Rect":
        """Cut off what lies outside of an area."""
        left, top = max(self.left, area.left), max(self.top, area.top)
        return Rect(
            left, top, max(left, min(self.right, area.right)), max(top, min(self.bottom, area.bottom))
        )


class Word(NamedTuple):
    """A word and its place: its left edge, and the baseline that it stands on."""

    text: str
    x: int
    baseline: int
    width_px: int
    emphasised: bool
    line: int
    tied: tuple[bool, bool]
    """Whether its neighbours on the left and on the right stand without a gap."""
