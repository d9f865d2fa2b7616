"""Music for a mood."""

import numpy as np
import pytest

from src.engines.audio.moods import STYLES
from src.engines.audio.music import synthesize_loop
from src.media.loudness import measure
from src.models.sound import Mood
from src.models.timeline import SAMPLE_RATE

MOODS: list[Mood] = ["calm", "upbeat", "dark", "epic"]


@pytest.mark.parametrize("mood", MOODS)
def test_a_loop_runs_into_itself_without_a_click(mood: Mood) -> None:
    pcm = synthesize_loop(mood, 5).astype(int)

    twice = np.concatenate([pcm, pcm])
    bend = np.abs(np.diff(twice, n=2, axis=0)).max(axis=1)
    seam = bend[len(pcm) - 4 : len(pcm) + 4].max()
    assert seam <= np.percentile(bend, 99.9)


@pytest.mark.parametrize("mood", MOODS)
def test_a_loop_is_eight_bars_loud_unclipped_and_wide(mood: Mood) -> None:
    pcm = synthesize_loop(mood, 1)

    assert len(pcm) == STYLES[mood].step_samples * 128
    assert 15 * SAMPLE_RATE < len(pcm) < 26 * SAMPLE_RATE
    assert -18 < measure(pcm).lufs < -10
    assert 0.6 < np.abs(pcm.astype(int)).max() / 32768 < 0.8
    assert abs(pcm.mean()) < 50
    assert np.corrcoef(pcm[:, 0], pcm[:, 1])[0, 1] < 0.95


def test_the_same_seed_plays_the_same_and_another_does_not() -> None:
    first, again, other = (synthesize_loop("calm", seed) for seed in (3, 3, 2**32 - 1))

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_bed_leaves_the_voices_consonants_alone() -> None:
    pcm = synthesize_loop("calm", 2)[:, 0].astype(float)

    power = np.abs(np.fft.rfft(pcm)) ** 2
    hertz = np.fft.rfftfreq(len(pcm), 1 / SAMPLE_RATE)
    assert power[hertz > 4_000].sum() < 0.01 * power.sum()
