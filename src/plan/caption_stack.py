"""Captions of a file that are seen at the same time: each keeps its place until it leaves.

Pure. What comes takes a place that is free; only what is left at the edges of the stack is given back.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, pairwise
from typing import NamedTuple

from ..engines.subtitle.heights import LineHeights
from ..models.caption_plan import Passage
from ..models.caption_style import CaptionPosition


class Word(NamedTuple):
    """A word of a caption."""

    text: str
    start_ms: int
    end_ms: int
    emphasised: bool
    joined: bool
    carried: str | None = None

    @property
    def written(self) -> str:
        """See `CueWord`."""
        return self.text + (self.carried or "")


Line = Sequence[Word]


class Piece(NamedTuple):
    """What of one caption of the file, or of several, is seen together."""

    start_ms: int
    end_ms: int
    lines: Sequence[Line]
    passages: Sequence[Passage] = ()
    steady_lines: int = 0
    steady_last: int = 0
    """See `Cue`."""
    free: Sequence[tuple[int, Line]] = ()
    """Lines that are not drawn, each with the number of the seen ones above it."""
    reaching: Sequence[Word] = ()
    """See `Cue`."""


class Place(NamedTuple):
    """Where captions stand, and in what frame."""

    position: CaptionPosition
    frame: tuple[int, int]
    """Width and height."""
    heights: LineHeights


class _Row(NamedTuple):
    line: Line
    owner: Piece | None
    """None: its place is free."""


def stacked(pieces: Iterable[Piece], place: Place) -> Iterator[Piece]:
    """Put pieces that are seen at the same time above or below each other, for as long as they are.

    They come in the order in which they begin. Where several speak at once no word is the spoken one: all
    count as spoken.
    """
    for met in _met(pieces):
        if len(met) == 1:
            yield met[0]
            continue
        lines = chain.from_iterable(piece.lines for piece in met)
        reaching = place.heights.reaching(chain.from_iterable(lines))
        most_rows = place.heights.most_rows(reaching, place.frame)
        for piece in _together(met, place.position, most_rows):
            yield piece._replace(reaching=reaching)


def _met(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Part pieces where nothing is seen any more of those before."""
    met, until_ms = list[Piece](), 0
    for piece in pieces:
        if met and piece.start_ms >= until_ms:
            yield met
            met = []
        met.append(piece)
        until_ms = max(until_ms, piece.end_ms)
    if met:
        yield met


def _together(pieces: Sequence[Piece], position: CaptionPosition, most_rows: int) -> Iterator[Piece]:
    borders = sorted({ms for piece in pieces for ms in (piece.start_ms, piece.end_ms)})
    coming = {ms: list(begun) for ms, begun in groupby(pieces, key=lambda piece: piece.start_ms)}
    rows = list[_Row]()
    for start_ms, end_ms in pairwise(borders):
        rows = _trimmed([_left(row, start_ms) for row in rows], position)
        known = {id(row.owner) for row in rows}
        if start_ms in coming:
            rows = _with(coming[start_ms], rows, position, most_rows)
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


def _with(
    pieces: Sequence[Piece], rows: Sequence[_Row], position: CaptionPosition, most_rows: int
) -> list[_Row]:
    """Put pieces that begin together into a free place that is high enough, or at the free side of others.

    They stand in their own order. Free places are given up where the frame has no room for them.
    """
    own = [_Row(line, piece) for piece in pieces for line in piece.lines]
    at = _free_place(rows, len(own), position)
    if at is not None:
        return [*rows[:at], *own, *rows[at + len(own) :]]
    spare = [row._replace(owner=None) for row in own] if rows and position == "center" else []
    if len(rows) + len(own) + len(spare) > most_rows:
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
    passages = _passages([row.owner for row in rows if row.owner])
    lines = [row.line for row in seen]
    if len(passages) > 1:
        lines = [[word._replace(start_ms=start_ms, end_ms=start_ms) for word in line] for line in lines]
    first, last = _steady([id(row.owner) in known for row in seen])
    free = [
        (sum(bool(other.owner) for other in rows[:at]), row.line)
        for at, row in enumerate(rows)
        if not row.owner
    ]
    return Piece(start_ms, end_ms, lines, passages, first, last, free)


def _passages(owners: Sequence[Piece]) -> list[Passage]:
    """Tell which lines are of one caption, how it runs, and which is read first: that which began first."""
    runs = [list(run) for _, run in groupby(owners, key=id)]
    in_turn = sorted(range(len(runs)), key=lambda at: runs[at][0].start_ms)
    return [
        passage.model_copy(update={"turn": in_turn.index(at)})
        for at, run in enumerate(runs)
        for passage in run[0].passages
    ]


def _steady(known: Sequence[bool]) -> tuple[int, int]:
    """Count what stays above and below that which comes; all of it stays where several come apart."""
    runs = [(is_known, len(list(run))) for is_known, run in groupby(known)]
    if [is_known for is_known, _ in runs].count(False) != 1:
        return len(known), 0
    first = runs[0][1] if runs[0][0] else 0
    return first, (runs[-1][1] if runs[-1][0] else 0)
