"""Loudness and true peak, against the reference signals of EBU Tech 3341."""

from pathlib import Path

import numpy as np
import pytest

from src.media.loudness import (
    SILENCE_LUFS,
    Loudness,
    gated_lufs,
    measure,
    weighted_powers,
)
from src.media.sound import Pcm, SoundUnreadable
from src.models.timeline import SAMPLE_RATE
from tests.synthetic import tone, write_wav


def sine(seconds: float, hertz: float, peak_db: float, phase: float = 0.0) -> Pcm:
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    wave = np.sin(2 * np.pi * hertz * time + phase) * 32768 * 10 ** (peak_db / 20)
    return np.rint(np.stack([wave, wave], axis=1)).astype(np.int16)


def lufs_by_powers(pcm: Pcm) -> float:
    return gated_lufs(weighted_powers([pcm], 480), 480)


@pytest.mark.parametrize("level", [-23.0, -33.0])
def test_a_stereo_sine_measures_its_level(level: float) -> None:
    """Cases 1 and 2 of Tech 3341."""
    pcm = sine(5, 1000, level)

    assert measure(pcm).lufs == pytest.approx(level, abs=0.1)
    assert lufs_by_powers(pcm) == pytest.approx(level, abs=0.1)


def test_quiet_parts_are_gated() -> None:
    """Case 3 of Tech 3341, shortened: -36, -23, -36 dBFS measure -23 LUFS."""
    pcm = np.concatenate([sine(2, 1000, -36), sine(12, 1000, -23), sine(2, 1000, -36)])

    assert measure(pcm).lufs == pytest.approx(-23, abs=0.15)
    assert lufs_by_powers(pcm) == pytest.approx(-23, abs=0.15)


def test_a_peak_between_samples_is_found() -> None:
    """Case 16 of Tech 3341: a quarter of the rate, 45 degrees, peaks 3 dB above its samples."""
    pcm = sine(1, SAMPLE_RATE / 4, -6.0, phase=np.pi / 4)
    rise = np.linspace(0, 1, 4_800)[:, None]
    pcm[:4_800] = pcm[:4_800] * rise
    pcm[-4_800:] = pcm[-4_800:] * rise[::-1]

    assert 20 * np.log10(pcm.max() / 32768) == pytest.approx(-9, abs=0.1)
    assert measure(pcm).true_peak_db == pytest.approx(-6, abs=0.4)


@pytest.mark.parametrize("samples", [0, 1000, SAMPLE_RATE])
def test_silence_measures_the_floor(samples: int) -> None:
    assert measure(np.zeros((samples, 2), np.int16)) == Loudness(SILENCE_LUFS, SILENCE_LUFS)
    assert measure(np.zeros((samples, 2), np.int16)).is_silence


def test_a_file_measures_what_its_samples_do(tmp_path: Path) -> None:
    pcm = tone(1.0)

    assert measure(write_wav(tmp_path / "a.wav", pcm)) == measure(pcm)


def test_a_file_without_sound_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SoundUnreadable):
        measure(tmp_path / "none.wav")


@pytest.mark.parametrize("step", [48, 480])
def test_powers_of_any_step_measure_what_ffmpeg_does(step: int) -> None:
    rng = np.random.default_rng(3)
    noise = (
        rng.standard_normal((7 * SAMPLE_RATE + 1234, 2))
        * np.geomspace(30, 9_000, 7 * SAMPLE_RATE + 1234)[:, None]
    )
    pcm = noise.clip(-32_768, 32_767).astype(np.int16)

    powers = weighted_powers([pcm], step)

    assert len(powers) == -(-len(pcm) // step)
    assert gated_lufs(powers, step) == pytest.approx(measure(pcm).lufs, abs=0.02)


def test_powers_do_not_depend_on_how_a_sound_is_cut() -> None:
    pcm = sine(3, 300, -20)

    cut = weighted_powers(np.split(pcm, [1, 500, 70_001]), 480)

    assert np.array_equal(cut, weighted_powers([pcm], 480))


def test_floats_may_exceed_full_scale() -> None:
    pcm = sine(2, 1000, -6)

    loud = gated_lufs(weighted_powers([pcm.astype(np.float32) * np.float32(4 / 32768)], 48), 48)

    assert loud == pytest.approx(lufs_by_powers(pcm) + 12.04, abs=0.01)


def test_nothing_has_no_powers() -> None:
    assert len(weighted_powers([], 48)) == 0
