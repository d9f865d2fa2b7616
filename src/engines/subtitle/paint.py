"""Flat colours through masks, straight into premultiplied YUV.

A caption has a handful of flat colours: painting planes from masks costs a tenth of converting pixels.
"""

from typing import NamedTuple

import cv2
import numpy as np

from ...media.colour import sprite_of_premultiplied, yuv_of_rgb
from ...media.emoji import Pixels
from ...media.planes import Plane, Sprite, Yuv, blend
from ...models.planned import Rgba
from .geometry import Rect


class Layer(NamedTuple):
    """A mask (H, W) uint8, H and W even, and the colour that shines through it."""

    mask: Plane
    color: Rgba


def paint(layers: list[Layer], x: int, y: int, picture: Pixels | None = None) -> Sprite:
    """Paint layers of one size, the top one first, into a sprite at an even corner.

    `picture` (H, W, 4), premultiplied RGBA, lies on top of them.
    """
    height, width = layers[0].mask.shape
    keep = np.full((height, width), 255, np.uint8)
    if picture is None:
        color = Yuv.filled(width, height, (0, 0, 0))
    else:
        color = sprite_of_premultiplied(picture, x, y).color
        keep -= picture[:, :, 3]
    for mask, (*rgb, alpha) in layers:
        coverage = _u8(cv2.multiply(mask, keep, scale=alpha / 255 / 255))
        keep -= coverage
        coverages = (coverage, *(half(coverage),) * 2)
        for plane, part, value in zip(color, coverages, yuv_of_rgb((rgb[0], rgb[1], rgb[2])), strict=True):
            cv2.add(plane, cv2.convertScaleAbs(part, alpha=value / 255), dst=plane)
    return Sprite(x, y, color, (keep, half(keep)))


def half(plane: Plane) -> Plane:
    """Halve a plane in both directions by averaging."""
    size = (plane.shape[1] // 2, plane.shape[0] // 2)
    return _u8(cv2.resize(plane, size, interpolation=cv2.INTER_AREA))


def put_over(top: Sprite, bottom: Sprite) -> None:
    """Put a sprite over another one in place, clipped to that one."""
    shifted = top._replace(x=top.x - bottom.x, y=top.y - bottom.y)
    blend(shifted, bottom.color)
    # What shines through both is what of the bottom's own transparency stays: blend nothing onto it.
    keep = Yuv(bottom.keep[0], bottom.keep[1], np.empty_like(bottom.keep[1]))
    blend(shifted._replace(color=_nothing(top)), keep)


def _nothing(sprite: Sprite) -> Yuv:
    width, height = sprite.color.size
    return Yuv.filled(width, height, (0, 0, 0))


def copy_of(sprite: Sprite) -> Sprite:
    """Copy a sprite, planes and all."""
    keep = (sprite.keep[0].copy(), sprite.keep[1].copy())
    return sprite._replace(color=Yuv(*(plane.copy() for plane in sprite.color)), keep=keep)


def cropped(sprite: Sprite, area: Rect) -> Sprite:
    """Cut off what lies outside of an area with even corners; planes are views."""
    width, height = sprite.color.size
    left, top = max(area.left - sprite.x, 0), max(area.top - sprite.y, 0)
    right, bottom = min(area.right - sprite.x, width), min(area.bottom - sprite.y, height)
    if (left, top, right, bottom) == (0, 0, width, height):
        return sprite
    return part_of(sprite, Rect(left, top, max(left, right), max(top, bottom)))


def part_of(sprite: Sprite, part: Rect) -> Sprite:
    """Cut a part with even corners, counted from the sprite's own corner; planes are views."""
    full = np.s_[part.top : part.bottom, part.left : part.right]
    halved = np.s_[part.top // 2 : part.bottom // 2, part.left // 2 : part.right // 2]
    color = Yuv(sprite.color.y[full], sprite.color.u[halved], sprite.color.v[halved])
    return Sprite(
        sprite.x + part.left, sprite.y + part.top, color, (sprite.keep[0][full], sprite.keep[1][halved])
    )


def scaled(sprite: Sprite, scale: float) -> Sprite:
    """Shrink or enlarge a sprite a little about its centre."""
    width, height = sprite.color.size
    new_width, new_height = max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)

    def resize(plane: Plane) -> Plane:
        step = width // plane.shape[1]
        return _u8(cv2.resize(plane, (new_width // step, new_height // step), interpolation=cv2.INTER_LINEAR))

    x = sprite.x + (width - new_width) // 4 * 2
    y = sprite.y + (height - new_height) // 4 * 2
    color = Yuv(*(resize(plane) for plane in sprite.color))
    return Sprite(x, y, color, (resize(sprite.keep[0]), resize(sprite.keep[1])))


def faded(sprite: Sprite, share: float) -> Sprite:
    """Let a sprite be seen by a share only, 0-1."""
    color = Yuv(*(_u8(cv2.convertScaleAbs(plane, alpha=share)) for plane in sprite.color))
    luma, chroma = (
        _u8(cv2.convertScaleAbs(plane, alpha=share, beta=255 * (1 - share))) for plane in sprite.keep
    )
    return sprite._replace(color=color, keep=(luma, chroma))


def moved(sprite: Sprite, right_px: float, down_px: float) -> Sprite:
    """Move a sprite, to the nearest even place."""
    return sprite._replace(x=sprite.x + round(right_px / 2) * 2, y=sprite.y + round(down_px / 2) * 2)


def rounded_box(width: int, height: int, radius: float) -> Plane:
    """Draw a filled box with round, anti-aliased corners over all of a mask."""
    mask = np.full((height, width), 255, np.uint8)
    radius = min(radius, width / 2, height / 2)
    side = int(radius)
    if side < 1:
        return mask
    away = radius - (np.arange(side) + 0.5)
    distance = np.hypot(away[:, None], away[None, :])
    corner = (np.clip(radius + 0.5 - distance, 0, 1) * 255).astype(np.uint8)
    mask[:side, :side] = corner
    mask[:side, -side:] = corner[:, ::-1]
    mask[-side:, :side] = corner[::-1]
    mask[-side:, -side:] = corner[::-1, ::-1]
    return mask


def _u8(array: object) -> Plane:
    return np.asarray(array, np.uint8)
