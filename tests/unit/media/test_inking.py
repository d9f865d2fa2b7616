"""Drawn text in its colours."""

import numpy as np

from src.media.inking import covered, inked
from src.media.lettering import Drawn

_FILL = np.array([[0, 255, 128]], np.uint8)
_OUTLINE = np.array([[255, 255, 255]], np.uint8)


def test_letters_without_an_outline_have_one_colour() -> None:
    picture = inked(Drawn(_FILL, _FILL, None), (10, 20, 30, 255))

    assert picture[0, 0, 3] == 0
    assert picture[0, 1].tolist() == [10, 20, 30, 255]
    assert picture[0, 2].tolist() == [10, 20, 30, 128]


def test_an_outline_lies_below_the_letters() -> None:
    picture = inked(Drawn(_FILL, _OUTLINE, None), (255, 255, 255, 255), (0, 0, 0, 255))

    assert picture[0].tolist() == [[0, 0, 0, 255], [255, 255, 255, 255], [128, 128, 128, 255]]


def test_pictures_keep_their_colours_and_take_the_letters_opacity() -> None:
    picture = np.zeros((1, 3, 4), np.uint8)
    picture[0, 0] = (200, 0, 0, 255)
    drawn = Drawn(_FILL, _FILL, picture)

    assert inked(drawn, (10, 20, 30, 128))[0, 0].tolist() == [200, 0, 0, 128]
    assert covered(drawn).tolist() == [[255, 255, 128]]
