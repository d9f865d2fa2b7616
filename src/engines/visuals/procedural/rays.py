"""Beams of light from above, with dust in them."""

import numpy as np

from .arrays import Floats, fade, screen, smoothstep, uniform
from .family import Family
from .motion import Ripple, Wander
from .sparks import Sparks

#: Motes of dust.
_MOTES = 90


class Rays(Family):
    """Light falls in from an upper corner through something that moves."""

    def _prepare(self, rng: np.random.Generator) -> None:
        grid = self._grid
        side = float(rng.choice([-1, 1]))
        across = grid.x - side * (grid.half_width + 0.10)
        along = grid.y + grid.half_height + 0.22
        self._angle = np.arctan2(across, along).astype(np.float32)
        self._far = np.sqrt(np.square(across) + np.square(along)) / np.float32(2 * grid.half_height)
        self._beams = Ripple(rng, 5, (0.8, 4.0), 0.018)
        self._fans = Ripple(rng, 5, (2.5, 12.0), 0.014)
        self._ground = 0.05 + 0.26 * smoothstep(1.25, 0.0, self._far) + 0.30 * fade(6.0 * self._far)
        self._dust_x = uniform(rng, -1, 1, _MOTES) * np.float32(grid.half_width)
        self._dust_y = uniform(rng, 0, 1, _MOTES)
        self._depth = uniform(rng, 0.2, 1.0, _MOTES)
        self._sway = Wander(rng, 2 * _MOTES, (7, 15))

    def paint(self, seconds: float) -> Floats:
        """Paint beams, fainter the farther they come."""
        beams = 0.5 + 0.5 * np.sin(1.4 * self._beams.at(self._angle, seconds))
        fans = 0.5 + 0.3 * self._fans.at(self._angle, seconds)
        light = np.clip(beams * (0.45 + 0.75 * fans), 0, 1) * fade(1.25 * self._far)
        return screen(self._ground, 0.72 * light)

    def sparks(self, seconds: float) -> Sparks | None:
        """Return motes of dust, large ones nearer and fainter."""
        sway = self._sway.at(seconds)
        down = (self._dust_y + np.float32(0.006 * seconds) * self._depth) % 1
        visible = smoothstep(0.0, 0.08, down) * smoothstep(1.0, 0.85, down)
        return Sparks(
            self._dust_x + 0.05 * sway[:_MOTES],
            (down * 2 - 1) * np.float32(self._grid.half_height),
            0.0012 + 0.0032 * self._depth * self._depth,
            visible * (0.16 + 0.24 * (1 - self._depth)) * (0.7 + 0.3 * sway[_MOTES:]),
        )
