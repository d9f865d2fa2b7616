"""Gradients that fill the frame."""

import numpy as np
import pytest

from src.engines.visuals.gradient import open_gradient
from src.media.colour import yuv_to_rgb
from src.media.planes import Yuv
from src.models.planned import Rgb
from src.models.timeline import GradientSource

BLACK_TO_WHITE: tuple[Rgb, ...] = ((0, 0, 0), (255, 255, 255))


def _picture(colors: tuple[Rgb, ...], angle_mdeg: int, size: tuple[int, int] = (96, 128)) -> Yuv:
    picture = Yuv.filled(*size, (1, 2, 3))
    opened = open_gradient(GradientSource(colors=colors, angle_mdeg=angle_mdeg), *size)
    opened.draw(0, picture)
    opened.close()
    return picture


@pytest.mark.parametrize(
    ("angle_mdeg", "brightest"),
    [(0, "top"), (90_000, "right"), (180_000, "bottom"), (270_000, "left")],
)
def test_the_last_colour_lies_where_the_angle_points(angle_mdeg: int, brightest: str) -> None:
    luma = _picture(BLACK_TO_WHITE, angle_mdeg).y.astype(float)
    sides = {"top": luma[:8], "bottom": luma[-8:], "left": luma[:, :8], "right": luma[:, -8:]}

    assert max(sides, key=lambda side: float(sides[side].mean())) == brightest


def test_the_corners_get_the_outer_colours() -> None:
    luma = _picture(BLACK_TO_WHITE, 135_000).y

    assert luma[0, 0] < 24
    assert luma[-1, -1] > 222


def test_a_colour_in_the_middle_is_met_in_the_middle() -> None:
    rgb = yuv_to_rgb(_picture(((0, 0, 0), (0, 160, 0), (0, 0, 255)), 180_000))

    assert rgb[64, 48].tolist() == pytest.approx([0, 160, 0], abs=30)


def test_it_is_dithered() -> None:
    dark: tuple[Rgb, ...] = ((20, 20, 30), (26, 26, 40))
    luma = _picture(dark, 180_000, (256, 512)).y

    assert float((np.ptp(luma.reshape(64, 8, 32, 8), axis=(1, 3)) > 0).mean()) > 0.95


def test_every_frame_is_the_same() -> None:
    opened = open_gradient(GradientSource(colors=BLACK_TO_WHITE, angle_mdeg=30_000), 64, 64)
    first, later = Yuv.empty(64, 64), Yuv.empty(64, 64)

    opened.draw(0, first)
    opened.draw(99, later)

    assert all(np.array_equal(a, b) for a, b in zip(first, later, strict=True))


@pytest.mark.parametrize("size", [(64, 64), (66, 530), (1920, 64)])
def test_any_size_of_frame_is_filled(size: tuple[int, int]) -> None:
    picture = _picture(BLACK_TO_WHITE, 160_000, size)

    assert picture.y.min() >= 14
    assert picture.u.min() > 120
