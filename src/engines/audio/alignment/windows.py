"""Where in a sound each row of a score is looked for: everywhere, or near where a rough look has found it.

To compare every row with every frame takes time and memory that grow with the square of the length.
"""

import math
from typing import NamedTuple

import numpy as np

from .features import Features, Matrix
from .score import Numbers, Score
from .warp import Windows, warp

#: Pairs of a row and a frame that are compared without a rough look: those of half a minute of speech.
_MOST_PAIRS = 8_000_000
#: Frames that a rough look takes for one, at least: 40 ms are half a sound of speech.
_ROUGHNESS = 4
#: Pairs that a rough look compares at most, at a byte each: it gets rougher only beyond ten minutes.
_MOST_ROUGH_PAIRS = 100_000_000
#: Frames on either side of where the rough look found a row: 2 s, more than a pause or a slip of a sentence.
_MARGIN_FRAMES = 200


class _Rough(NamedTuple):
    """A score and a sound of fewer rows and frames."""

    score: Score
    sound: Features
    rows: Numbers
    """For each row of the fine score the one that it went into."""
    factor: int
    """Frames that went into one."""


def windows_for(score: Score, sound: Features) -> Windows:
    """Choose the frames in which each row may be heard; see `warp`."""
    rows, frames = len(score.rests), len(sound.voiced)
    if rows * frames <= _MOST_PAIRS:
        return [(0, frames)] * rows
    factor = max(_ROUGHNESS, math.ceil(math.sqrt(rows * frames / _MOST_ROUGH_PAIRS)))
    return _near(_roughened(score, sound, factor), rows, frames)


def _near(rough: _Rough, rows: int, frames: int) -> Windows:
    """Look for each row near the frames in which the rough look found it."""
    rough_rows = np.arange(len(rough.score.rests))
    path = warp(rough.score, rough.sound, [(0, len(rough.sound.voiced))] * len(rough_rows))
    # A rest that is left out is looked for between the rows beside it.
    before = np.maximum(np.searchsorted(path.rows, rough_rows, "right") - 1, 0)
    after = np.minimum(np.searchsorted(path.rows, rough_rows, "left"), len(path.rows) - 1)
    last, first = path.frames[before], path.frames[after]
    starts = np.minimum(first, last)[rough.rows] * rough.factor - _MARGIN_FRAMES
    ends = (np.maximum(first, last)[rough.rows] + 1) * rough.factor + _MARGIN_FRAMES
    starts[:2], ends[-2:] = 0, frames
    return list(zip(np.maximum(starts, 0).tolist(), np.minimum(ends, frames).tolist(), strict=True))


def _roughened(score: Score, sound: Features, factor: int) -> _Rough:
    """Average rows within words, and frames, `factor` at a time."""
    edges, words = [0], []
    for word in score.words:
        first = len(edges)
        edges += range(word.start, word.stop, factor)
        words.append(slice(first, len(edges)))
        edges.append(word.stop)
    rows = np.repeat(np.arange(len(edges)), np.diff([*edges, len(score.rests)]))
    every = range(0, len(sound.voiced), factor)
    voiced = np.add.reduceat(sound.voiced, every) * 2 > np.diff([*every, len(sound.voiced)])
    rough_score = Score(_averaged(score.vectors, edges), score.rests[edges], tuple(words))
    return _Rough(rough_score, Features(_averaged(sound.vectors, every), voiced), rows, factor)


def _averaged(vectors: Matrix, edges: list[int] | range) -> Matrix:
    """Average from each edge to the next, at length 1 again."""
    sums = np.add.reduceat(vectors, edges, axis=0)
    return np.asarray(sums / (np.linalg.norm(sums, axis=1, keepdims=True) + 1e-8))
