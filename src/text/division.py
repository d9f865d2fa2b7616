"""Where a word that is too long for a line may be divided, and what is written there."""

import unicodedata
from itertools import accumulate
from typing import NamedTuple

import regex

from .segmentation import breakable

#: Scripts in which a hyphen tells that a word goes on in the next line.
_HYPHENATED = regex.compile(r"[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]\p{M}*\u00ad?$")
_LETTER = regex.compile(r"\p{L}")
#: A word of letters. In an address, a tag or a number nobody could tell a hyphen from a part of it.
_PLAIN = regex.compile(r"[\p{Ps}\p{Pi}\"'¿¡]*[\p{L}\p{M}'’\u00ad\p{Pd}]+\p{P}*")
#: What a part may end with: marks inside of addresses, a hyphen of its own, an author's soft one.
_ENDING = regex.compile(r"[\p{Pd}\u00ad/_=&?:,;|~+@\\]$")
_SMALL, _CAPITAL = regex.compile(r"\p{Ll}\p{M}*$"), regex.compile(r"\p{Lu}")
#: Letters of Arabic and its like that never join the next one.
_APART = regex.compile(r"\p{Joining_Type=R}\p{M}*$")
_JOINING = regex.compile(r"\p{Joining_Type=D}\p{M}*$")
#: Two consonants that are one sound.
_TIED = regex.compile(r"[cgpst]h$", regex.IGNORECASE)
_VOWELS = frozenset("aeiouyæœøıαεηιουωаеиоуыэюяієў")
#: What a border costs: between two syllables, by the look of it; anywhere else; and where letters would lose
#: the shape that they have together, or hardly any would stand alone.
_SYLLABLE, _ANYWHERE, _UGLY = 0.25, 1.0, 3.0
#: Behind a dot of an address, which reads as the end of a sentence: another mark is better, and so is a
#: line more.
_DOT = 8.0
#: What it costs more within a word of an address or a tag: rather uneven lines, or one line more.
_INSIDE = 20.0
#: Graphemes that stand on either side at least.
_FEWEST = 3


class Border(NamedTuple):
    """A place at which a word may be divided."""

    at: int
    """Characters before it."""
    mark: str
    """What is written behind them."""
    cost: float
    """How much reading suffers: nothing at 0."""


def borders(word: str) -> tuple[Border, ...]:
    """List where a word may be divided, from its start to its end."""
    parts = breakable(word)
    is_plain = bool(_PLAIN.fullmatch(word))
    found = []
    for number, at in enumerate(accumulate(map(len, parts[:-1])), 1):
        before, after = word[:at], word[at:]
        cost = _cost(before, after)
        if cost not in (0, _DOT) and min(number, len(parts) - number) < _FEWEST:
            cost = _UGLY
        found.append(Border(at, _mark(before, after) if is_plain else "", cost))
    if not is_plain and any(border.cost in (0, _DOT) for border in found):
        found = [
            border._replace(cost=border.cost + _INSIDE * (border.cost not in (0, _DOT))) for border in found
        ]
    return tuple(found)


def _mark(before: str, after: str) -> str:
    return "-" if _HYPHENATED.search(before[-4:]) and _LETTER.match(after) else ""


def _cost(before: str, after: str) -> float:
    end = before[-4:]
    if end.endswith("."):
        return _DOT
    if _ENDING.search(end) or _APART.search(end) or (_SMALL.search(end) and _CAPITAL.match(after)):
        return 0.0
    if _JOINING.search(end):
        return _UGLY
    begins_syllable = not _is_vowel(after[:1]) and _is_vowel(after[1:2]) and not _TIED.search(end + after[:1])
    return _SYLLABLE if begins_syllable or not _HYPHENATED.search(end) else _ANYWHERE


def _is_vowel(char: str) -> bool:
    return unicodedata.normalize("NFD", char.lower())[:1] in _VOWELS if char else False
