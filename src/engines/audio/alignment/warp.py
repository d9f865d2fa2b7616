"""The cheapest way to hear a score in a sound: dynamic time warping (Sakoe and Chiba, 1978) with rests."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from .features import Features
from .score import Numbers, Score, costs

Totals = npt.NDArray[np.float64]
Moves = npt.NDArray[np.int8]
#: For each row the frames in which it may be heard: the first, and the one after the last.
Windows = Sequence[tuple[int, int]]

#: Rows whose costs are computed at the same time.
_BATCH_ROWS = 64

#: How a row is reached in a frame: it goes on, or follows another. What rests one may leave out.
_STAY: Final = 0
_NEXT: Final = 1
_SAME_FRAME: Final = 2
_NEXT_OVER_REST: Final = 3
_SAME_FRAME_OVER_REST: Final = 4
#: Rows and frames back to where a move comes from.
_BACK: Final = ((0, 1), (1, 1), (1, 0), (2, 1), (2, 0))


class Path(NamedTuple):
    """Rows and the frames in which they are heard, pair by pair; both never fall."""

    rows: Numbers
    frames: Numbers


class _Row(NamedTuple):
    """Cheapest ways to be in a row, by frame."""

    start: int
    """Frame of the first total."""
    totals: Totals

    def reached(self, start: int, end: int, back: int) -> Totals:
        """Tell the totals of frames from `start` to `end`, each as it was `back` frames before."""
        found = np.full(end - start, np.inf)
        first, last = max(start - back, self.start), min(end - back, self.start + len(self.totals))
        if first < last:
            found[first + back - start : last + back - start] = self.totals[
                first - self.start : last - self.start
            ]
        return found


def warp(score: Score, sound: Features, windows: Windows) -> Path:
    """Find the way through all rows and frames that costs least.

    Args:
        score: what is said.
        sound: what is heard.
        windows: each overlaps the next, neither end ever falls; the first two begin at 0, the last two end
            where the sound ends.
    """
    moves: list[Moves] = []
    # Before the first row nothing has been heard, and nothing has been spent.
    before, last = _Row(0, np.empty(0)), _Row(-1, np.zeros(1))
    for row, (window, cost) in enumerate(zip(windows, _costs(score, sound, windows), strict=True)):
        arrivals = _arrivals(score, row, window, last, before)
        made, found = _fill(arrivals, cost)
        moves.append(made)
        before, last = last, _Row(window[0], found)
    ends = len(windows) - (1 if last.totals[-1] <= before.totals[-1] else 2)
    return _traced(moves, windows, ends)


def _costs(score: Score, sound: Features, windows: Windows) -> Iterator[Totals]:
    for start in range(0, len(windows), _BATCH_ROWS):
        batch = windows[start : start + _BATCH_ROWS]
        first, last = batch[0][0], batch[-1][1]
        table = costs(score, sound, slice(start, start + len(batch)), slice(first, last))
        for row, (begin, end) in zip(table, batch, strict=True):
            yield row[begin - first : end - first].astype(np.float64)


def _arrivals(
    score: Score, row: int, window: tuple[int, int], last: _Row, before: _Row
) -> list[tuple[int, Totals]]:
    """Tell the moves into a row and what has been spent by then, frame by frame."""
    moves = [(_NEXT, last.reached(*window, 1))]
    if score.rests[row]:
        return moves
    if score.rests[row - 1]:
        over = ((_NEXT_OVER_REST, 1), (_SAME_FRAME_OVER_REST, 0))
        return [*moves, *((move, before.reached(*window, back)) for move, back in over)]
    return [*moves, (_SAME_FRAME, last.reached(*window, 0))]


def _fill(arrivals: Sequence[tuple[int, Totals]], cost: Totals) -> tuple[Moves, Totals]:
    """Go on in a row as long as that is cheaper than to arrive anew."""
    move = np.full(len(cost), arrivals[0][0], np.int8)
    best = arrivals[0][1]
    for kind, totals in arrivals[1:]:
        move[totals < best] = kind
        best = np.minimum(best, totals)
    spent = np.cumsum(cost)
    # To stay from frame k to frame n costs spent[n] - spent[k - 1]: the best k is a running minimum.
    entered = best - (spent - cost)
    cheapest = np.minimum.accumulate(entered)
    move[cheapest < entered] = _STAY
    return move, spent + cheapest


def _traced(moves: Sequence[Moves], windows: Windows, row: int) -> Path:
    """Follow the moves back from the last frame of a row."""
    frame = windows[row][1] - 1
    way: list[tuple[int, int]] = []
    while row >= 0 and frame >= 0:
        way.append((row, frame))
        rows, frames = _BACK[moves[row][frame - windows[row][0]]]
        row, frame = row - rows, frame - frames
    rows_heard, frames_heard = np.array(way[::-1], np.int64).T
    return Path(rows_heard, frames_heard)
