"""Ducking, compression, limiting."""

import numpy as np
import pytest

from src.engines.audio.dynamics import (
    DUCK_HOLD_BLOCKS,
    PEAK_BLOCK,
    SPEECH_BLOCK,
    compress_curve,
    drawn,
    duck_curve,
    levels_db,
    limit_curve,
    peaks_db,
    reduce,
)
from src.engines.audio.editor import Sound
from src.models.timeline import SAMPLE_RATE


def sine(seconds: float, level: float) -> Sound:
    wave = level * np.sin(2 * np.pi * 440 * np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE)
    return np.stack([wave, wave], axis=1).astype(np.float32)


def test_levels_are_root_mean_squares() -> None:
    levels = levels_db(sine(12.345, 1.0))

    assert len(levels) == 1_235
    assert levels[5:1_200] == pytest.approx(-3.01, abs=0.5)


def test_silence_has_the_lowest_level() -> None:
    assert levels_db(np.zeros((1_000, 2), np.float32)).tolist() == [-120.0, -120.0, -120.0]
    assert peaks_db(np.zeros((0, 2), np.float32)).tolist() == []


def test_music_is_down_before_the_word_stays_down_in_the_rest_and_comes_back() -> None:
    voice = np.full(400, -120.0)
    voice[100:150] = voice[170:200] = -20.0

    curve = duck_curve(voice, 12.0)

    assert np.all(curve[:90] == 0)
    assert np.all(curve[100 : 200 + DUCK_HOLD_BLOCKS] == pytest.approx(12.0))
    assert np.all(np.diff(curve[92:100]) > 0)
    assert np.all(np.diff(curve[236:280]) < 0)
    assert np.all(curve[300:] == 0)


def test_no_depth_no_ducking() -> None:
    assert not duck_curve(np.full(50, -10.0), 0.0).any()


def test_only_loud_syllables_are_compressed() -> None:
    assert not compress_curve(np.full(50, -21.0)).any()
    assert compress_curve(np.full(50, -12.0)) == pytest.approx(4.0)


@pytest.mark.parametrize("gain", [0.5, 1.0, 4.0, 30.0])
def test_no_sample_exceeds_the_ceiling(gain: float) -> None:
    rng = np.random.default_rng(1)
    sound = (rng.standard_normal((30_011, 2)) * np.linspace(0, gain, 30_011)[:, None]).astype(np.float32)

    reduce(sound, limit_curve(peaks_db(sound), -1.0), PEAK_BLOCK)

    assert np.abs(sound).max() <= 10 ** (-1 / 20) * 1.0001


def test_what_is_below_the_ceiling_is_left_alone() -> None:
    assert not limit_curve(peaks_db(sine(0.5, 0.8)), -1.0).any()


def test_gains_are_drawn_alike_in_pieces() -> None:
    curve = np.array([0.0, 6.0, 3.0, 0.0])
    whole = drawn(curve, SPEECH_BLOCK, 0, 2_000)

    assert np.array_equal(whole[700:1_300], drawn(curve, SPEECH_BLOCK, 700, 1_300))
    assert np.array_equal(whole[1_919:1_920], drawn(curve, SPEECH_BLOCK, 1_919, 1_920))
    assert whole[720] == pytest.approx(10 ** (-6 / 20), abs=1e-3)
    assert whole[0] == whole[-1] == 1.0
