"""The text of a caption as it is drawn: lines of pieces, each a word in its case."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from ...models.timeline import CaptionLook, Cue
from ...text.casing import cased
from .direction import direction_of, leaning


class Piece(NamedTuple):
    """A word to draw."""

    text: str
    emphasised: bool = False
    joined: bool = False
    """Stands directly behind the word before it, without a space."""


#: Lines of words.
Texts = tuple[tuple[Piece, ...], ...]


class _Joinable(Protocol):
    @property
    def joined(self) -> bool: ...


def texts_of(cue: Cue, look: CaptionLook) -> Texts:
    """Take the text of a cue, in the case that its look has."""
    base = direction_of(" ".join(word.text for line in cue.lines for word in line))
    return tuple(
        tuple(
            Piece(leaning(cased(word.text, look.casing, look.language), base), word.emphasised, word.joined)
            for word in line
        )
        for line in cue.lines
    )


def joined_up(words: Sequence[_Joinable], written: Iterable[str]) -> str:
    """Write the words of a line, with spaces between those that are not joined."""
    parts = [
        part if word.joined or not place else f" {part}"
        for place, (word, part) in enumerate(zip(words, written, strict=True))
    ]
    return "".join(parts)
