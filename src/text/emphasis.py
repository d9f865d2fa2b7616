"""Words that an author marks: `**so**`, or `**all of these**`."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from .scripts import is_spaceless

#: Two stars before or behind something.
_MARK = re.compile(r"(?<!\*)\*\*(?!\*)")
#: What may stand between the end of a word and its closing mark, and the next space.
_TAIL = re.compile(r"[^\w\s*]*(?:\s|$)")


class Marked(NamedTuple):
    """A part of a text between white space, or between marks where there is none."""

    text: str
    """Without marks."""
    emphasised: bool
    joined: bool = False
    """Stands directly behind the part before it."""


def marked(text: str) -> tuple[Marked, ...]:
    """Split a text at white space and tell what is emphasised.

    Stars that enclose nothing are written as they are.
    """
    found: list[Marked] = []
    inside = False
    opened, closed = _pairs(text)
    skipped = {at + n for at in (*opened, *closed) for n in (0, 1)}
    for match in re.finditer(r"\S+", text):
        shown = ""
        for first, end in pairwise(_borders(text, match.span(), opened, closed)):
            inside = inside or any(first <= at < end for at in opened)
            before, shown = shown, "".join(text[at] for at in range(first, end) if at not in skipped)
            if shown:
                found.append(Marked(shown, inside, joined=bool(before)))
            inside = inside and not any(first <= at < end for at in closed)
    return tuple(found)


def marked_words(words: Sequence[str]) -> tuple[Marked, ...]:
    """Tell of words that are parted already what is emphasised: a mark may close in a later one."""
    text = " ".join(words)
    opened, closed = _pairs(text)
    skipped = {at + n for at in (*opened, *closed) for n in (0, 1)}
    found, first, inside = list[Marked](), 0, False
    for word in words:
        span = range(first, first + len(word))
        marks = [at for at in span if at in opened or at in closed]
        shown = "".join(text[at] for at in span if at not in skipped)
        found.append(Marked(shown, inside or bool(marks)))
        inside = marks[-1] in opened if marks else inside
        first = span.stop + 1
    return tuple(found)


def _borders(text: str, span: tuple[int, int], opened: frozenset[int], closed: frozenset[int]) -> list[int]:
    """Part what stands between two spaces at the marks inside of it."""
    start, end = span
    inner = {at for at in opened if start < at < end}
    # A mark of punctuation stays with the word before it.
    ends = (at + 2 for at in closed if start < at < end)
    behind = {next((place for place in range(after, end) if text[place].isalnum()), end) for after in ends}
    inner |= {place for place in behind if place < end and is_spaceless(text[place])}
    return [start, *sorted(inner), end]


def _pairs(text: str) -> tuple[frozenset[int], frozenset[int]]:
    """Find the places of marks that open, and of those that close them."""
    opened, closed, waiting = set[int](), set[int](), -1
    for match in _MARK.finditer(text):
        at = match.start()
        before, after = text[max(0, at - 1) : at], text[at + 2 : at + 3]
        if not before.strip() and after.strip():
            waiting = at
        elif waiting >= 0 and before.strip() and (_TAIL.match(text, at + 2) or is_spaceless(after)):
            opened.add(waiting)
            closed.add(at)
            waiting = -1
        elif waiting < 0 and is_spaceless(before) and after.strip():
            waiting = at
    return frozenset(opened), frozenset(closed)
