"""Clouds of gas among stars."""

import numpy as np

from .arrays import Floats, enlarged, smoothstep
from .family import Family
from .motion import Wander
from .noise import Clouds
from .sparks import Sparks, starry_sky

#: Every how many samples the currents that bend the gas are computed: they are far smoother than the gas.
_COARSE = 4


class Nebula(Family):
    """Noise bent by noise, drifting, with dark lanes and glowing cores."""

    samples = 180

    def _prepare(self, rng: np.random.Generator) -> None:
        grid = self._grid
        self._coarse = Clouds(rng, size=128, slope=2.0, finest=10)
        self._fine = Clouds(rng, size=512, slope=1.75, finest=60, lowest=2)
        self._origin = rng.random(4).tolist()
        self._drift = Wander(rng, 4, (40, 80))
        self._x, self._y = grid.full(grid.x), grid.full(grid.y)
        self._stars = starry_sky(rng, 210, grid.half_width, (-grid.half_height, grid.half_height))
        self._twinkle = Wander(rng, 210, (2.5, 7))

    def paint(self, seconds: float) -> Floats:
        """Paint gas, dark lanes before it, glowing cores."""
        a, b, c, d = self._drift.at(seconds).tolist()
        start = self._origin
        warp_x = self._warp((start[0] + 0.06 * a + 0.0025 * seconds, start[1]))
        warp_y = self._warp((start[2], start[3] + 0.06 * b - 0.002 * seconds))
        x, y = self._x + np.float32(0.13) * warp_x, self._y + np.float32(0.13) * warp_y
        gas = self._fine.at(x, y, zoom=(0.42, 0.42), shift=(start[1] + 0.004 * seconds, start[2] + 0.03 * c))
        lanes = self._fine.at(
            x, y, zoom=(0.71, 0.71), shift=(start[3] - 0.005 * seconds, start[0] + 0.03 * d)
        )
        density = 0.31 + 0.15 * gas + 0.04 * warp_x
        density *= 1 - 0.5 * smoothstep(0.2, 1.8, lanes)
        core = smoothstep(0.7, 2.8, gas - 0.4 * lanes + 0.4 * warp_y)
        # Far above the usual brightness everything nears one soft limit instead of burning out.
        tone: Floats = np.maximum(density, 0.02) + 0.28 * core
        tone /= np.sqrt(np.sqrt(1 + np.square(np.square(1.15 * tone))))
        return tone

    def _warp(self, shift: tuple[float, float]) -> Floats:
        x, y = self._x[::_COARSE, ::_COARSE], self._y[::_COARSE, ::_COARSE]
        warp = self._coarse.at(x, y, zoom=(0.34, 0.34), shift=shift)
        return enlarged(warp, _COARSE, self._grid.shape)

    def sparks(self, seconds: float) -> Sparks | None:
        """Return twinkling stars."""
        return self._stars.dimmed(0.75 + 0.25 * self._twinkle.at(seconds))
