"""Times of a text that a service changed before it spoke it, brought back to the text as it was given."""

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from .provider import Mark


def on_given_text(given: str, said: str, marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Move marks from the text that was said to the one that was given.

    Words that were said otherwise ("five" for "5") have no mark: they share the time between others.

    Args:
        given: the text that was sent.
        said: the text that the service has times for.
        marks: by characters of `said`.
    """
    if given == said:
        return _rising(marks)
    times = {mark.character: mark.seconds for mark in marks}
    return _rising([Mark(there, times[here]) for here, there in _moved(given, said).items() if here in times])


def _moved(given: str, said: str) -> Mapping[int, int]:
    """Pair the first characters of words that both texts have, in order."""
    ours, theirs = _words(given), _words(said)
    matcher = SequenceMatcher(None, [word for word, _ in theirs], [word for word, _ in ours], autojunk=False)
    return {
        theirs[block.a + step][1]: ours[block.b + step][1]
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    }


def _words(text: str) -> list[tuple[str, int]]:
    return [(match[0].casefold(), match.start()) for match in re.finditer(r"\w+", text)]


def _rising(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Leave out marks that run backwards: they are wrong, and what is between good ones can be shared."""
    kept: list[Mark] = []
    for mark in marks:
        if not kept or (mark.seconds >= kept[-1].seconds and mark.character > kept[-1].character):
            kept.append(mark)
    return tuple(kept)
