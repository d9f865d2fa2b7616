"""Changes from one picture to the next."""

from itertools import pairwise
from typing import get_args

import numpy as np
import pytest

from src.engines.visuals.transitions import TRANSITIONS
from src.media.planes import Yuv
from src.models.visual import TransitionType

#: Rows, or rows and columns.
Part = int | tuple[slice, int]
DARK, LIGHT = (40, 100, 150), (220, 150, 100)


def shown(name: TransitionType, progress: float) -> Yuv:
    out = Yuv.empty(96, 128)
    TRANSITIONS[name](Yuv.filled(96, 128, DARK), Yuv.filled(96, 128, LIGHT), progress, out)
    return out


def test_every_name_of_the_job_has_a_transition() -> None:
    assert set(TRANSITIONS) == set(get_args(TransitionType))


@pytest.mark.parametrize("name", TRANSITIONS)
def test_it_starts_with_the_leaving_and_ends_with_the_coming_picture(name: TransitionType) -> None:
    for progress, levels in ((0.002, DARK), (0.998, LIGHT)):
        means = [float(plane.mean()) for plane in shown(name, progress)]
        assert means == pytest.approx(levels, abs=4)


@pytest.mark.parametrize("name", sorted(set(TRANSITIONS) - {"none", "black"}))
def test_the_share_of_the_coming_picture_only_grows(name: TransitionType) -> None:
    means = [float(shown(name, step / 20).y.mean()) for step in range(21)]
    assert all(after >= before - 0.5 for before, after in pairwise(means))
    assert means[10] == pytest.approx((DARK[0] + LIGHT[0]) / 2, abs=12)


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
    ],
)
def test_it_comes_from_its_side(name: TransitionType, first: Part, last: Part) -> None:
    luma = shown(name, 0.5).y
    assert luma[first].mean() == LIGHT[0]
    assert luma[last].mean() == DARK[0]


def test_black_is_black_in_the_middle() -> None:
    picture = shown("black", 0.5)
    assert [int(plane.max()) for plane in picture] == [16, 128, 128]
