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


class Standing(NamedTuple):
    """What else decides where the lines of a cue stand: others that are seen before, beside or after it."""

    free: tuple[FreeText, ...] = ()
    reaching: tuple[Piece, ...] = ()
    """See `Cue`."""


#: Of a cue that meets no other.
ALONE = Standing()


class _Joinable(Protocol):
    @property
    def joined(self) -> bool: ...


def texts_of(cue: Cue, look: CaptionLook) -> Texts:
    """Take the text of a cue, in the case that its look has."""
    written = partial(cased, casing=look.casing, language=cue.language or look.language)
    return tuple(
        tuple(
            _piece(word, written(word.written), lean) for word, lean in zip(line, _leans(course), strict=True)
        )
        for line, course in zip(cue.lines, courses_of(cue), strict=True)
    )


def courses_of(cue: Cue) -> list[Course]:
    """Tell how the lines of a cue run."""
    return courses([[word.text for word in line] for line in cue.lines], cue.passages)


def standing_of(cue: Cue, look: CaptionLook) -> Standing:
    """Take what a cue stands beside, in the case that its look has."""
    written = partial(cased, casing=look.casing, language=cue.language or look.language)

    def pieces(words: Iterable[CueWord]) -> tuple[Piece, ...]:
        return tuple(_piece(word, written(word.written), None) for word in words)

    free = tuple(FreeText(line.above, pieces(line.words)) for line in cue.free_lines)
    return Standing(free, pieces(cue.reaching))


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
