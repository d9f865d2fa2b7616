"""The text of a caption as it is drawn: lines of pieces, each a word in its case."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple, Protocol

from ...models.caption_plan import CaptionLook, Cue, CueWord
from ...text.casing import cased
from .direction import Course, Direction, courses, leaning


class Piece(NamedTuple):
    """A word to draw."""

    text: str
    emphasised: bool = False
    joined: bool = False
    """Stands directly behind the word before it, without a space."""


class Written(Protocol):
    """What decides how a word is set."""

    @property
    def text(self) -> str:
        """Its letters."""
        ...

    @property
    def emphasised(self) -> bool:
        """Whether its author emphasised it."""
        ...


#: Lines of words.
Texts = tuple[tuple[Piece, ...], ...]


class FreeText(NamedTuple):
    """A line that is not drawn, though its place stays free."""

    above: int
    """Drawn lines above it."""
    pieces: tuple[Piece, ...]


class _Joinable(Protocol):
    @property
    def joined(self) -> bool: ...


def texts_of(cue: Cue, look: CaptionLook) -> Texts:
    """Take the text of a cue, in the case that its look has."""
    told = courses([[word.text for word in line] for line in cue.lines], cue.direction)
    written = partial(cased, casing=look.casing, language=cue.language or look.language)
    return tuple(
        tuple(
            _piece(word, written(word.written), lean) for word, lean in zip(line, _leans(course), strict=True)
        )
        for line, course in zip(cue.lines, told, strict=True)
    )


def free_texts_of(cue: Cue, look: CaptionLook) -> tuple[FreeText, ...]:
    """Take what would stand in the free lines of a cue, in the case that its look has."""
    written = partial(cased, casing=look.casing, language=cue.language or look.language)
    return tuple(
        FreeText(free.above, tuple(_piece(word, written(word.written), None) for word in free.words))
        for free in cue.free_lines
    )


def _leans(course: Course) -> Sequence[Direction | None]:
    """Tell which words may need a mark: in a line from left to right none does."""
    return course.words if course.base == "rtl" else (None,) * len(course.words)


def _piece(word: CueWord, written: str, lean: Direction | None) -> Piece:
    return Piece(leaning(written, lean), word.emphasised, word.joined)


def joined_up(words: Sequence[_Joinable], written: Iterable[str]) -> str:
    """Write the words of a line, with spaces between those that are not joined."""
    parts = [
        part if word.joined or not place else f" {part}"
        for place, (word, part) in enumerate(zip(words, written, strict=True))
    ]
    return "".join(parts)
