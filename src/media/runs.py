"""A line taken apart into runs: text that one font draws in one direction."""

from itertools import groupby
from typing import Literal, NamedTuple

import regex

from ..text.scripts import needs_shaping
from .bidi import levels_of, visual_order
from .faces import GRAPHEME, FontStack, is_pictured
from .fonts import has_raqm

#: Line breaks, tabs and the like: fonts draw a box for them.
_CONTROLS = regex.compile(r"\p{Cc}+")


class Run(NamedTuple):
    """Text of one font."""

    text: str
    """In order of reading."""
    place: int
    """The font's place in its stack."""
    direction: Literal["ltr", "rtl"] | None
    """None: as its letters tell."""


class _Cell(NamedTuple):
    """A grapheme, and what decides to which run it belongs."""

    grapheme: str
    place: int
    level: int


def runs_of(text: str, stack: FontStack) -> tuple[Run, ...]:
    """Take a line apart, from left to right; what no font has is left out."""
    text = _CONTROLS.sub("", text)
    if not is_pictured(text) and stack.faces[0].draws(text):
        return (Run(text, 0, None),)
    cells = _cells(text, stack)
    if len({cell.place for cell in cells}) == 1:
        return (Run("".join(cell.grapheme for cell in cells), cells[0].place, None),)
    groups = [list(group) for _, group in groupby(cells, key=lambda cell: (cell.place, cell.level))]
    return tuple(_run(groups[place]) for place in visual_order([group[0].level for group in groups]))


def is_loose(text: str) -> bool:
    """Tell whether letters may stand at a distance from each other.

    Letters that join or stack stay together, and so does what runs from right to left.
    """
    shaped = any(map(needs_shaping, GRAPHEME.findall(text)))
    return not shaped and not any(level % 2 for level in levels_of(text))


def _cells(text: str, stack: FontStack) -> list[_Cell]:
    levels = levels_of(text)
    cells = []
    for match in GRAPHEME.finditer(text):
        place = stack.place_of(match[0])
        if place is not None:
            cells.append(_Cell(match[0], place, levels[match.start()]))
    return cells


def _run(cells: list[_Cell]) -> Run:
    text = "".join(cell.grapheme for cell in cells)
    if not has_raqm():
        return Run(text, cells[0].place, None)
    return Run(text, cells[0].place, "rtl" if cells[0].level % 2 else "ltr")
