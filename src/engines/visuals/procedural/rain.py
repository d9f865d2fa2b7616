"""City lights through a wet night."""

import cv2
import numpy as np

from .arrays import Floats, bell, fade, smoothstep, uniform
from .discs import add_disc
from .family import Family
from .motion import Wander
from .sparks import Sparks

#: Lights of the street.
_LIGHTS = 45
#: Threads of rain in sight.
_DROPS = 80
#: Shorter sides of the frame a second by which far and near lights pass by, and by how much traffic differs.
_FAR_PACE, _NEAR_PACE, _TRAFFIC_PACE = 0.008, 0.045, 0.11
#: How far beyond the frame lights come and go: none is larger.
_OUTSIDE = 0.2
#: Ripples of the wet street: how deep they cut into reflections, how many until it is e times as far,
#: and how many of them run by in a second.
_RIPPLE, _RIPPLES, _RIPPLE_PACE = 0.4, 2.6, 0.8
#: Where the street meets the night, in half heights below the middle.
_HORIZON = 0.02


class Rain(Family):
    """Lights out of focus that pass by along a street, their reflections on it, rain in front."""

    samples = 180

    def _prepare(self, rng: np.random.Generator) -> None:
        grid = self._grid
        near = np.sort(rng.random(_LIGHTS) ** 1.4)
        spread = rng.permutation((np.arange(_LIGHTS) + 0.5) / _LIGHTS * 2.1 - 1.05)
        self._x = (spread * (grid.half_width + _OUTSIDE)).astype(np.float32)
        self._drift = _FAR_PACE + (_NEAR_PACE - _FAR_PACE) * near
        # Every fourth light is a car of its own direction; near ones would be lorries on the pavement.
        self._drift[::4] += _TRAFFIC_PACE * rng.choice([-1, 1], len(near[::4])) * (1 - near[::4])
        self._y = (
            (_HORIZON - rng.uniform(0.0, 1.0, _LIGHTS) * (0.05 + 0.55 * near)) * grid.half_height
        ).tolist()
        self._radius = (0.014 + 0.085 * near * rng.uniform(0.7, 1.2, _LIGHTS)).astype(np.float32)
        self._power = (rng.uniform(0.3, 0.85, _LIGHTS) * (1 - 0.5 * near)).astype(np.float32)
        self._flicker = Wander(rng, 2 * _LIGHTS, (5, 13))
        from_horizon = grid.full(grid.y) - np.float32(_HORIZON * grid.half_height)
        self._sky = 0.06 + 0.30 * fade(np.maximum(from_horizon * 3.0, from_horizon * -4.2))
        street = from_horizon[grid.rows(_HORIZON * grid.half_height, grid.half_height + 1), :1]
        self._ripples = np.log(np.maximum(street, 0) + np.float32(0.02)) * np.float32(_RIPPLES)
        self._ripple_phases = uniform(rng, 0, 1, _LIGHTS)
        onset = smoothstep(-0.01, 0.10, street)
        self._shine = np.ascontiguousarray(onset * fade(street * (1.3 / (0.25 + 4 * self._radius))))
        self._fall_x = uniform(rng, -1.1, 1.1, _DROPS) * np.float32(grid.half_width)
        self._fall_y = rng.random(_DROPS)
        self._pace = rng.uniform(0.55, 1.0, _DROPS) ** 1.5

    def paint(self, seconds: float) -> Floats:
        """Paint the night, the lights' reflections, then the lights."""
        grid, tone = self._grid, self._sky.copy()
        flicker = self._flicker.at(seconds)
        powers = self._power * (0.8 + 0.2 * flicker[_LIGHTS:])
        places = self._places(seconds) + 0.012 * flicker[:_LIGHTS]
        across = (
            bell((grid.x - places[:, None]) / (0.8 * self._radius + 0.01)[:, None]) * (0.4 * powers)[:, None]
        )
        street = tone[-self._shine.shape[0] :]
        street[...] = cv2.gemm(self._rippled(seconds), across, 1, street, 1)
        lights = zip(places.tolist(), self._y, self._radius.tolist(), powers.tolist(), strict=True)
        for x, y, radius, power in lights:
            add_disc(tone, grid, (x, y), radius, power, 0.12)
        return tone

    def _places(self, seconds: float) -> Floats:
        """Let lights pass by, and come back from the other side."""
        reach = self._grid.half_width + _OUTSIDE
        return ((self._x + self._drift * seconds + reach) % (2 * reach) - reach).astype(np.float32)

    def _rippled(self, seconds: float) -> Floats:
        """Break the reflections, (rows, lights), by ripples that run towards the eye."""
        turns = self._ripples + (self._ripple_phases - np.float32(seconds * _RIPPLE_PACE % 1))
        shine = self._shine * (1 - _RIPPLE * (0.5 + 0.5 * np.sin(np.float32(2 * np.pi) * turns)))
        return np.asarray(shine, np.float32)

    def sparks(self, seconds: float) -> Sparks | None:
        """Return threads of falling rain."""
        fallen = (self._fall_y + seconds * self._pace) % 1
        size = self._pace.astype(np.float32)
        return Sparks(
            self._fall_x,
            ((fallen * 2.4 - 1.2) * self._grid.half_height).astype(np.float32),
            0.0004 + 0.0008 * size,
            0.05 + 0.13 * size,
            stretch=34.0,
        )
