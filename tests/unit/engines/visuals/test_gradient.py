"""Gradients that fill the frame."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from src.engines.visuals.gradient import open_gradient
from src.media.colour import yuv_to_rgb
from src.media.planes import Yuv
from src.models.planned import Rgb
from src.models.timeline import GradientSource

FPS = Fraction(30)
BLACK_TO_WHITE: tuple[Rgb, ...] = ((0, 0, 0), (255, 255, 255))


def _picture(colors: tuple[Rgb, ...], angle_mdeg: int, size: tuple[int, int] = (96, 128)) -> Yuv:
    picture = Yuv.filled(*size, (1, 2, 3))
    opened = open_gradient(GradientSource(colors=colors, angle_mdeg=angle_mdeg), *size, FPS)
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


def test_every_frame_is_the_same_without_speed() -> None:
    opened = open_gradient(GradientSource(colors=BLACK_TO_WHITE, angle_mdeg=30_000), 64, 64, FPS)
    first, later = Yuv.empty(64, 64), Yuv.empty(64, 64)

    opened.draw(0, first)
    opened.draw(99, later)

    assert all(np.array_equal(a, b) for a, b in zip(first, later, strict=True))


@pytest.mark.parametrize("size", [(64, 64), (66, 530), (1920, 64)])
def test_any_size_of_frame_is_filled(size: tuple[int, int]) -> None:
    picture = _picture(BLACK_TO_WHITE, 160_000, size)

    assert picture.y.min() >= 14
    assert picture.u.min() > 120


def _drifting(*frames: int, size: tuple[int, int] = (96, 160)) -> list[Yuv]:
    source = GradientSource(colors=((20, 20, 40), (120, 60, 200)), angle_mdeg=160_000, speed_ppm=1_000_000)
    opened = open_gradient(source, *size, FPS)
    pictures = []
    for frame in frames:
        pictures.append(Yuv.empty(*size))
        opened.draw(frame, pictures[-1])
    opened.close()
    return pictures


def test_it_drifts_without_a_jump() -> None:
    lumas = [picture.y.astype(float) for picture in _drifting(*range(300))]

    steps = [float(np.abs(after - before).mean()) for before, after in pairwise(lumas)]
    assert max(steps) < 1
    assert all(np.abs(lumas[second + 60] - lumas[second]).mean() > 1 for second in range(0, 240, 30))


def test_a_frame_of_a_drift_depends_on_its_number_alone() -> None:
    ahead, alone = _drifting(7, 90), _drifting(90)

    assert all(np.array_equal(a, b) for a, b in zip(ahead[1], alone[0], strict=True))


def test_a_drift_is_dithered_and_shows_no_bands() -> None:
    (picture,) = _drifting(40, size=(256, 512))

    assert float((np.ptp(picture.y.reshape(64, 8, 32, 8), axis=(1, 3)) > 0).mean()) > 0.95
