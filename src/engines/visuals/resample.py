"""Sub-pixel zoom and crop of planes with exact scales.

OpenCV's `resize` honours a float scale exactly, but starts at whole pixels. The wanted sub-pixel offset is
reached by starting the region a few pixels earlier, at the whole pixel from which the wanted place falls
on a whole output pixel: the remaining error is a few hundredths of a pixel.
"""

import math
from typing import NamedTuple

import cv2
import numpy as np

from ...media.planes import Plane, Yuv

#: Whole source pixels that are tried as the region's start.
_CANDIDATES = 24
#: Pixels added around a plane so that every candidate and the kernel lie inside of it.
MARGIN_PX = 32
#: Weight of starting early against phase error: ties go to the nearest start.
_EARLY_PENALTY = 1e-4


class Span(NamedTuple):
    """Where a resampling starts along one axis, and the output pixels to skip there."""

    start: int
    skip: int


def span_of(offset: float, scale: float) -> Span:
    """Find the whole source pixel from which `offset` lies nearest to a whole output pixel.

    `scale` is source pixels an output pixel; `offset` is the source position of output edge 0.
    """
    candidates = np.floor(offset) - np.arange(_CANDIDATES)
    skipped = (offset - candidates) / scale
    error = np.abs(skipped - np.round(skipped)) * scale + _EARLY_PENALTY * np.arange(_CANDIDATES)
    best = int(np.argmin(error))
    return Span(int(candidates[best]), round(float(skipped[best])))


def with_margin(picture: Yuv) -> Yuv:
    """Repeat the border of each plane `MARGIN_PX` outwards."""
    return Yuv(*(_bordered(plane) for plane in picture))


def _bordered(plane: Plane) -> Plane:
    m = MARGIN_PX
    return np.asarray(cv2.copyMakeBorder(plane, m, m, m, m, cv2.BORDER_REPLICATE), dtype=np.uint8)


def draw_view(padded: Yuv, left: float, top: float, scale: tuple[float, float], out: Yuv) -> None:
    """Fill `out` with the region at (left, top) luma pixels of a picture made by `with_margin`.

    `scale` is source pixels an output pixel along x and y. Luma is interpolated cubically, chroma, half as
    sharp by nature, linearly.
    """
    _draw_plane(padded.y, left, top, scale, out.y, cv2.INTER_CUBIC)
    _draw_plane(padded.u, left / 2, top / 2, scale, out.u, cv2.INTER_LINEAR)
    _draw_plane(padded.v, left / 2, top / 2, scale, out.v, cv2.INTER_LINEAR)


def _draw_plane(
    padded: Plane, left: float, top: float, scale: tuple[float, float], out: Plane, interpolation: int
) -> None:
    height, width = out.shape
    x, y = span_of(left + MARGIN_PX, scale[0]), span_of(top + MARGIN_PX, scale[1])
    right = x.start + math.ceil((x.skip + width + 2) * scale[0]) + 3
    bottom = y.start + math.ceil((y.skip + height + 2) * scale[1]) + 3
    region = padded[y.start : bottom, x.start : right]
    scaled = cv2.resize(region, None, fx=1 / scale[0], fy=1 / scale[1], interpolation=interpolation)
    np.copyto(out, scaled[y.skip : y.skip + height, x.skip : x.skip + width])


def scale_into(picture: Yuv, out: Yuv) -> None:
    """Scale a whole picture into another one: averaging when it shrinks much, else cubic and linear."""
    shrink = max(picture.size[0] / out.size[0], picture.size[1] / out.size[1])
    luma = cv2.INTER_AREA if shrink > 1.3 else cv2.INTER_CUBIC
    chroma = cv2.INTER_AREA if shrink > 1.3 else cv2.INTER_LINEAR
    for plane, target, how in zip(picture, out, (luma, chroma, chroma), strict=True):
        if plane.shape == target.shape:
            np.copyto(target, plane)
        else:
            cv2.resize(plane, (target.shape[1], target.shape[0]), dst=target, interpolation=how)
