"""The synthesised pictures are natural enough for an encoder, and the same every time."""

import json
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from benchmarks.camera import photograph
from benchmarks.footage import film
from benchmarks.scenario import CLIPS, PHOTOS, Scale, job_of, write_material
from src.models.job import parse_job


@pytest.mark.parametrize("place", range(len(PHOTOS)))
def test_a_photograph_has_the_spectrum_of_photographs(place: int) -> None:
    """The amplitude of natural images falls about as 1 / frequency."""
    luma = photograph(PHOTOS[place], 192, 256)[:192].mean(2)
    window = np.hanning(192)
    amplitude = np.abs(np.fft.fft2((luma - luma.mean()) * np.outer(window, window)))
    radius = np.hypot(*np.meshgrid(np.fft.fftfreq(192), np.fft.fftfreq(192)))
    bands = np.geomspace(0.02, 0.4, 9)
    means = [amplitude[(radius >= low) & (radius < high)].mean() for low, high in pairwise(bands)]
    slope, _ = np.polyfit(np.log(np.sqrt(bands[1:] * bands[:-1])), np.log(means), 1)
    assert -1.9 < slope < -0.6


def test_the_same_place_gives_the_same_photograph() -> None:
    first, second = (photograph(PHOTOS[0], 90, 120) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_a_clip_moves_and_has_the_frames_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "clip.mp4"
    film(CLIPS[0], (96, 160), 12, file)
    with av.open(file) as container:
        frames = [frame.to_ndarray(format="gray").astype(int) for frame in container.decode(video=0)]
    assert len(frames) == 12
    assert frames[0].shape == (160, 96)
    steps = [np.abs(after - before).mean() for before, after in pairwise(frames)]
    assert min(steps) > 0
    assert np.abs(frames[-1] - frames[0]).mean() > 1.5 * np.mean(steps)


@pytest.mark.parametrize("seconds", [1, 4, 30, 60])
def test_the_job_is_valid_and_lasts_as_long_as_asked(seconds: int) -> None:
    job = parse_job(json.dumps(job_of(Scale(seconds))))
    lasts = sum(scene.duration for scene in job.scenes if scene.duration != "auto")
    assert lasts == pytest.approx(seconds, abs=0.01)
    assert all(scene.text and len(scene.visuals) == 1 for scene in job.scenes)


def test_thirty_seconds_show_four_photographs_and_two_clips() -> None:
    kinds = [visual["type"] for scene in job_of(Scale())["scenes"] for visual in scene["visuals"]]
    assert sorted(kinds) == ["image"] * 4 + ["video"] * 2


def test_material_that_stands_is_not_made_again(tmp_path: Path) -> None:
    scale = Scale(2, 64, 96)
    write_material(tmp_path, scale)
    before = {file.name: file.stat().st_mtime_ns for file in tmp_path.glob("*-1.*")}
    write_material(tmp_path, scale)
    assert before == {file.name: file.stat().st_mtime_ns for file in tmp_path.glob("*-1.*")}
    assert set(before) == {"photo-1.jpg", "clip-1.mp4"}
