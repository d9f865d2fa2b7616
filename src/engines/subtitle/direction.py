"""Reading direction of words in a line.

Source: Unicode Standard Annex 9, rules P2, P3, W7, N1 and L2, with words in the place of characters.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Literal, NamedTuple
from unicodedata import bidirectional

from ...models.caption_plan import Passage

Direction = Literal["ltr", "rtl"]
_RIGHT_TO_LEFT_MARK = "\u200f"


def direction_of(text: str) -> Direction | None:
    """Tell the direction of the first letter that has one; digits and marks have none."""
    for char in text:
        kind = bidirectional(char)
        if kind == "L":
            return "ltr"
        if kind in ("R", "AL"):
            return "rtl"
    return None


class Course(NamedTuple):
    """How a line of a caption runs."""

    base: Direction
    """That of the whole text: where lines and captions break does not change it."""
    words: tuple[Direction, ...]


def courses(lines: Sequence[Sequence[str]], passages: Sequence[Passage] = ()) -> list[Course]:
    """Tell how each line of a caption runs, and each word in it.

    What one passage says does not change how another one runs.

    Args:
        lines: words of a caption.
        passages: which of the lines are of one text; by default all are.
    """
    found, first = list[Course](), 0
    for passage in passages or (Passage(lines=len(lines)),):
        end = first + passage.lines
        found += _courses(lines[first:end], passage.direction)
        first = end
    return found


def _courses(lines: Sequence[Sequence[str]], base: Direction | None) -> list[Course]:
    """Tell it of the lines of one text.

    Numbers go with the last word before them that has letters, and signs with what stands on both sides of
    them. A line without any letter that runs from right to left is read as it is written.
    """
    base = base or direction_of(" ".join(text for line in lines for text in line)) or "ltr"
    found, last = list[Course](), base
    for line in lines:
        told = [direction_of(text) for text in line]
        if "ltr" in told and "rtl" not in told:
            last = "ltr"
            found.append(Course(base, (last,) * len(line)))
            continue
        for index, text in enumerate(line):
            last = told[index] or last
            if told[index] is None and any(map(str.isdecimal, text)):
                told[index] = last
        found.append(Course(base, tuple(_between(told, index, base) for index in range(len(told)))))
    return found


def _between(told: Sequence[Direction | None], index: int, base: Direction) -> Direction:
    """Give a sign the direction of its neighbours, if they have one in common."""
    before = next((way for way in reversed(told[:index]) if way), base)
    after = next((way for way in told[index + 1 :] if way), base)
    return told[index] or (before if before == after else base)


def visual_order(course: Course) -> list[int]:
    """List the indices of a line's words from left to right."""
    runs = groupby(range(len(course.words)), key=lambda index: course.words[index])
    visual = [list(run) if direction == "ltr" else list(run)[::-1] for direction, run in runs]
    return [index for run in (visual if course.base == "ltr" else visual[::-1]) for index in run]


def leaning(text: str, direction: Direction | None) -> str:
    """Give a word without letters, such as `2025!`, its direction by a mark that nobody sees.

    From left to right it runs by itself.
    """
    return _RIGHT_TO_LEFT_MARK + text if direction == "rtl" and not direction_of(text) else text
