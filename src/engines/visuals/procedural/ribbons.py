"""Translucent ribbons that cross and twist."""

from typing import NamedTuple

import cv2
import numpy as np

from .arrays import Floats, smoothstep
from .family import Family
from .motion import Ripple, Wander

#: Ribbons in a picture.
_RIBBONS = 6
#: Light that the upper edge of a ribbon has more.
_RIM = 0.10


class _Ribbon(NamedTuple):
    level: float
    light: float
    edge: Ripple
    width: Ripple


class Ribbons(Family):
    """Veils of light, each bright along one edge and fading across its width."""

    samples = 180

    def _prepare(self, rng: np.random.Generator) -> None:
        lights = rng.permutation(np.linspace(0.22, 0.48, _RIBBONS))
        self._ribbons = [
            _Ribbon(
                float(level),
                float(light),
                Ripple(rng, 3, (0.28, 1.0), 0.05),
                Ripple(rng, 3, (0.35, 1.2), 0.05),
            )
            for level, light in zip(np.linspace(-0.62, 0.62, _RIBBONS), lights, strict=True)
        ]
        self._sway = Wander(rng, _RIBBONS, (15, 30))
        grid = self._grid
        self._tilt = float(rng.choice([-0.55, 0.55]))
        self._ground = 0.04 + 0.16 * smoothstep(-1.0, 1.0, grid.full(grid.y + 0.5 * grid.x))

    def paint(self, seconds: float) -> Floats:
        """Paint ribbons over one another, light adding up where they cross."""
        grid, tone = self._grid, self._ground.copy()
        sway = self._sway.at(seconds).tolist()
        for ribbon, drift in zip(self._ribbons, sway, strict=True):
            level = (ribbon.level + 0.12 * drift) * grid.half_height
            edge = level + self._tilt * grid.x + 0.12 * ribbon.edge.at(grid.x, seconds)
            width = 0.07 + 0.15 * np.sqrt(0.02 + np.square(ribbon.width.at(grid.x, seconds)))
            below = grid.rows(float(edge.min()), grid.half_height + 1)
            depth = grid.y[below] - edge
            veil = np.asarray(cv2.exp(-np.abs(depth * (1.5 / width) - np.float32(0.16))), np.float32)
            rim = np.square(np.square(np.square(veil)))
            veil *= np.float32(ribbon.light)
            rim *= np.float32(_RIM)
            veil += rim
            veil *= smoothstep(-1.2 * grid.step, 1.2 * grid.step, depth)
            rows = tone[below]
            rows += veil * (1 - rows)
        return tone
