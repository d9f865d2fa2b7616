"""A quiet flight through stars."""

import numpy as np

from .arrays import Floats, bell, smoothstep, uniform
from .family import Family
from .motion import Wander
from .noise import Clouds
from .sparks import Sparks

#: Places that a star comes back at before it repeats one: longer than any film.
_RETURNS = 16
#: Stars in flight.
_STARS = 340
#: Share of the way from far to near that a star flies in a second.
_PACE = 0.022


class Starfield(Family):
    """Stars at all depths glide outwards and twinkle before a faint band of gas."""

    def _prepare(self, rng: np.random.Generator) -> None:
        grid = self._grid
        self._gas = Clouds(rng, size=256, slope=1.8, finest=30)
        self._x, self._y = grid.full(grid.x), grid.full(grid.y)
        angle = float(rng.uniform(0.35, 0.8)) * float(rng.choice([-1, 1]))
        from_band = grid.x * float(np.cos(angle)) + grid.y * float(np.sin(angle))
        self._band = bell(from_band * (1 / 0.26))
        self._place_x = uniform(rng, -1, 1, _RETURNS, _STARS)
        self._place_y = uniform(rng, -1, 1, _RETURNS, _STARS)
        self._phase = rng.random(_STARS)
        self._size = np.asarray(0.3 + 0.7 * rng.random(_STARS) ** 3, np.float32)
        self._twinkle = Wander(rng, _STARS, (1.8, 5))
        self._shift = float(rng.random())

    def paint(self, seconds: float) -> Floats:
        """Paint the band of gas."""
        x, y, shift = self._x, self._y, self._shift
        gas = self._gas.at(x, y, zoom=(0.5, 0.5), shift=(shift + 0.0016 * seconds, 0.0008 * seconds))
        veil = self._gas.at(x, y, zoom=(0.3, 0.3), shift=(0.5 - 0.001 * seconds, shift))
        light = self._band * smoothstep(-0.9, 2.6, gas + 0.5 * veil)
        return 0.10 + self._band * (0.20 + 0.08 * gas) + 0.05 * veil + 0.30 * light

    def sparks(self, seconds: float) -> Sparks | None:
        """Return stars on their way from far to near."""
        grid = self._grid
        course = self._phase + seconds * _PACE
        turn = course.astype(np.intp) % _RETURNS
        near = (course % 1).astype(np.float32)
        reach = 0.5 / (1.06 - near)
        light = smoothstep(0.0, 0.2, near) * smoothstep(1.0, 0.93, near)
        light *= (0.25 + 1.2 * near * self._size) * (0.72 + 0.28 * self._twinkle.at(seconds))
        star = np.arange(_STARS)
        return Sparks(
            self._place_x[turn, star] * reach * np.float32(grid.half_width),
            self._place_y[turn, star] * reach * np.float32(grid.half_height),
            0.0008 + 0.0024 * near * near * self._size,
            light,
        )
