"""Reading direction of words in a line.

Source: Unicode Standard Annex 9, rules P2, P3 and L2, with words in the place of characters.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Literal
from unicodedata import bidirectional

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


def visual_order(texts: Sequence[str]) -> list[int]:
    """List the indices of a line's words from left to right."""
    base = direction_of(" ".join(texts)) or "ltr"
    runs = groupby(range(len(texts)), key=lambda index: direction_of(texts[index]) or base)
    visual = [list(run) if direction == "ltr" else list(run)[::-1] for direction, run in runs]
    return [index for run in (visual if base == "ltr" else visual[::-1]) for index in run]


def leaning(text: str, base: Direction | None) -> str:
    """Give a word without letters, such as `2025!`, the direction of its caption by a mark that nobody sees.

    From left to right it runs by itself.
    """
    return _RIGHT_TO_LEFT_MARK + text if base == "rtl" and not direction_of(text) else text
