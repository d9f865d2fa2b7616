"""Captions of a file that are seen at the same time: each keeps its place until it leaves.

Pure. What comes takes a place that is free; only what is left at the edges of the stack is given back.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from ..models.caption_style import CaptionPosition

#: Lines, free ones included, above which free ones are given up: others would be shrunk for what nobody sees.
_MOST_ROWS = 6


class Word(NamedTuple):
    """A word of a caption."""

    text: str
    start_ms: int
    end_ms: int
    emphasised: bool
    joined: bool
    carried: str | None = None


Line = Sequence[Word]


class Piece(NamedTuple):
    """What of one caption of the file, or of several, is seen together."""

    start_ms: int
    end_ms: int
    lines: Sequence[Line]
    steady_lines: int = 0
    steady_last: int = 0
    """See `Cue`."""
    free: Sequence[tuple[int, Line]] = ()
    """Lines that are not drawn, each with the number of the seen ones above it."""


class _Row(NamedTuple):
    line: Line
    owner: Piece | None
    """None: its place is free."""


def stacked(pieces: Sequence[Piece], position: CaptionPosition) -> Iterator[Piece]:
    """Put pieces that are seen at the same time above or below each other, for as long as they are.

    Where several speak at once no word is the spoken one: all count as spoken.
    """
    borders = sorted({ms for piece in pieces for ms in (piece.start_ms, piece.end_ms)})
    waiting, rows = list(reversed(pieces)), list[_Row]()
    for start_ms, end_ms in pairwise(borders):
        rows = _trimmed([_left(row, start_ms) for row in rows], position)
        known = {id(row.owner) for row in rows}
        while waiting and waiting[-1].start_ms <= start_ms:
            rows = _with(waiting.pop(), rows, position)
        if rows:
            yield _shown(rows, known, start_ms, end_ms)


def _left(row: _Row, ms: int) -> _Row:
    return row if row.owner and row.owner.end_ms > ms else row._replace(owner=None)


def _trimmed(rows: Sequence[_Row], position: CaptionPosition) -> list[_Row]:
    """Give free places back where nothing moves for it: in the middle of a frame only on both sides alike."""
    first, end = 0, len(rows)
    while position == "bottom" and first < end and not rows[first].owner:
        first += 1
    while position == "top" and first < end and not rows[end - 1].owner:
        end -= 1
    while position == "center" and first < end and not rows[first].owner and not rows[end - 1].owner:
        first, end = first + 1, end - 1
    return list(rows[first : max(first, end)])


def _with(piece: Piece, rows: Sequence[_Row], position: CaptionPosition) -> list[_Row]:
    """Put a piece into a free place that is high enough, or at that side of the others which is free."""
    own = [_Row(line, piece) for line in piece.lines]
    at = _free_place(rows, len(own), position)
    if at is not None:
        return [*rows[:at], *own, *rows[at + len(own) :]]
    spare = [_Row(line, None) for line in piece.lines] if rows and position == "center" else []
    if len(rows) + len(own) + len(spare) > _MOST_ROWS:
        rows, spare = [row for row in rows if row.owner], []
    return [*own, *rows] if position == "bottom" else [*spare, *rows, *own]


def _free_place(rows: Sequence[_Row], lines: int, position: CaptionPosition) -> int | None:
    places = [
        at for at in range(len(rows) - lines + 1) if not any(row.owner for row in rows[at : at + lines])
    ]
    if not places:
        return None
    return places[0] if position == "top" else places[-1]


def _shown(rows: Sequence[_Row], known: set[int], start_ms: int, end_ms: int) -> Piece:
    """Tell what is seen of a stack, and which of it was seen before."""
    seen = [row for row in rows if row.owner]
    if len({id(row.owner) for row in seen}) == 1:
        lines = [row.line for row in seen]
    else:
        lines = [[word._replace(start_ms=start_ms, end_ms=start_ms) for word in row.line] for row in seen]
    first, last = _steady([id(row.owner) in known for row in seen])
    free = [
        (sum(bool(other.owner) for other in rows[:at]), row.line)
        for at, row in enumerate(rows)
        if not row.owner
    ]
    return Piece(start_ms, end_ms, lines, first, last, free)


def _steady(known: Sequence[bool]) -> tuple[int, int]:
    """Count what stays above and below that which comes; all of it stays where several come apart."""
    runs = [(is_known, len(list(run))) for is_known, run in groupby(known)]
    if [is_known for is_known, _ in runs].count(False) != 1:
        return len(known), 0
    first = runs[0][1] if runs[0][0] else 0
    return first, (runs[-1][1] if runs[-1][0] else 0)
