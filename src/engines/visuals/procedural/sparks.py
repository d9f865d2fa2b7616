"""Points of light drawn at full resolution, placed to a fraction of a pixel so that they glide."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ....media.planes import Plane
from .arrays import Floats, uniform

#: Brightest luma of limited range.
_WHITE = 235
#: Luma levels between black and white.
_LUMA_RANGE = 219


class Sparks(NamedTuple):
    """Round soft points: arrays of one length, lengths in shorter sides of the frame."""

    x: Floats
    y: Floats
    radius: Floats
    """Standard deviation of the soft point."""
    light: Floats
    """Added brightness at the middle, 0-1."""
    stretch: float = 1.0
    """How many times as high as wide they are."""

    def dimmed(self, share: Floats) -> "Sparks":
        """Return the same points with this share of their light each."""
        return self._replace(light=self.light * share)


def draw_sparks(sparks: Sparks, luma: Plane) -> None:
    """Add sparks to a luma plane in place; where two overlap the later one wins."""
    height, width = luma.shape
    shorter = min(width, height)
    sigma = np.maximum(sparks.radius * shorter, 0.45)
    order = np.argsort(sigma, kind="stable")
    # Few large ones would make all patches large: draw in groups of like size.
    for group in np.array_split(order, 3):
        if group.size:
            centre_x = sparks.x[group] * shorter + width / 2 - 0.5
            centre_y = sparks.y[group] * shorter + height / 2 - 0.5
            _draw_group(luma, (centre_x, centre_y), sigma[group], sparks.light[group], sparks.stretch)


def _draw_group(
    luma: Plane, centre: tuple[Floats, Floats], sigma: Floats, light: Floats, stretch: float
) -> None:
    columns, across = _profile(centre[0], sigma, luma.shape[1])
    rows, along = _profile(centre[1], sigma * np.float32(stretch), luma.shape[0])
    along *= (light * _LUMA_RANGE)[:, None]
    added = along[:, :, None] * across[:, None, :]
    where = (rows[:, :, None], columns[:, None, :])
    before = luma[where]
    luma[where] = np.maximum(before, np.minimum(before + added, _WHITE)).astype(np.uint8)


def _profile(centre: Floats, sigma: Floats, length: int) -> tuple[npt.NDArray[np.intp], Floats]:
    """Return which pixels of a side each point touches, and how much: 0 for those beyond the frame."""
    reach = int(np.ceil(3 * float(sigma.max())))
    pixels = np.rint(centre).astype(np.intp)[:, None] + np.arange(-reach, reach + 1)
    share = np.exp(
        np.square((pixels - centre[:, None]).astype(np.float32)) * (-0.5 / np.square(sigma))[:, None]
    )
    share *= (pixels >= 0) & (pixels < length)
    return np.clip(pixels, 0, length - 1), share


def starry_sky(rng: np.random.Generator, count: int, half_width: float, rows: tuple[float, float]) -> Sparks:
    """Scatter stars between two heights: many faint ones, few bright ones."""
    bright = rng.random(count).astype(np.float32) ** 5
    return Sparks(
        uniform(rng, -half_width, half_width, count),
        uniform(rng, *rows, count),
        0.0006 + 0.0008 * bright,
        0.12 + 0.75 * bright,
    )
