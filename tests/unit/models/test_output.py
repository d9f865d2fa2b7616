"""Sizes of films."""

from typing import Any

import pytest

from src.models.output import Output


@pytest.mark.parametrize(
    ("asked", "size"),
    [
        ({}, (1080, 1920)),
        ({"preset": "landscape"}, (1920, 1080)),
        ({"width": 720}, (720, 1280)),
        ({"height": 1280}, (720, 1280)),
        ({"preset": "landscape", "width": 1366}, (1366, 768)),
        ({"preset": "4x5", "height": 1000}, (800, 1000)),
        ({"width": 720, "height": 720}, (720, 720)),
        ({"width": 4000}, (4000, 4320)),
        ({"preset": "landscape", "width": 64}, (64, 64)),
    ],
)
def test_one_side_alone_keeps_the_shape(asked: dict[str, Any], size: tuple[int, int]) -> None:
    assert Output(**asked).size == size
