"""Words that an author marks: `**so**`, or `**all of these**`."""

import re
from typing import NamedTuple

#: What encloses emphasised words, at the edge of a word.
_MARK = re.compile(r"(?<!\S)\*\*(?=[^\s*])|(?<=[^\s*])\*\*(?=[^\w\s*]*(?:\s|$))")


class Marked(NamedTuple):
    """A part of a text between white space."""

    text: str
    """Without marks."""
    emphasised: bool


def marked(text: str) -> tuple[Marked, ...]:
    """Split a text at white space and tell what is emphasised.

    Stars that enclose nothing are written as they are.
    """
    found: list[Marked] = []
    inside = False
    opened, closed = _pairs(text)
    for match in re.finditer(r"\S+", text):
        places = range(*match.span())
        inside = inside or any(place in opened for place in places)
        skipped = {at + n for at in (*opened, *closed) for n in (0, 1)}
        shown = "".join(text[at] for at in places if at not in skipped)
        if shown:
            found.append(Marked(shown, inside))
        inside = inside and not any(place in closed for place in places)
    return tuple(found)


def _pairs(text: str) -> tuple[frozenset[int], frozenset[int]]:
    """Find the places of marks that open, and of those that close them."""
    opened, closed, waiting = set[int](), set[int](), -1
    for match in _MARK.finditer(text):
        at = match.start()
        if at == 0 or text[at - 1].isspace():
            waiting = at
        elif waiting >= 0:
            opened.add(waiting)
            closed.add(at)
            waiting = -1
    return frozenset(opened), frozenset(closed)
