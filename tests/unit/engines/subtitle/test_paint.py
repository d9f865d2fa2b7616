"""Flat colours through masks, and sprites put together."""

import numpy as np

from src.engines.subtitle.geometry import Rect
from src.engines.subtitle.paint import Layer, copy_of, cropped, paint, put_over, rounded_box, scaled
from src.media.colour import rgb_to_yuv, sprite_of_rgba, yuv_of_rgb
from src.media.planes import Plane, Sprite, Yuv, blend

RED = (255, 0, 0, 255)


def noise(seed: int, height: int = 8, width: int = 12) -> Plane:
    return np.random.default_rng(seed).integers(0, 256, (height, width)).astype(np.uint8)


def gray(width: int = 12, height: int = 8) -> Yuv:
    return rgb_to_yuv(np.full((height, width, 3), 120, np.uint8))


def blended(*sprites: Sprite) -> Yuv:
    out = gray()
    for sprite in sprites:
        blend(sprite, out)
    return out


def assert_close(one: Yuv, other: Yuv, within: int) -> None:
    for plane, expected in zip(one, other, strict=True):
        assert np.abs(plane.astype(int) - expected).max() <= within


def test_a_solid_layer_has_exactly_its_color() -> None:
    sprite = paint([Layer(np.full((8, 12), 255, np.uint8), RED)], 0, 0)

    assert_close(blended(sprite), Yuv.filled(12, 8, yuv_of_rgb((255, 0, 0))), within=0)


def test_painting_equals_converting_pixels() -> None:
    mask = noise(1)
    pixels = np.dstack([np.full((8, 12, 3), (30, 200, 90), np.uint8), mask])

    assert_close(
        blended(paint([Layer(mask, (30, 200, 90, 255))], 0, 0)),
        blended(sprite_of_rgba(pixels, 0, 0)),
        within=2,
    )


def test_the_first_layer_lies_on_top_and_alpha_lets_the_next_one_through() -> None:
    full = np.full((8, 12), 255, np.uint8)

    sprite = paint([Layer(full, (255, 255, 255, 51)), Layer(full, (0, 0, 0, 255))], 0, 0)

    assert_close(blended(sprite), Yuv.filled(12, 8, yuv_of_rgb((51, 51, 51))), within=1)


def test_sprites_put_together_blend_like_one_after_the_other() -> None:
    low, high = paint([Layer(noise(2), RED)], 0, 0), paint([Layer(noise(3, 4, 4), (0, 0, 255, 200))], 4, 2)
    joined = copy_of(low)

    put_over(high, joined)

    assert_close(blended(joined), blended(low, high), within=2)


def test_a_copy_is_independent() -> None:
    sprite = paint([Layer(noise(4), RED)], 0, 0)
    before = blended(sprite)

    put_over(paint([Layer(noise(5), (0, 255, 0, 255))], 0, 0), copy_of(sprite))

    assert_close(blended(sprite), before, within=0)


def test_cropping_keeps_what_lies_inside() -> None:
    sprite = paint([Layer(np.full((8, 12), 255, np.uint8), RED)], -2, 4)

    part = cropped(sprite, Rect(0, 0, 100, 8))

    assert (part.x, part.y, part.color.size) == (0, 4, (10, 4))
    assert cropped(sprite, Rect(-10, 0, 100, 100)) is sprite
    assert cropped(sprite, Rect(50, 50, 60, 60)).color.size[0] == 0


def test_scaling_keeps_the_middle_and_even_corners() -> None:
    sprite = paint([Layer(np.full((40, 80), 255, np.uint8), RED)], 10, 20)

    small = scaled(sprite, 0.9)

    assert (small.x, small.y, small.color.size) == (14, 22, (72, 36))


def test_a_box_is_round_at_its_corners_only() -> None:
    box = rounded_box(40, 20, 6)

    assert box[0, 0] == box[-1, -1] == box[0, -1] == box[-1, 0] == 0
    assert box[10].min() == box[:, 20].min() == 255
    assert rounded_box(3, 3, 0.2).min() == 255
