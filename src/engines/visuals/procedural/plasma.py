"""Soft liquid colour: a mesh gradient whose colours flow into each other."""

import cv2
import numpy as np

from .arrays import Floats
from .family import Family
from .motion import Wander

#: Blobs of colour.
_BLOBS = 8


class Plasma(Family):
    """Blobs of colour that stroll, bent by slow currents."""

    def _prepare(self, rng: np.random.Generator) -> None:
        self._paths = Wander(rng, 2 * _BLOBS, (16, 34))
        self._currents = Wander(rng, 4, (11, 23))
        anchors = (np.arange(_BLOBS) + 0.5) / _BLOBS * 2 - 1
        self._home_x, self._home_y = rng.permutation(anchors).tolist(), anchors.tolist()
        self._tone_of = rng.permutation(np.linspace(0.02, 0.84, _BLOBS)).tolist()

    def paint(self, seconds: float) -> Floats:
        """Paint the blobs' tones, each weighted by its nearness, with a little relief."""
        grid = self._grid
        x, y = self._bend(seconds)
        path = self._paths.at(seconds).tolist()
        weights = np.full(grid.shape, 1e-6, np.float32)
        tone = np.zeros(grid.shape, np.float32)
        for index, blob in enumerate(self._tone_of):
            at_x = (self._home_x[index] * 0.7 + 0.5 * path[index]) * grid.half_width
            at_y = (self._home_y[index] * 0.85 + 0.35 * path[_BLOBS + index]) * grid.half_height
            weight = np.asarray(cv2.exp(-8 * (np.square(x - at_x) + np.square(y - at_y))), np.float32)
            weights += weight
            tone += blob * weight
        tone /= weights
        lit = np.asarray(cv2.Sobel(tone, cv2.CV_32F, 0, 1, ksize=3), np.float32)
        lit += np.asarray(cv2.Sobel(tone, cv2.CV_32F, 1, 0, ksize=3), np.float32)
        return tone - lit * np.float32(0.0035 / grid.step)

    def _bend(self, seconds: float) -> tuple[Floats, Floats]:
        grid = self._grid
        a, b, c, d = self._currents.at(seconds).tolist()
        x = grid.x + 0.17 * np.sin(3.3 * grid.y + 5 * a) + 0.08 * np.sin(6.9 * grid.y - 4 * b)
        y = grid.y + 0.17 * np.sin(4.1 * x + 5 * c) + 0.07 * np.sin(7.7 * x + 4 * d)
        return x, y
