"""A flight down a soft tunnel of light."""

import numpy as np

from .arrays import Floats, smoothstep
from .family import Family
from .motion import Wander
from .noise import Clouds


class Tunnel(Family):
    """Clouded walls in polar depth, rings of light, a dark end."""

    samples = 180

    def _prepare(self, rng: np.random.Generator) -> None:
        grid = self._grid
        self._walls = Clouds(rng, size=256, slope=1.5, finest=36)
        self._sway = Wander(rng, 1, (12, 26))
        x, y = grid.x - float(rng.uniform(-0.06, 0.06)), grid.y + 0.16 * grid.half_height
        radius = np.sqrt(np.square(x) + 0.72 * np.square(y)) + np.float32(0.02)
        turn = np.arctan2(y, x) * np.float32(0.5 / np.pi)
        self._depth = 0.16 / radius
        self._twist = turn + 0.10 * self._depth
        self._open = smoothstep(0.03, 0.42, radius)

    def paint(self, seconds: float) -> Floats:
        """Paint two layers of wall at different speeds, and rings."""
        twist = self._twist + np.float32(0.05 * float(self._sway.at(seconds)[0]))
        near = self._walls.at(twist, self._depth, zoom=(2, 1), shift=(0.004 * seconds, 0.035 * seconds))
        far = self._walls.at(
            twist, self._depth, zoom=(3, 0.6), shift=(0.3 - 0.006 * seconds, 0.024 * seconds)
        )
        turns = np.float32(0.09 * seconds % 1 * 2 * np.pi)
        wave = 0.5 + 0.5 * np.sin(self._depth * np.float32(4.4 * np.pi) + turns + 0.9 * near)
        tone: Floats = 0.31 + 0.11 * near + 0.06 * far
        tone += 0.14 * np.square(np.square(wave))
        tone += 0.20 * smoothstep(0.8, 2.8, near + 0.5 * far)
        tone *= 0.12 + 0.88 * self._open
        return tone
