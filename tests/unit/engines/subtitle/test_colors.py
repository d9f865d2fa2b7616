"""Text that can be read on whatever it stands on."""

from itertools import product

import pytest

from src.engines.subtitle.colors import DARK, LIGHT, contrast, outline_of, readable_on

LEVELS = (0, 64, 110, 128, 160, 255)


@pytest.mark.parametrize("color", list(product(LEVELS, repeat=3)))
def test_text_on_any_box_has_contrast(color: tuple[int, int, int]) -> None:
    assert contrast(readable_on(color), color) > 4.2


def test_black_on_white_has_the_largest_contrast() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)


def test_light_text_gets_a_dark_outline_and_dark_text_a_light_one() -> None:
    assert outline_of((255, 221, 0, 90)) == (*DARK, 90)
    assert outline_of((20, 20, 80, 255)) == (*LIGHT, 255)
