"""Loudness below a ceiling, told from peaks and powers."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from src.engines.audio.dynamics import PEAK_BLOCK, limit_curve, peaks_db, reduce
from src.engines.audio.limiter import Mix, find_drive, limited, record
from src.engines.audio.recording import Recording
from src.media.loudness import gated_lufs, weighted_powers
from src.media.sound import Sound
from src.models.timeline import SAMPLE_RATE


@pytest.fixture
def recording(tmp_path: Path) -> Iterator[Recording[np.float32]]:
    with Recording(tmp_path, np.float32) as opened:
        yield opened


def drums(seconds: float, bed: float = 0.02) -> Sound:
    """Make a noise bed with a hit every half second."""
    samples = int(seconds * SAMPLE_RATE)
    time = np.arange(samples) % (SAMPLE_RATE // 2) / SAMPLE_RATE
    hits = np.sin(2 * np.pi * 70 * time) * np.exp(-time * 20)
    noise = np.random.default_rng(2).standard_normal((samples, 2)) * bed
    return (hits[:, None] + noise).astype(np.float32)


def lufs_of(sound: Sound) -> float:
    return gated_lufs(weighted_powers([sound], 480), 480)


def recorded_mix(sound: Sound, recording: Recording[np.float32]) -> Mix:
    return record(np.array_split(sound, range(SAMPLE_RATE, len(sound), SAMPLE_RATE)), recording)


@pytest.mark.parametrize("aim", [-24.0, -14.0, -10.0])
def test_the_loudness_that_is_told_is_the_loudness_of_the_limited_mix(
    recording: Recording[np.float32], aim: float
) -> None:
    mix = recorded_mix(drums(12.3), recording)

    drive = find_drive(mix, aim, -2.0)

    sound = np.concatenate(list(limited(mix, drive)))
    assert drive.missed_lu == pytest.approx(0, abs=0.03)
    assert lufs_of(sound) == pytest.approx(aim, abs=0.1)
    assert np.abs(sound).max() <= 10 ** (-2 / 20) * 1.0001


def test_a_mix_is_limited_in_pieces_as_in_one(recording: Recording[np.float32]) -> None:
    sound = drums(25.123)
    mix = recorded_mix(sound, recording)

    drive = find_drive(mix, -11.0, -2.0)

    whole = sound * np.float32(10 ** (drive.gain_db / 20))
    reduce(whole, limit_curve(mix.peaks_db.astype(np.float64) + drive.gain_db, -2.0), PEAK_BLOCK)
    assert np.allclose(np.concatenate(list(limited(mix, drive))), whole, rtol=0, atol=1e-6)
    assert np.abs(mix.peaks_db - peaks_db(sound)).max() < 1e-4


def test_a_loudness_out_of_reach_is_missed_on_the_quiet_side(recording: Recording[np.float32]) -> None:
    clicks = np.zeros((4 * SAMPLE_RATE, 2), np.float32)
    clicks[:: SAMPLE_RATE // 2] = 0.9

    drive = find_drive(recorded_mix(clicks, recording), -14.0, -2.0)

    assert drive.missed_lu > 5


@pytest.mark.parametrize("samples", [1, 480, 9_600])
def test_a_mix_too_short_to_be_measured_is_levelled_as_if_it_went_on(
    recording: Recording[np.float32], samples: int
) -> None:
    flat = (np.ones((samples, 2)) * 0.01 * (-1) ** np.arange(samples)[:, None]).astype(np.float32)

    drive = find_drive(recorded_mix(flat, recording), -20.0, -2.0)

    assert -20 < drive.gain_db < 60
