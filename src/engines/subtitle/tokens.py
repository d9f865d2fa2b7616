"""What a word of text is: punctuation belongs to its neighbour, and some of it ends a thought."""

from collections.abc import Iterable

import regex

from ...models.words import TimedWord

_WHITE = regex.compile(r"\s+")
#: Marks that are never spoken; percent, ampersand and the like are words of their own.
_MARKS = regex.compile(r"[[\p{P}\p{Cf}\p{M}<>|~^←-⇿]--[%&@#§]]+", regex.VERSION1)
_WORDY = regex.compile(r"[\p{L}\p{N}]")
_OPENING = regex.compile(r"[\p{Ps}\p{Pi}¿¡\u201a\u201e]+")
_DASHES = regex.compile(r"\p{Pd}+")
_CLOSERS = r"[\p{Pe}\p{Pf}\p{Pi}\"']*$"
#: Unicode knows them for every script; an ellipsis is left to us.
_SENTENCE_END = regex.compile(r"[\p{Sentence_Break=STerm}\p{Sentence_Break=ATerm}…]" + _CLOSERS)
_CLAUSE_END = regex.compile(r"[\p{Sentence_Break=SContinue};\uff1b\u061b\p{Pd}]" + _CLOSERS)
#: Words whose full stop ends no sentence: titles, initials, "e.g.".
_ABBREVIATION = regex.compile(
    r"\W*(?:mr|mrs|ms|dr|prof|st|jr|sr|vs|nr|fig|approx|etc|(?-i:\p{Lu})|(?:\p{L}\.)+\p{L})\.",
    regex.IGNORECASE,
)


def join_punctuation(words: Iterable[TimedWord]) -> list[TimedWord]:
    """Merge what is punctuation only into the word before it, opening marks into the word after it.

    White space inside of a word becomes one space; empty words are dropped. What holds no word at all
    gives nothing.
    """
    joined: list[TimedWord] = []
    opening = ""
    for word in words:
        text = _WHITE.sub(" ", word.text).strip()
        if not text:
            continue
        if not _MARKS.fullmatch(text):
            joined.append(word._replace(text=opening + text))
            opening = ""
        elif _OPENING.fullmatch(text) or not joined:
            opening += text
        else:
            space = " " if _DASHES.fullmatch(text) else ""
            joined[-1] = joined[-1]._replace(text=joined[-1].text + space + text)
    if opening and joined:
        joined[-1] = joined[-1]._replace(text=joined[-1].text + opening)
    return joined


def is_wordless(text: str) -> bool:
    """Tell whether there is no letter and no digit in it: an emoji, a sign."""
    return not _WORDY.search(text)


def ends_sentence(text: str, *, has_following: bool) -> bool:
    """Tell whether a sentence ends with this word; abbreviations do not end one."""
    if not has_following:
        return True
    return bool(_SENTENCE_END.search(text)) and not _ABBREVIATION.fullmatch(text)


def ends_clause(text: str) -> bool:
    """Tell whether the word carries a comma, a colon, a dash or the like at its end."""
    return bool(_CLAUSE_END.search(text))
