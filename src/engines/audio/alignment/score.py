"""What is followed in a sound: the speech of a reference word by word, with a rest before and after each."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .features import Features, Flags, Matrix

Numbers = npt.NDArray[np.int64]

#: What a frame of the sound costs in a rest where nobody speaks, and where somebody does: more than a fair
#: likeness of the same speech, less than other speech, so that a rest takes what is not in the text.
_SILENCE_IN_REST, _SPEECH_IN_REST = 0.1, 0.85
#: What a frame of silence costs in a word, on top of how unlike it is.
_SILENCE_IN_WORD = 0.15


class Score(NamedTuple):
    """Rows to be heard one after the other; rests may be left out."""

    vectors: Matrix
    """(rows, d); see `Features`. Those of rests are nothing."""
    rests: Flags
    """(rows,): never two in a row; the first and the last row are some."""
    words: tuple[slice, ...]
    """Rows of each word: one at least."""


def score_of(reference: Features, starts: Sequence[int]) -> Score:
    """Write down a reference.

    Args:
        reference: speech, described.
        starts: frames at which its words begin, rising; there is one at least.
    """
    rows, words = [-1], []
    for start, end in zip(starts, [*starts[1:], len(reference.voiced)], strict=True):
        start = min(start, len(reference.voiced) - 1)
        spoken = (np.flatnonzero(reference.voiced[start:end]) + start).tolist() or [start]
        words.append(slice(len(rows), len(rows) + len(spoken)))
        rows += [*spoken, -1]
    chosen = np.array(rows)
    vectors = np.where(chosen[:, None] < 0, np.float32(0), reference.vectors[chosen])
    return Score(vectors, chosen < 0, tuple(words))


def costs(score: Score, sound: Features, rows: slice, frames: slice) -> Matrix:
    """Tell what it costs to hear rows of a score (n) in frames of a sound (m): (n, m), 0 to 2.15."""
    voiced = sound.voiced[frames]
    unlike = 1 - score.vectors[rows] @ sound.vectors[frames].T
    unlike[:, ~voiced] += np.float32(_SILENCE_IN_WORD)
    unlike[score.rests[rows]] = np.where(voiced, np.float32(_SPEECH_IN_REST), np.float32(_SILENCE_IN_REST))
    return np.asarray(unlike)
