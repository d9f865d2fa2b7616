"""In which order, and from which side, the parts of a drawn word are read."""

from itertools import groupby
from typing import NamedTuple

from ...media.bidi import levels_of, visual_order
from ...media.lettering import Lettering


class Span(NamedTuple):
    """Neighbouring letters read in one direction; sides are shares of the word's width, from its left."""

    left: float
    right: float
    is_rtl: bool


def spans_of(text: str, lettering: Lettering) -> tuple[Span, ...]:
    """Part a word where its direction changes, in order of reading.

    In a line from right to left a number is still read from left to right.
    """
    groups = [list(group) for _, group in groupby(enumerate(levels_of(text)), key=lambda pair: pair[1])]
    if len(groups) < 2:
        return (Span(0.0, 1.0, bool(groups and groups[0][0][1] % 2)),)
    lengths = [lettering.length(text[group[0][0] : group[-1][0] + 1]) for group in groups]
    whole = sum(lengths) or 1.0
    left, spans = 0.0, dict[int, Span]()
    for place in visual_order([group[0][1] for group in groups]):
        right = left + lengths[place] / whole
        if lengths[place]:
            spans[place] = Span(left, right, bool(groups[place][0][1] % 2))
        left = right
    return tuple(spans[place] for place in sorted(spans)) or (Span(0.0, 1.0, False),)
