"""Interlocking arcs along which light travels."""

import numpy as np

from .arrays import Floats, bell, enlarged, smoothstep
from .family import Family
from .motion import Wander
from .noise import Clouds

#: Side of a tile.
_PITCH = 0.25
#: Half of a tube's width, in tiles.
_TUBE = 0.14
#: Entries of the table that holds one pulse of light.
_PULSE_STEPS = 1024
#: Every how many samples the clouds are computed that tint the tubes.
_COARSE = 4
#: Tiles a second that pulses travel.
_PACE = 0.16


class Truchet(Family):
    """A tiling of quarter circles, softly embossed, with pulses running through its paths."""

    samples = 270

    def _prepare(self, rng: np.random.Generator) -> None:
        grid = self._grid
        distance, along, lit = self._arcs(rng)
        side = np.abs(distance)
        tube = smoothstep(_TUBE + 0.014, _TUBE - 0.014, side)
        ground = 0.11 - 0.06 * bell((side - _TUBE) / 0.06)
        self._body = ground + (0.23 + 0.10 * lit - ground) * tube
        self._tinted = 0.05 + 0.05 * tube
        self._core = bell(side / 0.05) + 0.28 * bell(side / 0.11)
        self._step = (along * _PULSE_STEPS).astype(np.intp)
        turn = np.arange(_PULSE_STEPS) / _PULSE_STEPS
        self._pulse = np.exp(-3.0 * np.square(np.sin(np.pi * turn))).astype(np.float32) * np.float32(0.62)
        self._x, self._y = (grid.full(side)[::_COARSE, ::_COARSE] for side in (grid.x, grid.y))
        self._tint = Clouds(rng, size=128, slope=2.0, finest=6)
        self._shift = float(rng.random())
        self._sway = Wander(rng, 2, (20, 40))

    def _arcs(self, rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
        """Return distances from the nearest arc in tiles, ways along it (0-1), and the light on its tube."""
        grid = self._grid
        lean = float(rng.uniform(0.3, 0.6))
        cos, sin = float(np.cos(lean)) / _PITCH, float(np.sin(lean)) / _PITCH
        x, y = grid.x * cos + grid.y * sin + 128, grid.y * cos - grid.x * sin + 128
        column, row = x.astype(np.intp), y.astype(np.intp)
        flipped = rng.random((256, 256))[row % 256, column % 256] < 0.5
        u, v = (x - column - 0.5).astype(np.float32), (y - row - 0.5).astype(np.float32)
        u = np.where(flipped, -u, u)
        corner = np.where(u + v > 0, np.float32(0.5), np.float32(-0.5))
        from_x, from_y = u - corner, v - corner
        turn = np.arctan2(np.abs(from_y), np.abs(from_x)) * np.float32(2 / np.pi)
        # Neighbouring tiles must count in opposite senses, or pulses would meet head-on at their seam.
        forward = ((row + column) % 2 == 0) ^ flipped
        radius = np.hypot(from_x, from_y)
        distance = radius - np.float32(0.5)
        tilt = np.clip(distance / _TUBE, -1, 1) / radius
        lit = -tilt * (np.where(flipped, -from_x, from_x) * 0.45 + from_y * 0.8)
        return distance, np.where(forward, turn, 1 - turn), lit.astype(np.float32)

    def paint(self, seconds: float) -> Floats:
        """Paint tubes, tinted by clouds, and pulses of light in some of them."""
        sway = self._sway.at(seconds).tolist()
        tint = self._clouds(0.40, (self._shift + 0.012 * seconds, 0.1 * sway[0]))
        power = self._clouds(0.55, (-0.014 * seconds, self._shift + 0.1 * sway[1]))
        steps = self._step - int(_PACE * seconds % 1 * _PULSE_STEPS)
        light = np.take(self._pulse, steps & (_PULSE_STEPS - 1))
        light *= self._core
        light *= smoothstep(-0.8, 1.6, power)
        tint *= self._tinted
        tint += self._body
        tint += light
        return tint

    def _clouds(self, zoom: float, shift: tuple[float, float]) -> Floats:
        clouds = self._tint.at(self._x, self._y, zoom=(zoom, zoom), shift=shift)
        return enlarged(clouds, _COARSE, self._grid.shape)
