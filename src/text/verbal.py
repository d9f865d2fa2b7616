"""What a voice says for what an author wrote.

The rules are in `readings`, words of languages in `vocabulary`. What no rule knows is left to the voice as it
is written: voices read plain numbers, dates and percentages well in their own language.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from .measures import UNITS
from .readings import Place, reading
from .soundless import is_spoken, spoken_form
from .vocabulary import FACES, NUMBER_SIGNS, abbreviated, notion

#: Marks that stand around a word and tell a voice how to say it, not what.
_EDGES = re.compile(
    r"""(?P<lead>[\s"'“”‘’„«»‹›()\[\]{}¿¡*_—–-]*)
        (?P<core>.*?)
        (?P<trail>[\s"'“”‘’«»‹›)\]}.,!?:;…—–*_-]*)""",
    re.VERBOSE | re.DOTALL,
)
#: Signs that voices name by themselves where no rule does.
_NAMED_SIGNS = re.compile(r"[+=<>×÷→%$€£¥°#@&]")


class _Framed(NamedTuple):
    lead: str
    core: str
    trail: str

    @property
    def dotted(self) -> str:
        """With the full stop that may belong to an abbreviation; empty where there is none."""
        return self.core + "." if self.trail.startswith(".") else ""


def verbal(shown: Sequence[str], language: str) -> tuple[str, ...]:
    """Tell for each word of a text what is said: nothing for emoji, dashes and faces such as `:D`."""
    framed = [_framed(word) for word in shown]
    cores = tuple(word.core for word in framed)
    return tuple(_said(word, Place(cores, at, language)) for at, word in enumerate(framed))


def _framed(word: str) -> _Framed:
    if word.lower() in FACES:
        return _Framed("", "", "")
    match = _EDGES.fullmatch(" ".join(spoken_form(word).split()))
    return _Framed(*match.group("lead", "core", "trail")) if match else _Framed("", word, "")


def _said(word: _Framed, place: Place) -> str:
    said = _abbreviation(word, place)
    if said is None:
        pieces = [(piece, reading(piece, place)) for piece in word.core.split()]
        core = " ".join(written if read is None else read for written, read in pieces)
        said = word.lead + core + word.trail if core else ""
    return said if is_spoken(said) or _NAMED_SIGNS.search(said) else ""


def _abbreviation(word: _Framed, place: Place) -> str | None:
    """Write out an abbreviation; one in two words ("z. B.") is said with its first."""
    lead, core, trail = word
    if core in UNITS and place.before[-1:].isdecimal():
        return None
    if (word.dotted or core).lower() in NUMBER_SIGNS and place.after[:1].isdecimal():
        return notion("number", place.language)
    if word.dotted:
        if place.before and abbreviated(f"{place.before}.{word.dotted}", place.language):
            return ""
        if said := abbreviated(f"{word.dotted}{place.after}.", place.language):
            return lead + said
        if said := abbreviated(word.dotted, place.language):
            # The last full stop of a text still ends its sentence.
            return lead + said + (trail[1:] if place.after else trail)
    said = abbreviated(core, place.language)
    return lead + said + trail if said else None
