"""Folds of satin in slow motion."""

import cv2
import numpy as np

from .arrays import Floats
from .family import Family
from .motion import Wander

#: How steep folds look to the light.
_STEEP = 0.16


class Silk(Family):
    """A cloth of bent waves, lit from one side with a satin gleam."""

    def _prepare(self, rng: np.random.Generator) -> None:
        self._sway = Wander(rng, 8, (20, 44))
        self._phases = rng.uniform(0, 6.28, 8).tolist()
        angle = float(rng.uniform(0.5, 1.1))
        self._cos, self._sin = float(np.cos(angle)), float(np.sin(angle))

    def paint(self, seconds: float) -> Floats:
        """Paint the cloth in the light."""
        height = self._height(seconds)
        per_unit = _STEEP / (2 * self._grid.step)
        slope_x = np.asarray(cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=1, scale=per_unit), np.float32)
        slope_y = np.asarray(cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=1, scale=per_unit), np.float32)
        normal = np.sqrt(1 + np.square(slope_x) + np.square(slope_y))
        lit = np.clip((0.45 * slope_x - 0.55 * slope_y + 0.7) / normal, 0, 1)
        gleam = np.square(np.square(np.square(lit)))
        tone: Floats = 0.06 + 0.34 * lit + 0.13 * height + 0.36 * gleam
        return tone

    def _height(self, seconds: float) -> Floats:
        grid, phase = self._grid, self._phases
        sway = self._sway.at(seconds).tolist()
        x = (grid.x * self._cos + grid.y * self._sin) * 2.4
        y = (grid.y * self._cos - grid.x * self._sin) * 2.4
        for step in range(1, 4):
            bend = 0.85 / step
            x = x + bend * np.sin(step * 1.3 * y + (phase[step] + 2.2 * sway[step]))
            y = y + bend * np.sin(step * 1.1 * x + (phase[step + 4] + 2.2 * sway[step + 4]))
        height: Floats = np.sin(1.6 * x + 0.9 * y + (phase[0] + 2 * sway[0]))
        return height
