"""Discs of light out of focus."""

import numpy as np

from .arrays import Floats, screen
from .grid import Grid


def add_disc(
    tone: Floats, grid: Grid, centre: tuple[float, float], radius: float, light: float, blur: float
) -> None:
    """Screen a disc onto tones in place: a little brighter towards its rim, as lenses draw them.

    `blur` is how much of the radius its edge takes (0-1); an edge is never narrower than the grid can hold.
    """
    soft = min(max(blur * radius, 1.2 * grid.step), radius)
    outer = radius + soft / 2
    top, bottom = np.searchsorted(grid.y[:, 0], (centre[1] - outer, centre[1] + outer))
    left, right = np.searchsorted(grid.x[0], (centre[0] - outer, centre[0] + outer))
    across, along = grid.x[:, left:right] - centre[0], grid.y[top:bottom] - centre[1]
    squared = np.square(across) + np.square(along)
    edge = np.sqrt(squared)
    edge -= outer
    edge *= -1 / soft
    np.clip(edge, 0, 1, out=edge)
    squared *= 0.45 * light / (radius * radius)
    squared += 0.65 * light
    squared *= edge * edge * (3 - 2 * edge)
    patch = tone[top:bottom, left:right]
    patch[...] = screen(patch, squared)
