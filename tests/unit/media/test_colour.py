"""BT.709 conversion and sprites."""

import numpy as np
import pytest

from src.media.colour import rgb_to_yuv, sprite_of_rgba, yuv_of_rgb, yuv_to_rgb
from src.media.planes import Yuv, blend


@pytest.mark.parametrize(
    ("rgb", "yuv"),
    [
        ((255, 255, 255), (235, 128, 128)),
        ((0, 0, 0), (16, 128, 128)),
        ((255, 0, 0), (63, 102, 240)),
        ((0, 255, 0), (173, 42, 26)),
        ((0, 0, 255), (32, 240, 118)),
    ],
)
def test_primaries_have_the_levels_of_bt709(rgb: tuple[int, int, int], yuv: tuple[int, int, int]) -> None:
    assert yuv_of_rgb(rgb) == yuv


def test_a_picture_survives_the_way_there_and_back() -> None:
    rng = np.random.default_rng(1)
    blocks = rng.integers(0, 256, (8, 8, 3), dtype=np.uint8).repeat(8, axis=0).repeat(8, axis=1)
    there_and_back = yuv_to_rgb(rgb_to_yuv(blocks))
    middles = np.s_[4::8, 4::8]
    assert np.abs(there_and_back[middles].astype(int) - blocks[middles]).max() <= 3


def test_an_opaque_sprite_covers_with_its_own_colour() -> None:
    rgba = np.full((10, 12, 4), (138, 51, 240, 255), np.uint8)
    out = Yuv.filled(40, 40, (200, 90, 90))
    blend(sprite_of_rgba(rgba, 4, 6), out)
    assert (out.y[10, 10], out.u[5, 5], out.v[5, 5]) == yuv_of_rgb((138, 51, 240))
    assert (out.y[0, 0], out.u[0, 0], out.v[0, 0]) == (200, 90, 90)


def test_half_alpha_mixes_half_and_half() -> None:
    rgba = np.full((8, 8, 4), (255, 255, 255, 128), np.uint8)
    out = Yuv.filled(16, 16)
    blend(sprite_of_rgba(rgba, 0, 0), out)
    assert abs(int(out.y[4, 4]) - (16 + 235) // 2) <= 1
    assert abs(int(out.u[2, 2]) - 128) <= 1


@pytest.mark.parametrize(("x", "y"), [(-6, -4), (30, 30), (-100, 0), (0, 400)])
def test_a_sprite_is_clipped_to_the_picture(x: int, y: int) -> None:
    rgba = np.full((11, 13, 4), 255, np.uint8)
    out = Yuv.filled(36, 36)
    blend(sprite_of_rgba(rgba, x, y), out)
    shown = np.zeros((36, 36), bool)
    shown[max(y, 0) : max(y + 11, 0), max(x, 0) : max(x + 13, 0)] = True
    assert (out.y[shown] == 235).all()
    assert (out.y[~shown] == 16).all()
