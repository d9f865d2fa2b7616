"""Changes from one picture to the next."""

from itertools import pairwise

import numpy as np
import pytest

from src.engines.visuals.transitions import FLASH_ATTACK, TRANSITIONS
from src.media.planes import Yuv

#: Rows, or rows and columns.
Part = int | tuple[slice, int]
DARK, LIGHT = (40, 100, 150), (220, 150, 100)


def shown(name: str, progress: float) -> Yuv:
    out = Yuv.empty(96, 128)
    TRANSITIONS[name](Yuv.filled(96, 128, DARK), Yuv.filled(96, 128, LIGHT), progress, out)
    return out


@pytest.mark.parametrize("name", TRANSITIONS)
def test_it_starts_with_the_leaving_and_ends_with_the_coming_picture(name: str) -> None:
    for progress, levels in ((0.002, DARK), (0.998, LIGHT)):
        means = [float(plane.mean()) for plane in shown(name, progress)]
        assert means == pytest.approx(levels, abs=4)


@pytest.mark.parametrize("name", sorted(set(TRANSITIONS) - {"black", "flash"}))
def test_the_share_of_the_coming_picture_only_grows(name: str) -> None:
    means = [float(shown(name, step / 20).y.mean()) for step in range(21)]
    assert all(after >= before - 0.5 for before, after in pairwise(means))


@pytest.mark.parametrize("name", sorted(set(TRANSITIONS) - {"none", "black", "flash", "spin", "zoom_blur"}))
def test_both_pictures_have_the_same_share_in_the_middle(name: str) -> None:
    assert float(shown(name, 0.5).y.mean()) == pytest.approx((DARK[0] + LIGHT[0]) / 2, abs=12)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("wipe_right", np.s_[:, 4], np.s_[:, -4]),
        ("wipe_left", np.s_[:, -4], np.s_[:, 4]),
        ("wipe_down", 4, -4),
        ("wipe_up", -4, 4),
        ("slide_right", np.s_[:, 4], np.s_[:, -4]),
        ("slide_left", np.s_[:, -4], np.s_[:, 4]),
        ("slide_down", 4, -4),
        ("slide_up", -4, 4),
        ("whip_right", np.s_[:, 4], np.s_[:, -4]),
        ("whip_left", np.s_[:, -4], np.s_[:, 4]),
        ("whip_down", 4, -4),
        ("whip_up", -4, 4),
    ],
)
def test_it_comes_from_its_side(name: str, first: Part, last: Part) -> None:
    luma = shown(name, 0.5).y
    assert luma[first].mean() == LIGHT[0]
    assert luma[last].mean() == DARK[0]


def test_black_is_black_in_the_middle() -> None:
    picture = shown("black", 0.5)
    assert [int(plane.max()) for plane in picture] == [16, 128, 128]


def test_a_flash_is_white_where_it_changes_pictures() -> None:
    at, before = shown("flash", FLASH_ATTACK), shown("flash", FLASH_ATTACK * 0.99)
    assert [(int(plane.min()), int(plane.max())) for plane in at] == [(235, 235), (128, 128), (128, 128)]
    assert float(before.y.mean()) == pytest.approx(235, abs=6)


def striped() -> Yuv:
    """Stripes from left to right, which blur from top to bottom mixes."""
    picture = Yuv.filled(96, 128, DARK)
    picture.y[::8] = 200
    return picture


@pytest.mark.parametrize(("name", "is_mixed"), [("whip_left", False), ("whip_up", True), ("spin", True)])
def test_a_fast_camera_smears_along_its_way_only(name: str, is_mixed: bool) -> None:
    out = Yuv.empty(96, 128)
    TRANSITIONS[name](striped(), striped(), 0.4, out)
    contrast = float(out.y[32:96, 8:40].std())
    assert (contrast < 0.75 * float(striped().y.std())) == is_mixed


@pytest.mark.parametrize("name", ["spin", "zoom_blur"])
def test_no_edge_of_a_thrown_picture_comes_into_sight(name: str) -> None:
    """Beyond its edges a picture is mirrored: black corners would give away that it is flat."""
    for step in range(1, 20):
        darkest = [int(plane.min()) for plane in shown(name, step / 20)]
        assert darkest >= [min(one) for one in zip(DARK, LIGHT, strict=True)]


@pytest.mark.parametrize("name", ["spin", "zoom_blur", "zoom", "whip_left"])
def test_a_long_one_begins_as_sharp_as_the_picture_is(name: str) -> None:
    sharp = Yuv.filled(320, 480, DARK)
    sharp.y[::4, ::4] = 235
    out = Yuv.empty(320, 480)
    TRANSITIONS[name](sharp, Yuv.filled(320, 480, LIGHT), 0.003, out)
    assert out.y[120:360, 80:240].std() > 0.8 * sharp.y[120:360, 80:240].std()
