"""Named palettes."""

from itertools import pairwise

import pytest

from src.engines.visuals.palettes import PALETTES, auto_palette, palette
from src.media.colour import KB, KG, KR
from src.models.planned import Rgb


def _luma(color: Rgb) -> float:
    return KR * color[0] + KG * color[1] + KB * color[2]


def test_there_is_a_choice() -> None:
    assert len(PALETTES) >= 10


@pytest.mark.parametrize("name", PALETTES)
def test_a_palette_goes_from_dark_to_light(name: str) -> None:
    lumas = [_luma(color) for color in palette(name)]

    assert lumas == sorted(lumas)
    assert lumas[0] < 25
    assert lumas[-1] > 190


@pytest.mark.parametrize("name", PALETTES)
def test_a_palette_is_one_that_a_job_could_write_out(name: str) -> None:
    colors = palette(name)

    assert 2 <= len(colors) <= 6
    assert all(0 <= part <= 255 for color in colors for part in color)


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(KeyError):
        palette("beige")


def test_auto_gives_every_seed_a_palette_and_always_the_same_one() -> None:
    chosen = [auto_palette(seed) for seed in range(200)]

    assert chosen == [auto_palette(seed) for seed in range(200)]
    assert set(chosen) <= set(PALETTES)


def test_auto_gives_neighbouring_scenes_different_palettes() -> None:
    chosen = [auto_palette(seed) for seed in range(100)]

    assert all(first != second for first, second in pairwise(chosen))


def test_auto_takes_the_largest_seed() -> None:
    assert auto_palette(2**32 - 1) in PALETTES
