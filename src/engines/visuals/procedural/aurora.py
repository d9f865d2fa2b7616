"""Northern lights over dark hills."""

from typing import NamedTuple

import numpy as np

from .arrays import Floats, cover, fade, screen, smoothstep
from .family import Family
from .motion import Ripple, Wander
from .sparks import Sparks, starry_sky

#: Tone of the farther and the nearer ridge.
_GROUND_TONES = (0.075, 0.02)


class _Curtain(NamedTuple):
    level: float
    hem: Ripple
    rays: Ripple
    patches: Ripple


class Aurora(Family):
    """Curtains of light with fine rays, a starry sky behind, ridges in front."""

    samples = 180

    def _prepare(self, rng: np.random.Generator) -> None:
        self._curtains = [
            _Curtain(
                -0.34 + 0.36 * index + float(rng.uniform(-0.06, 0.06)),
                Ripple(rng, 5, (0.35, 2.6), 0.05),
                Ripple(rng, 8, (1.5, 18.0), 0.03),
                Ripple(rng, 4, (0.5, 2.5), 0.06),
            )
            for index in range(3)
        ]
        self._breath = Wander(rng, 3, (9, 19))
        grid = self._grid
        self._sky: Floats = 0.02 + 0.20 * np.square(grid.full(grid.down))
        ridge = Ripple(rng, 8, (0.6, 9.0), 0.0)
        ridges = [level - 0.022 * ridge.at(grid.x + level, 0.0) for level in (1.64, 1.78)]
        from_top = grid.y / grid.half_height + 1
        self._ground = [
            smoothstep(-grid.step, grid.step, (from_top - line) * grid.half_height) for line in ridges
        ]
        self._stars = starry_sky(rng, 170, grid.half_width, (-grid.half_height, 0.6 * grid.half_height))
        self._twinkle = Wander(rng, 170, (2.5, 7))

    def paint(self, seconds: float) -> Floats:
        """Paint sky, curtains from far to near, and the ridges in front."""
        grid, tone = self._grid, self._sky
        breath = self._breath.at(seconds).tolist()
        for index, curtain in enumerate(self._curtains):
            hem = curtain.hem.at(grid.x, seconds)
            above = (curtain.level * grid.half_height + 0.10 * hem) - grid.y
            ray = np.clip(0.5 + 0.25 * curtain.rays.at(grid.x + 0.12 * hem, seconds), 0.02, 1.2)
            patch = np.clip(
                0.60 + 0.42 * curtain.patches.at(grid.x, seconds) + 0.2 * breath[index], 0.06, 1.15
            )
            light = fade(np.maximum(above / (0.09 + 0.36 * ray), above * (-1 / 0.028)))
            light *= patch * (0.30 + 0.80 * ray) * (0.62 + 0.12 * index)
            tone = screen(tone, light)
        for layer, ground in zip(_GROUND_TONES, self._ground, strict=True):
            cover(tone, layer, ground)
        return tone

    def sparks(self, seconds: float) -> Sparks | None:
        """Return twinkling stars above the ridges."""
        return self._stars.dimmed(0.75 + 0.25 * self._twinkle.at(seconds))
