"""Pictures as YUV 4:2:0 planes, and sprites that are blended onto them.

All luma and chroma is ITU-R BT.709, limited range (16-235, 16-240), chroma sited in the centre of its
2x2 luma pixels.
"""

from typing import NamedTuple, cast

import av
import cv2
import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.uint8]

#: Black in limited range: luma 16, chroma 128.
BLACK = (16, 128, 128)


class Yuv(NamedTuple):
    """A picture: `y` is (H, W) uint8, `u` and `v` are (H/2, W/2) uint8; H and W are even."""

    y: Plane
    u: Plane
    v: Plane

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in luma pixels."""
        return self.y.shape[1], self.y.shape[0]

    @classmethod
    def empty(cls, width: int, height: int) -> "Yuv":
        """Allocate an uninitialised picture."""
        half = (height // 2, width // 2)
        return cls(np.empty((height, width), np.uint8), np.empty(half, np.uint8), np.empty(half, np.uint8))

    @classmethod
    def filled(cls, width: int, height: int, color: tuple[int, int, int] = BLACK) -> "Yuv":
        """Allocate a picture of one colour, given as (y, u, v)."""
        picture = cls.empty(width, height)
        for plane, value in zip(picture, color, strict=True):
            plane.fill(value)
        return picture

    def copy_to(self, out: "Yuv") -> None:
        """Copy into another picture of the same size."""
        for plane, target in zip(self, out, strict=True):
            np.copyto(target, plane)


class Sprite(NamedTuple):
    """A small picture with coverage, premultiplied, ready to be blended at a fixed place.

    `x` and `y` are the even luma coordinates of its top left corner; they may lie outside of the frame.
    `color` holds premultiplied planes, `keep` what of the background stays (255 - alpha) for luma (h, w)
    and chroma (h/2, w/2).
    """

    x: int
    y: int
    color: Yuv
    keep: tuple[Plane, Plane]


def view_of(frame: av.VideoFrame) -> Yuv:
    """View the planes of a yuv420p frame without copying, cut to even sizes; writing changes the frame."""
    width, height = frame.width & ~1, frame.height & ~1
    sizes = [(height, width), (height // 2, width // 2), (height // 2, width // 2)]
    planes = (
        # PyAV's planes are buffers, which its type stubs do not tell.
        np.frombuffer(cast(memoryview, plane), np.uint8).reshape(-1, plane.line_size)[:rows, :columns]
        for plane, (rows, columns) in zip(frame.planes, sizes, strict=True)
    )
    return Yuv(*planes)


def blend(sprite: Sprite, out: Yuv) -> None:
    """Blend a sprite onto a picture in place, clipped to the picture."""
    width, height = out.size
    sprite_width, sprite_height = sprite.color.size
    left, top = max(sprite.x, 0), max(sprite.y, 0)
    right, bottom = min(sprite.x + sprite_width, width), min(sprite.y + sprite_height, height)
    if left >= right or top >= bottom:
        return
    for index, (target, color) in enumerate(zip(out, sprite.color, strict=True)):
        step = 1 if index == 0 else 2
        keep = sprite.keep[min(index, 1)]
        here = np.s_[top // step : bottom // step, left // step : right // step]
        there = np.s_[
            (top - sprite.y) // step : (bottom - sprite.y) // step,
            (left - sprite.x) // step : (right - sprite.x) // step,
        ]
        kept = cv2.multiply(target[here], keep[there], scale=1 / 255)
        cv2.add(kept, color[there], dst=target[here])
