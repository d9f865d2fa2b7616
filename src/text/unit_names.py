"""What units, money and large numbers are called in a language, for who only asks whether a word is one.

CLDR knows it, and takes 20 ms to be read and asked; `unit_names.txt` keeps its answers for the languages of
most films, each line for the tags that it begins with. A new tag is written there, with a colon behind it;
`python -m src.text.unit_names` fills in the names.
"""

import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import chain, product
from pathlib import Path
from typing import Literal

import regex
from babel import Locale
from babel.units import UnknownUnitError, format_unit

from .measures import CURRENCIES, UNITS
from .quantities import locale_of, magnitude_words, said_currency

KEPT = Path(__file__).with_suffix(".txt")
_WORD = regex.compile(r"\p{L}[^\s\u00a0\u202f]*")
_TRAIL = regex.compile(r"[[\p{P}\p{Cf}]--[%‰]]+$", regex.VERSION1)
_MARKS = regex.compile(r"\p{M}+")
#: Numbers that bring out every form that a unit has behind them.
_COUNTS = tuple(Decimal(count) for count in ("0", "1", "2", "3", "11", "100", "1.5"))
#: How long CLDR writes the names of units that stand behind numbers.
_LENGTHS: tuple[Literal["long", "short"], ...] = ("long", "short")


@cache
def unit_names(language: str) -> frozenset[str]:
    """List what units, money and millions are called, `plain`; what has two words by the first one."""
    for tags, words in _kept():
        if language in tags.split():
            return frozenset(words.split())
    return names_in_cldr(language)


def _kept() -> Iterator[tuple[str, str]]:
    """Read the table, line by line: tags, and names."""
    for line in KEPT.read_text("utf-8").splitlines():
        tags, _, words = line.partition(":")
        yield tags, words


def plain(word: str) -> str:
    """Leave out case and marks: few write all the vowels of Arabic."""
    return str(_MARKS.sub("", unicodedata.normalize("NFD", word.casefold())))


def names_in_cldr(language: str) -> frozenset[str]:
    """List the same from CLDR; nothing where it does not know the language."""
    locale = locale_of(language)
    if not locale:
        return frozenset()
    money = (said_currency(sign, count, language) or "" for sign in CURRENCIES for count in _COUNTS)
    firsts = (found[:1] for found in map(_WORD.findall, _forms(locale)))
    words = chain(*firsts, *map(_WORD.findall, money), magnitude_words(language))
    return frozenset(plain(_TRAIL.sub("", word)) for word in words if word and " " not in word)


def _forms(locale: Locale) -> Iterator[str]:
    """Give every form of every unit, some with a number ahead."""
    for unit, count, length in product(sorted(set(UNITS.values())), _COUNTS, _LENGTHS):
        try:
            yield format_unit(count, unit, length, locale=locale)
        except UnknownUnitError:
            continue


def table() -> str:
    """Write what is to be kept: a line for the tags that have the same names, and these."""
    found: dict[frozenset[str], list[str]] = {}
    for tag in [tag for tags, _ in _kept() for tag in tags.split()]:
        found.setdefault(names_in_cldr(tag), []).append(tag)
    return "".join(f"{' '.join(tags)}: {' '.join(sorted(words))}\n" for words, tags in found.items())


if __name__ == "__main__":
    KEPT.write_text(table(), "utf-8")
