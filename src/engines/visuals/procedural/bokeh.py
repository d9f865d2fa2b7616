"""Soft discs of light, out of focus."""

import numpy as np

from .arrays import Floats, bell, screen, smoothstep
from .discs import add_disc
from .family import Family
from .motion import Wander

#: Discs in a picture.
_DISCS = 36


class Bokeh(Family):
    """Discs at several depths, rising slowly and breathing."""

    samples = 180

    def _prepare(self, rng: np.random.Generator) -> None:
        depth = np.sort(rng.random(_DISCS))
        spread = (np.arange(_DISCS) + 0.5) / _DISCS
        self._x = (rng.permutation(spread) * 2.2 - 1.1).tolist()
        self._y = rng.permutation(spread).tolist()
        self._radius = (0.024 + 0.115 * depth**1.7 * rng.uniform(0.75, 1.25, _DISCS)).tolist()
        self._light = (rng.uniform(0.16, 0.50, _DISCS) * (1 - 0.55 * depth)).tolist()
        self._depth = depth.tolist()
        self._sway = Wander(rng, 2 * _DISCS, (9, 21))
        self._glows = Wander(rng, 8, (18, 36))
        grid = self._grid
        self._ground = 0.07 + 0.13 * smoothstep(1.1, 0.1, grid.full(grid.down))

    def paint(self, seconds: float) -> Floats:
        """Paint large dim glows, then the discs from far to near."""
        grid, tone = self._grid, self._glow(seconds)
        sway = self._sway.at(seconds).tolist()
        for index, depth in enumerate(self._depth):
            radius = self._radius[index]
            rise = (self._y[index] - seconds * (0.006 + 0.012 * depth)) % 1.0
            x = self._x[index] * grid.half_width + 0.05 * sway[index]
            y = (rise * 2 - 1) * (grid.half_height + 1.35 * radius)
            light = self._light[index] * (0.72 + 0.28 * sway[_DISCS + index])
            add_disc(tone, grid, (x, y), radius, light, 0.05 + 0.9 * abs(depth - 0.4))
        return tone

    def _glow(self, seconds: float) -> Floats:
        grid, place = self._grid, self._glows.at(seconds).tolist()
        tone = self._ground
        for index, light in enumerate((0.22, 0.26, 0.20, 0.16)):
            x = 0.9 * place[index] * grid.half_width
            y = (0.8 * place[index + 4] - 0.1) * grid.half_height
            tone = screen(tone, bell((grid.x - x) * 1.8) * (light * bell((grid.y - y) * 1.8)))
        return tone
