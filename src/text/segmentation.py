"""Where words end in scripts that put no space between them.

Chinese, Japanese and Thai are parted by a model of where lines may break (BudouX), so that a part is a word
with its particles. Lao, Khmer and Burmese have no such model: they are parted between graphemes, and only
where a part would be too long to be read at once.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import regex

from .scripts import SPACELESS, is_spaceless, lettered_region, region_of, script_of

if TYPE_CHECKING:
    import budoux

_GRAPHEME = regex.compile(r"\X")
#: White space at which a line may break: all but the no-break ones.
_BREAK = regex.compile(r"[^\S\u00a0\u202f\u2007]+")
#: Graphemes of the longest part where no model tells words apart.
_LONGEST = 8
#: What may not begin a line: closing marks, small kana, marks of length and iteration.
#: Source: Unicode Standard Annex 14, classes CL, CP, EX, IS, NS, CJ, SY, PO; JIS X 4051.
_NEVER_FIRST = regex.compile(
    r"[\p{lb=CL}\p{lb=CP}\p{lb=EX}\p{lb=IS}\p{lb=NS}\p{lb=CJ}\p{lb=SY}\p{lb=IN}\p{lb=GL}\p{lb=BA}\p{Pf}]"
)
#: What may not end a line: opening marks, vowels of Thai and Lao that stand before their consonant, and what
#: stacks the next consonant below.
_NEVER_LAST = regex.compile(r"[\p{lb=OP}\p{lb=GL}\p{Pi}\u0e40-\u0e44\u0ec0-\u0ec4\u17d2\u1039]")


def spaced(line: str) -> list[str]:
    """Part a line at the white space at which it may break."""
    return list(filter(None, _BREAK.split(line)))


def segmented(text: str, language: str) -> list[str]:
    """Part a text at white space, and what has no spaces into words."""
    return [part for token in text.split() for part in parted(token, language)]


def parted(token: str, language: str) -> tuple[str, ...]:
    """Part what stands between two spaces into words; together they are the whole of it.

    Punctuation stays with the word that it belongs to.

    Args:
        token: text without white space.
        language: BCP 47 tag; tells Chinese from Japanese where no kana does.
    """
    if token.isascii() or not any(is_spaceless(char) for char in token):
        return (token,)
    parts = (part for kind, run in _runs(token) for part in _run_parts(run, kind, token, language))
    return tuple(_kept_together(parts))


def joins(before: str, after: str) -> bool:
    """Tell whether a word stands directly behind another, as the scripts at their border tell."""
    last = next((char for char in reversed(before) if char.isalnum()), "")
    first = next((char for char in after if char.isalnum()), "")
    return is_spaceless(last) and is_spaceless(first)


def breakable(text: str) -> list[str]:
    """Part a word that is too long for a line; no part may be divided any further."""
    return list(_kept_together(_GRAPHEME.findall(text)))


def _runs(token: str) -> Iterator[tuple[str, str]]:
    """Part where the model changes; signs go with what stands before them."""
    kinds: list[str] = []
    graphemes = _GRAPHEME.findall(token)
    for grapheme in graphemes:
        if not regex.search(r"[\p{L}\p{M}\p{N}]", grapheme):
            kinds.append(kinds[-1] if kinds else "")
        else:
            script = script_of(grapheme)
            kinds.append(_MODELS.get(script, script if script in SPACELESS else "spaced"))
    for kind, run in groupby(zip(kinds, graphemes, strict=True), key=lambda pair: pair[0]):
        yield kind, "".join(grapheme for _, grapheme in run)


_MODELS = {"Han": "cj", "Hiragana": "cj", "Katakana": "cj", "Bopomofo": "cj", "Thai": "th"}


def _run_parts(run: str, kind: str, token: str, language: str) -> list[str]:
    if kind == "th":
        return _parser("th").parse(run)
    if kind == "cj":
        region = lettered_region(token) or region_of(token, language)
        model = {"JP": "ja", "KR": "ja", "SC": "zh-hans"}.get(region, "zh-hant")
        return _parser(model).parse(run)
    if kind in SPACELESS:
        return _evenly(_GRAPHEME.findall(run))
    return [run]


def _evenly(graphemes: list[str]) -> list[str]:
    count = -(-len(graphemes) // _LONGEST)
    borders = [len(graphemes) * place // count for place in range(count + 1)]
    return ["".join(graphemes[start:end]) for start, end in pairwise(borders)]


def _kept_together(parts: Iterator[str] | list[str]) -> Iterator[str]:
    """Join parts between which no line may break."""
    kept = ""
    for part in parts:
        if kept and not (_NEVER_FIRST.match(part) or _NEVER_LAST.match(kept[-1])):
            yield kept
            kept = ""
        kept += part
    if kept:
        yield kept


@lru_cache(maxsize=4)
def _parser(model: str) -> "budoux.Parser":
    import budoux  # reads its models: texts with spaces do without

    load = {
        "ja": budoux.load_default_japanese_parser,
        "th": budoux.load_default_thai_parser,
        "zh-hans": budoux.load_default_simplified_chinese_parser,
        "zh-hant": budoux.load_default_traditional_chinese_parser,
    }
    return load[model]()
