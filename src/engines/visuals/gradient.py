"""A colour gradient that fills the frame."""

import math

import cv2
import numpy as np

from ...media.planes import BLACK, Plane, Yuv
from ...models.timeline import GradientSource
from .frames import FrameSource
from .procedural.arrays import Floats
from .procedural.dither import dither
from .procedural.tones import Tones

#: Rows that are computed at a time: a frame of floats would be large.
_STRIP_PX = 256
#: How much a colour between others is rounded off: against a visible kink, but it has to be met.
_ROUNDING = 0.15


class StillSource:
    """Shows one picture for as long as it is asked."""

    def __init__(self, picture: Yuv) -> None:
        self._picture = picture

    def draw(self, frame: int, out: Yuv) -> None:
        """Draw the picture over all of `out`."""
        self._picture.copy_to(out)

    def close(self) -> None:
        """Nothing to let go of."""


def open_gradient(source: GradientSource, width: int, height: int) -> FrameSource:
    """Open a gradient at the size of the film's frame; it is computed once.

    Source: CSS Images Module Level 3, section 3.1: 0 degrees points up, 90 to the right, and the line of the
    gradient is just long enough for the corners to get the outer colours.
    """
    tones = Tones(source.colors, _ROUNDING)
    picture = Yuv.empty(width, height)
    angle = math.radians(source.angle_mdeg / 1000)
    for index, plane in enumerate(picture):
        _fill(plane, tones, index, angle)
    return StillSource(picture)


def _fill(plane: Plane, tones: Tones, index: int, angle: float) -> None:
    height, width = plane.shape
    grain = dither(_STRIP_PX, width)
    across, along = math.sin(angle), -math.cos(angle)
    length = abs(width * across) + abs(height * along)
    column = _places(width) * np.float32(across / length)
    row = _places(height) * np.float32(along / length) + np.float32(0.5)
    for top in range(0, height, _STRIP_PX):
        levels = tones.levels(row[top : top + _STRIP_PX, None] + column)[index] + np.float32(BLACK[index])
        strip = plane[top : top + _STRIP_PX]
        cv2.add(levels, grain[: len(strip)], dst=strip, dtype=cv2.CV_8U)


def _places(length_px: int) -> Floats:
    return (np.arange(length_px) + 0.5 - length_px / 2).astype(np.float32)
