"""Which neighbours are read as one thing: a number and its unit, the number of a list and its entry."""

import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from itertools import chain, pairwise, product
from typing import Literal

import regex
from babel import Locale
from babel.units import UnknownUnitError, format_unit

from .measures import CURRENCIES, MAGNITUDES, UNITS
from .quantities import locale_of, magnitude_words, said_currency
from .segmentation import spaced

#: Digits, with what stands between and before them; a full stop or a comma behind ends more than a number.
_NUMBER = regex.compile(
    r"[\p{Ps}\p{Pi}\"'\p{Sc}\p{Pd}+±~≈<>=−]*\p{N}[\p{N}.,'’\u066b\u066c/:×\p{Pd}−]*(?<=\p{N})"
)
_DIGIT = regex.compile(r"\p{N}")
_TRAIL = regex.compile(r"[[\p{P}\p{Cf}]--[%‰]]+$", regex.VERSION1)
_WORD = regex.compile(r"\p{L}[^\s\u00a0\u202f]*")
_MARKS = regex.compile(r"\p{M}+")
#: What a number of a list may stand behind.
_SENTENCE_END = regex.compile(r"[\p{Sentence_Break=STerm}\p{Sentence_Break=ATerm}…][\p{Pe}\p{Pf}\"']*$")
_LIST_NUMBER = regex.compile(r"[\p{Ps}\"']?(?:#\s?\d{1,3}[.):]?|\d{1,3}[.):]\)?)")
#: Signs of units that are none of `UNITS`.
_SIGNS = frozenset("%‰")
#: Numbers that bring out every form that a unit has behind them.
_COUNTS = tuple(Decimal(count) for count in ("0", "1", "2", "3", "11", "100", "1.5"))
#: How long CLDR writes the names of units that stand behind numbers.
_LENGTHS: tuple[Literal["long", "short"], ...] = ("long", "short")


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
    return word.lower() in magnitude_words(language) or _plain(word) in _names(language)


def is_list_number(text: str) -> bool:
    """Tell whether a word that begins a sentence only counts it: "#4.", "2)"."""
    return _LIST_NUMBER.fullmatch(text) is not None


@cache
def _names(language: str) -> frozenset[str]:
    """List what units and money are called in a language: a unit of two words by its first."""
    locale = locale_of(language)
    if not locale:
        return frozenset()
    money = (said_currency(sign, count, language) or "" for sign in CURRENCIES for count in _COUNTS)
    firsts = (found[:1] for found in map(_WORD.findall, _unit_names(locale)))
    words = chain(*firsts, *map(_WORD.findall, money))
    return frozenset(_plain(_TRAIL.sub("", word)) for word in words)


def _unit_names(locale: Locale) -> Iterator[str]:
    """Give every form of every unit, some with a number ahead."""
    for unit, count, length in product(sorted(set(UNITS.values())), _COUNTS, _LENGTHS):
        try:
            yield format_unit(count, unit, length, locale=locale)
        except UnknownUnitError:
            continue


def _plain(word: str) -> str:
    """Leave out case and marks: few write all the vowels of Arabic."""
    return str(_MARKS.sub("", unicodedata.normalize("NFD", word.casefold())))
