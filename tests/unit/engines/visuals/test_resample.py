"""Sub-pixel views of planes."""

import numpy as np
import pytest

from src.engines.visuals.resample import draw_view, scale_into, span_of, with_margin
from src.media.planes import Yuv


@pytest.mark.parametrize("scale", [1.06, 1.07, 1.1499, 1.2, 1.29, 0.7, 0.95])
def test_the_wanted_place_falls_on_a_whole_output_pixel(scale: float) -> None:
    errors = []
    for step in range(200):
        offset = 40 + step * 0.37
        span = span_of(offset, scale)
        errors.append(abs((offset - span.start) / scale - span.skip) * scale)
    assert max(errors) <= 0.12


def ramp(width: int, height: int) -> Yuv:
    picture = Yuv.filled(width, height)
    picture.y[:] = np.linspace(20, 220, width).astype(np.uint8)[None, :]
    return picture


def test_a_view_shows_the_place_it_is_asked_for() -> None:
    padded = with_margin(ramp(400, 400))
    out = Yuv.empty(200, 200)
    draw_view(padded, 100.0, 100.0, (1.0, 1.0), out)
    assert out.y[100, 0] == padded.y[132, 132]
    assert out.y[100, 199] == padded.y[132, 331]


def test_a_view_reaches_to_all_corners() -> None:
    padded = with_margin(ramp(400, 400))
    for left, top in ((0, 0), (400 - 300 * 1.2, 400 - 300 * 1.2)):
        out = Yuv.filled(300, 300, (1, 1, 1))
        draw_view(padded, left, top, (1.2, 1.2), out)
        assert out.y.min() >= 16


def test_scaling_writes_into_views_with_gaps_between_rows() -> None:
    buffer = np.zeros((64, 96), np.uint8)
    chroma = np.zeros((32, 96), np.uint8)
    out = Yuv(buffer[:, 8:72], chroma[:, 4:36], chroma[:, 50:82])
    scale_into(Yuv.filled(200, 300, (120, 90, 60)), out)
    assert buffer[:, 8:72].min() == buffer.max() == 120
    assert buffer[:, :8].max() == 0
