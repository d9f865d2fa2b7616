"""Seconds, frames, samples and milliseconds."""

from fractions import Fraction

import pytest

from src.media import timebase


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        (30, Fraction(30)),
        (29.97, Fraction(30000, 1001)),
        (23.976, Fraction(24000, 1001)),
        (12.5, Fraction(25, 2)),
    ],
)
def test_written_rates_mean_exact_ones(written: float, exact: Fraction) -> None:
    assert timebase.fps_of(written) == exact


def test_halves_round_up_everywhere() -> None:
    assert [timebase.frames_of_seconds(n / 64, Fraction(32)) for n in (1, 3, 5)] == [1, 2, 3]


def test_frames_and_samples_agree_over_an_hour_of_an_ntsc_rate() -> None:
    fps = Fraction(30000, 1001)
    for frames in range(0, 108_000, 997):
        assert timebase.frames_of_samples(timebase.samples_of_frames(frames, fps), fps) == frames


def test_covering_frames_never_cut_a_sample_off() -> None:
    assert timebase.frames_covering_samples(1600, Fraction(30)) == 1
    assert timebase.frames_covering_samples(1601, Fraction(30)) == 2


def test_milliseconds_and_parts() -> None:
    assert timebase.ms_of_samples(48) == 1
    assert timebase.ms_of_frames(15, Fraction(30)) == 500
    assert timebase.ms_of_seconds(0.1) == 100
    assert timebase.samples_of_seconds(0.5) == 24_000
    assert timebase.ppm_of(0.15) == 150_000
    assert timebase.milli_of(-14.0) == -14_000
