"""Whether a text is written in letters of its language."""

from typing import NamedTuple

import regex
from babel.core import get_global

from .quantities import locale_of

#: What scripts that CLDR has for a language as a whole consist of; others are one of Unicode's.
_PARTS = {
    "Jpan": ("Hira", "Kana", "Hani"),
    "Kore": ("Hang", "Hani"),
    "Hans": ("Hani", "Bopo"),
    "Hant": ("Hani", "Bopo"),
}
#: Tags that CLDR knows by another name.
_KNOWN_AS = {"cmn": "zh"}
_LETTER = regex.compile(r"\p{L}")
_LATIN = regex.compile(r"\p{Script=Latn}")


class Foreign(NamedTuple):
    """Letters that a language does not have."""

    script: str
    """Its English name."""
    language: str
    """BCP 47 tag of the language that most of its readers speak."""


def foreign_letters(text: str, language: str) -> Foreign | None:
    """Name the script of a text most of whose letters the language does not have; all have Latin ones.

    None also where CLDR does not know the language. Source: CLDR, likely subtags.
    """
    letters = _LETTER.findall(text)
    others = [letter for letter in letters if not _LATIN.match(letter)]
    # Most texts end here.
    if not others or len(others) * 2 <= len(letters):
        return None
    own = _script_of_language(language)
    if own is None:
        return None
    strange = [letter for letter in others if not _in(letter, own)]
    return _told(strange[0]) if len(strange) * 2 > len(letters) else None


def _script_of_language(language: str) -> str | None:
    """Find the code of the script that a language is mostly written in."""
    first, *rest = language.replace("_", "-").split("-")
    asked = next((tag.title() for tag in rest if len(tag) == 4 and tag.isalpha()), None)
    plain = _KNOWN_AS.get(first.lower(), first.lower())
    likely: str | None = get_global("likely_subtags").get(plain)
    return asked or (likely.split("_")[1] if likely else None)


def _in(letter: str, script: str) -> bool:
    return any(_matches(letter, part) for part in _PARTS.get(script, (script,)))


def _matches(letter: str, script: str) -> bool:
    try:
        return bool(regex.match(rf"\p{{Script={script}}}", letter))
    except regex.error:
        # CLDR knows scripts that Unicode has no letters for.
        return False


def _told(letter: str) -> Foreign | None:
    english = locale_of("en")
    for tag, likely in get_global("likely_subtags").items():
        language, _, script = tag.partition("_")
        if language == "und" and "_" not in script and english and _matches(letter, script):
            return Foreign(english.scripts.get(script, script), likely.split("_")[0])
    return None
