"""Which neighbours are read as one thing: a number and its unit, the number of a list and its entry."""

from collections.abc import Sequence
from itertools import pairwise

import regex

from .measures import CURRENCIES, MAGNITUDES, UNITS
from .segmentation import spaced
from .unit_names import plain, unit_names

#: Digits, with what stands between and before them; a full stop or a comma behind ends more than a number.
_NUMBER = regex.compile(
    r"[\p{Ps}\p{Pi}\"'\p{Sc}\p{Pd}+±~≈<>=−]*\p{N}[\p{N}.,'’\u066b\u066c/:×\p{Pd}−]*(?<=\p{N})"
)
_DIGIT = regex.compile(r"\p{N}")
_TRAIL = regex.compile(r"[[\p{P}\p{Cf}]--[%‰]]+$", regex.VERSION1)
#: What a number of a list may stand behind.
_SENTENCE_END = regex.compile(r"[\p{Sentence_Break=STerm}\p{Sentence_Break=ATerm}…][\p{Pe}\p{Pf}\"']*$")
_LIST_NUMBER = regex.compile(r"[\p{Ps}\"']?(?:#\s?\d{1,3}[.):]?|\d{1,3}[.):]\)?)")
#: Signs of units that are none of `UNITS`.
_SIGNS = frozenset("%‰")


def ties_of(words: Sequence[str], language: str) -> list[bool]:
    """Tell of each word whether the next one is its unit, its money or the "million" that it counts.

    Args:
        words: as they are written, with their punctuation.
        language: BCP 47 tag; units are known by their names in it, too.
    """
    tied = list[bool]()
    for before, after in pairwise(words):
        # "5 million dollars"
        is_number = (tied and tied[-1]) or before in MAGNITUDES or _NUMBER.fullmatch(before) is not None
        is_amount = before in CURRENCIES and _DIGIT.match(after) is not None
        tied.append(is_amount or (is_number and _is_unit(_TRAIL.sub("", after), language)))
    return [*tied, False] if words else []


def holds_of(words: Sequence[str], language: str) -> list[bool]:
    """Tell of each word of a line whether it is read with the next one, numbers of lists included."""
    held = ties_of(words, language)
    for at, (word, after) in enumerate(pairwise(words)):
        begins = at == 0 or _SENTENCE_END.search(words[at - 1]) is not None
        held[at] = held[at] or (begins and is_list_number(word) and not is_list_number(after))
    return held


def held_words(text: str, language: str) -> tuple[int, ...]:
    """Number the words of a text, line by line, that are read with the next one."""
    held = [is_held for line in text.splitlines() for is_held in holds_of(spaced(line), language)]
    return tuple(number for number, is_held in enumerate(held) if is_held)


def _is_unit(word: str, language: str) -> bool:
    if word in UNITS or word in CURRENCIES or word in MAGNITUDES or word in _SIGNS:
        return True
    return plain(word) in unit_names(language)


def is_list_number(text: str) -> bool:
    """Tell whether a word that begins a sentence only counts it: "#4.", "2)"."""
    return _LIST_NUMBER.fullmatch(text) is not None
