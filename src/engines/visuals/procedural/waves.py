"""Layers of hills or waves that fade into the light behind them."""

import numpy as np

from .arrays import Floats, cover, fade, screen, smoothstep
from .family import Family
from .motion import Ripple, Wander

#: Silhouettes, from far to near.
_LAYERS = 6
#: Radius of the sun.
_SUN = 0.145


class Waves(Family):
    """Silhouettes from far and pale to near and dark, a soft sun above."""

    samples = 180

    def _prepare(self, rng: np.random.Generator) -> None:
        self._ridges = [Ripple(rng, 5, (0.35, 1.3 + 0.25 * i), 0.085 + 0.020 * i) for i in range(_LAYERS)]
        self._drift = Wander(rng, 2, (30, 60))
        self._sun_x = float(rng.uniform(-0.22, 0.22)) * 2 * self._grid.half_width
        grid = self._grid
        self._sky = 0.12 + 0.46 * smoothstep(0.0, 0.62, grid.full(grid.down))

    def paint(self, seconds: float) -> Floats:
        """Paint sky and sun, then silhouettes from far to near."""
        grid = self._grid
        tone = self._sky_with_sun(seconds)
        shares = [index / (_LAYERS - 1) for index in range(_LAYERS)]
        tops = [
            (-0.10 + 0.92 * share) * grid.half_height + (0.035 + 0.030 * share) * ridge.at(grid.x, seconds)
            for share, ridge in zip(shares, self._ridges, strict=True)
        ]
        # What the next layer hides need not be painted.
        ends = [float(top.max()) for top in tops[1:]] + [grid.half_height + 1]
        for share, top, end in zip(shares, tops, ends, strict=True):
            rows = grid.rows(float(top.min()), end)
            depth = grid.y[rows] - top
            haze = fade(depth * 8)
            layer = (0.12 - 0.05 * share) * haze
            layer += (0.10 * (1 - 0.7 * share)) * np.square(np.square(np.square(np.square(haze))))
            layer += np.float32(0.56 - 0.53 * share)
            edge = (1.7 - 0.7 * share) * grid.step
            cover(tone[rows], layer, smoothstep(-edge, edge, depth))
        return tone

    def _sky_with_sun(self, seconds: float) -> Floats:
        grid = self._grid
        height = (-0.28 + 0.05 * float(self._drift.at(seconds)[0])) * grid.half_height
        far = np.sqrt(np.square(grid.x - self._sun_x) + np.square(grid.y - height))
        tone = screen(self._sky, 0.42 * fade(3.4 * far))
        sun = 0.95 - 0.55 * np.clip((grid.y - height) * (0.5 / _SUN) + 0.1, 0, 1)
        cover(tone, sun, smoothstep(_SUN + grid.step, _SUN - grid.step, far))
        return tone
