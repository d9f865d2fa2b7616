"""Black and frozen stretches of a film."""

import numpy as np

from src.engines.encode.watch import Stretch, black_stretches, frozen_stretches, thumbnail


def test_a_thumbnail_samples_all_of_the_frame() -> None:
    luma = np.arange(64, dtype=np.uint8)[None, :].repeat(32, axis=0)
    assert thumbnail(luma).reshape(16, 16)[3].tolist() == list(range(2, 64, 4))


def test_black_counts_from_the_least_length_on() -> None:
    frames = np.full((20, 256), 100, np.uint8)
    frames[3:8] = 16
    frames[12:14] = 16
    assert black_stretches(frames, 5) == (Stretch(3, 5),)
    assert len(black_stretches(frames, 2)) == 2


def test_a_frozen_stretch_is_as_long_as_nothing_changes() -> None:
    frames = np.arange(20, dtype=np.uint8)[:, None].repeat(256, axis=1).copy()
    frames[10:] = 77
    assert frozen_stretches(frames, 5) == (Stretch(11, 9),)
    assert frozen_stretches(frames, 10) == ()
