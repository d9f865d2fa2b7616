"""Capitals and small letters as languages have them.

Source: Unicode 16, SpecialCasing.txt and section 5.18; CLDR transforms "el-Upper" and "az-Upper".
"""

import unicodedata
from typing import Literal

Casing = Literal["as_written", "upper", "lower"]

#: Languages in which the capital of i has a dot, and the small letter of I has none.
_DOTTED_I = ("tr", "az")
#: Georgian has capitals since Unicode 11, which hardly a font draws: they are for signs, not for sentences.
_GEORGIAN = range(0x10D0, 0x1100)
_ACUTE, _DIAERESIS = "\u0301", "\u0308"
#: Greek accents and breathings, which capitals do not carry.
_GREEK_ACCENTS = "\u0300\u0301\u0304\u0306\u0313\u0314\u0342\u0343\u0345"


def cased(text: str, casing: Casing, language: str) -> str:
    """Write a text in capitals or small letters, by the rules of a language (BCP 47 tag)."""
    if casing == "as_written":
        return text
    main = language.split("-")[0].lower()
    return _upper(text, main) if casing == "upper" else _lower(text, main)


def _upper(text: str, language: str) -> str:
    if language in _DOTTED_I:
        text = text.replace("i", "\u0130")
    if language == "hy":
        text = text.replace("\u0587", "\u0535\u054e")
    plain = _without_greek_accents(text) if language == "el" or _is_greek(text) else text
    return "".join(char if ord(char) in _GEORGIAN else char.upper() for char in plain)


def _lower(text: str, language: str) -> str:
    if language in _DOTTED_I:
        text = text.replace("I\u0307", "i").replace("\u0130", "i").replace("I", "\u0131")
    # A capital I with a dot would leave its dot as a mark of its own.
    return text.replace("\u0130", "i").lower()


def _is_greek(text: str) -> bool:
    return any("\u0370" <= char <= "\u03ff" or "\u1f00" <= char <= "\u1fff" for char in text)


def _without_greek_accents(text: str) -> str:
    """Take accents off Greek vowels; what they kept apart gets a diaeresis; ή alone keeps its."""
    if unicodedata.normalize("NFC", text).strip(".,;:!?\u0387\u00ab\u00bb\"'()") in ("\u03ae", "\u0389"):
        return text
    kept, accented = "", False
    letter = ""
    for char in unicodedata.normalize("NFD", text):
        if char in _GREEK_ACCENTS and _is_greek(letter):
            accented = accented or char == _ACUTE
        elif char == _DIAERESIS or unicodedata.combining(char):
            kept += char
        else:
            if accented and letter in "αεουΑΕΟΥηΗ" and char in "ιυΙΥ":
                char += _DIAERESIS
            kept, letter, accented = kept + char, char[0], False
    return unicodedata.normalize("NFC", kept)
