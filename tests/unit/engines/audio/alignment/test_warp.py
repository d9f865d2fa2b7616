"""The cheapest way through a score."""

import numpy as np
import pytest

from src.engines.audio.alignment.features import Features
from src.engines.audio.alignment.score import Score, score_of
from src.engines.audio.alignment.warp import warp

#: Sounds of speech, one a letter; a dot is silence.
_SOUNDS = np.eye(6, dtype=np.float32)


def heard(letters: str) -> Features:
    """Make the features of a sound in which each frame is a letter from a to e."""
    numbers = np.array(["abcde.".index(letter) for letter in letters], np.int64)
    return Features(_SOUNDS[numbers], numbers < 5)


def score(*words: str) -> Score:
    """Write down words, frame by frame."""
    starts = np.cumsum([0, *map(len, words[:-1])]).tolist()
    return score_of(heard("".join(words)), starts)


def path(words: Score, sound: Features) -> list[str]:
    """Tell the frames of each word, rests left out, as `first-last`."""
    found = warp(words, sound, [(0, len(sound.voiced))] * len(words.rests))
    told = []
    for rows in words.words:
        frames = found.frames[(found.rows >= rows.start) & (found.rows < rows.stop)]
        told.append(f"{frames[0]}-{frames[-1]}")
    return told


@pytest.mark.parametrize(
    ("sound", "frames"),
    [
        ("aabbcc", ["0-3", "4-5"]),
        ("aaaabbbbcccc", ["0-7", "8-11"]),  # slower
        ("abc", ["0-1", "2-2"]),  # faster
        ("..aabb...cc.", ["2-5", "9-10"]),  # with rests
        ("eeeaabbeeecceee", ["3-6", "10-11"]),  # with what is not in the text
    ],
)
def test_words_are_found_however_fast_and_with_whatever_between_them(sound: str, frames: list[str]) -> None:
    assert path(score("aabb", "cc"), heard(sound)) == frames


def test_every_row_is_heard_in_order_even_in_a_single_frame() -> None:
    found = warp(score("aabb", "cc"), heard("a"), [(0, 1)] * 9)

    assert found.frames.tolist() == [0] * 6
    assert (np.diff(found.rows) > 0).all()


def test_a_word_that_is_not_there_takes_next_to_nothing_from_the_others() -> None:
    [first, missing, last] = path(score("aaaa", "bb", "cccc"), heard("aaaacccc"))

    assert first.startswith("0-")
    assert last.endswith("-7")
    assert missing in ("3-3", "2-3", "4-4", "3-4")


def test_a_row_is_looked_for_within_its_window_only() -> None:
    words, sound = score("a", "a"), heard("a.a.")
    assert path(words, sound) == ["0-0", "2-2"]

    windows = [(0, 2), (0, 2), (0, 4), (1, 4), (1, 4)]
    found = warp(words, sound, windows)
    for row, frame in zip(found.rows.tolist(), found.frames.tolist(), strict=True):
        assert windows[row][0] <= frame < windows[row][1]
