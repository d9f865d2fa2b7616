"""Camera moves."""

from itertools import pairwise

import pytest

from src.engines.visuals.camera import ease, view_at
from src.models.timeline import PPM, Camera


def test_easing_starts_and_ends_on_time_and_never_stops() -> None:
    steps = [ease(n / 100) for n in range(101)]
    assert (steps[0], steps[-1]) == (0, 1)
    assert min(b - a for a, b in pairwise(steps)) > 0.003


def test_a_zoom_runs_between_its_cameras() -> None:
    start, end = Camera(), Camera(zoom_ppm=PPM * 5 // 4)
    first, last = view_at(start, end, 0, 30), view_at(start, end, 29, 30)
    assert tuple(first) == (0, 0, 1, 1)
    assert tuple(last) == pytest.approx((0.1, 0.1, 0.8, 0.8))


def test_a_zoom_heads_for_its_focus() -> None:
    end = Camera(zoom_ppm=2 * PPM, x_ppm=PPM, y_ppm=0)
    assert view_at(Camera(x_ppm=PPM, y_ppm=0), end, 9, 10) == pytest.approx((0.5, 0, 0.5, 0.5))


def test_a_shot_of_one_frame_shows_its_start() -> None:
    assert view_at(Camera(), Camera(zoom_ppm=2 * PPM), 0, 1) == (0, 0, 1, 1)
