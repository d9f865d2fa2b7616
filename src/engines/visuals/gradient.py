"""A colour gradient that fills the frame, and drifts."""

import math
from fractions import Fraction

import cv2
import numpy as np

from ...media.planes import BLACK, Plane, Yuv
from ...models.timeline import PPM, GradientSource
from .frames import FrameSource
from .procedural.arrays import Floats
from .procedural.dither import dither
from .procedural.grid import Grid, enlargement
from .procedural.projector import Projector
from .procedural.tones import Tones

#: Rows that are computed at a time: a frame of floats would be large.
_STRIP_PX = 256
#: How much a colour between others is rounded off: against a visible kink, but it has to be met.
_ROUNDING = 0.15
#: Samples along the shorter side of a gradient that drifts: its finest detail is where two colours meet.
_SAMPLES = 90
#: How far it turns to either side, in radians, and in how many seconds it does so once.
_SWAY, _SWAY_S = 0.22, 17.0
#: The same for how far it moves along itself, as a share of its length.
_SLIDE, _SLIDE_S = 0.07, 13.1
#: The waves of its lines: share of its length, waves along its width, seconds. No period is a multiple of
#: another one, so that nobody sees the same twice.
_WAVES = ((0.07, 0.45, 10.3), (0.03, -0.8, 8.2))


class StillSource:
    """Shows one picture for as long as it is asked."""

    def __init__(self, picture: Yuv) -> None:
        self._picture = picture

    def draw(self, frame: int, out: Yuv) -> None:
        """Draw the picture over all of `out`."""
        self._picture.copy_to(out)

    def close(self) -> None:
        """Nothing to let go of."""


class DriftingSource:
    """Shows a gradient whose lines sway and wave; a frame depends on its number alone."""

    def __init__(self, source: GradientSource, width: int, height: int, fps: Fraction) -> None:
        scale = enlargement(min(width, height), _SAMPLES)
        self._grid = grid = Grid.over(width, height, scale)
        self._angle = math.radians(source.angle_mdeg / 1000)
        self._frame_s = Fraction(source.speed_ppm, PPM) / fps
        tones = Tones(source.colors, _ROUNDING)
        self._projector = Projector(width, height, scale, tones, np.ones(grid.shape, np.float32))

    def draw(self, frame: int, out: Yuv) -> None:
        """Draw frame `frame` over all of `out`."""
        self._projector.show(self._tones(float(frame * self._frame_s)), out)

    def _tones(self, seconds: float) -> Floats:
        grid = self._grid
        angle = self._angle + _SWAY * math.sin(2 * math.pi * seconds / _SWAY_S)
        across, along = math.sin(angle), -math.cos(angle)
        length = 2 * (grid.half_width * abs(across) + grid.half_height * abs(along))
        tone = grid.full(grid.x * np.float32(across / length) + grid.y * np.float32(along / length))
        tone += np.float32(0.5 + _SLIDE * math.sin(2 * math.pi * seconds / _SLIDE_S))
        sideways = grid.x * np.float32(along) - grid.y * np.float32(across)
        for share, waves, period_s in _WAVES:
            turns = sideways * np.float32(waves) + np.float32(seconds / period_s % 1)
            tone += np.float32(share) * np.sin(np.float32(2 * math.pi) * turns)
        return tone

    def close(self) -> None:
        """Nothing to let go of."""


def open_gradient(source: GradientSource, width: int, height: int, fps: Fraction) -> FrameSource:
    """Open a gradient at the size of the film's frame; one that stands still is computed once.

    Source: CSS Images Module Level 3, section 3.1: 0 degrees points up, 90 to the right, and the line of the
    gradient is just long enough for the corners to get the outer colours.
    """
    if source.speed_ppm:
        return DriftingSource(source, width, height, fps)
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
