"""Placing, fading and looping to the sample."""

import numpy as np
import pytest

from src.engines.audio.editor import Track, looped, pcm_of, segment_of, sound_of, tiled, with_fades
from src.media.sound import Pcm
from tests.synthetic import tone


def constant(samples: int, value: int = 16_384) -> Pcm:
    return np.full((samples, 2), value, np.int16)


@pytest.mark.parametrize(("start", "samples"), [(0, 1), (7, 1), (48, 480), (1_001, 1_003), (4_999, 1)])
def test_a_segment_lies_exactly_where_it_was_put(start: int, samples: int) -> None:
    track = Track(5_000)

    track.lay(segment_of(constant(samples)), start)

    sound = track.sound()
    assert sound.shape == (5_000, 2)
    assert sound.dtype == np.float32
    assert np.flatnonzero(sound[:, 0]).tolist() == list(range(start, start + samples))
    assert np.all(sound[start : start + samples] == 0.5)


def test_what_sticks_out_of_the_track_is_cut_off() -> None:
    track = Track(100)

    for start in (60, 100, 500):
        track.lay(segment_of(constant(70)), start)

    assert np.count_nonzero(track.sound()[:, 0]) == 40


def test_overlapping_segments_add_up_beyond_full_scale_without_clipping() -> None:
    track = Track(200)

    for _ in range(6):
        track.lay(segment_of(constant(100, 32_767)), 50)

    assert track.sound().max() == pytest.approx(6, abs=0.001)
    assert track.sound().min() == 0


def test_a_gain_is_in_decibels() -> None:
    sound = sound_of(segment_of(constant(100), -6.0206))

    assert np.allclose(sound, 0.25, atol=1e-4)


@pytest.mark.parametrize("samples", [48_000, 48_001, 48_047])
def test_fades_keep_the_length_and_end_in_silence(samples: int) -> None:
    sound = sound_of(with_fades(segment_of(constant(samples)), 9_600, 24_000))[:, 0]

    assert len(sound) == samples
    assert sound[0] == pytest.approx(0, abs=1e-3)
    assert sound[4_800] == pytest.approx(0.25, abs=0.01)
    assert np.all(sound[9_600 : samples - 24_000] == 0.5)
    assert sound[-12_000] == pytest.approx(0.25, abs=0.01)
    assert sound[-1] == pytest.approx(0, abs=0.002)


@pytest.mark.parametrize("samples", [0, 1, 47, 100])
def test_fades_longer_than_the_segment_are_shortened(samples: int) -> None:
    assert len(sound_of(with_fades(segment_of(constant(samples)), 9_600, 9_600))) == samples


def test_tiles_follow_each_other_exactly() -> None:
    pcm = tone(0.01)[:479]

    sound = sound_of(tiled(segment_of(pcm), 5))

    assert np.array_equal(sound, np.tile(pcm, (5, 1)) / np.float32(32768))


@pytest.mark.parametrize("length", [1, 30, 95, 479, 4_801, 30_000, 90_000])
def test_a_loop_of_any_length_fills_the_time(length: int) -> None:
    sound = sound_of(looped(segment_of(constant(length)), 60_000, 19_200))

    assert len(sound) >= 60_000
    assert np.allclose(sound, 0.5, atol=0.01)


def test_a_loop_begins_again_without_a_click() -> None:
    pcm = tone(1.003, hertz=220.7)

    sound = sound_of(looped(segment_of(pcm), 200_000, 19_200))[:, 0]

    steepest = np.abs(np.diff(pcm[:, 0] / 32768)).max()
    assert np.abs(np.diff(sound)).max() < 1.1 * steepest


def test_a_segment_rounds_back_to_the_samples_it_was_made_of() -> None:
    pcm = tone(0.1, level=1.0)

    assert np.array_equal(pcm_of(segment_of(pcm)), pcm)
    assert pcm_of(segment_of(pcm, 20.0)).max() == 32_767
