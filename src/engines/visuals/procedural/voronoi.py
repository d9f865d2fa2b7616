"""Cells like stained glass or tissue, their borders glowing."""

import numpy as np
import numpy.typing as npt

from .arrays import Floats, bell, smoothstep, uniform
from .family import Family
from .motion import Wander

#: Low bits of a distance that carry the number of the cell it was measured to.
_CELL_BITS = 0xFF
#: Distance between neighbouring cells.
_PITCH = 0.27
#: Farther than this from its middle (in pitches) no cell is the nearest or the second nearest.
_REACH = 1.45

Marked = npt.NDArray[np.int32]


class Voronoi(Family):
    """Rounded cells that jostle; each has its own tone, deeper towards its border."""

    def _prepare(self, rng: np.random.Generator) -> None:
        grid = self._grid
        sides = max(grid.half_width, grid.half_height), min(grid.half_width, grid.half_height)
        # Very long frames get larger cells: a cell's number has eight bits.
        self._pitch = max(_PITCH, 2 * (sides[0] * sides[1] / 150) ** 0.5)
        columns, rows = (int(2 * half / self._pitch) + 3 for half in (grid.half_width, grid.half_height))
        across, along = np.meshgrid(np.arange(columns) - (columns - 1) / 2, np.arange(rows) - (rows - 1) / 2)
        across = across + 0.5 * (np.arange(rows) % 2)[:, None] - 0.25
        jitter = rng.uniform(-0.28, 0.28, (2, rows * columns))
        self._home = (np.stack([across.ravel(), along.ravel()]) + jitter).astype(np.float32) * np.float32(
            self._pitch
        )
        self._walk = Wander(rng, 2 * rows * columns, (9, 20))
        self._tone_of = uniform(rng, 0, 1, _CELL_BITS + 1)
        self._pulse = Wander(rng, _CELL_BITS + 1, (8, 18))

    def paint(self, seconds: float) -> Floats:
        """Paint cells in their own tones, and the glow between them."""
        centres = self._home + self._walk.at(seconds).reshape(2, -1) * np.float32(0.20 * self._pitch)
        nearest, second = self._distances(centres)
        cell, neighbour = nearest & _CELL_BITS, second & _CELL_BITS
        border = self._border(centres, (nearest, second), (cell, neighbour))
        shades = 0.13 + 0.27 * self._tone_of + 0.06 * self._pulse.at(seconds)
        own, other = np.take(shades, cell), np.take(shades, neighbour)
        # Both sides of a border meet in the middle of their tones: a hard step would show the grid.
        tone: Floats = own + (other - own) * (0.5 * smoothstep(0.10, 0.0, border))
        tone += 0.05 - np.float32(0.13 / self._pitch**2) * nearest.view(np.float32)
        tone *= 0.45 + 0.55 * smoothstep(0.0, 0.16, border)
        tone += 0.36 * bell(border * (1 / 0.062))
        return tone

    def _border(
        self, centres: Floats, squared: tuple[Marked, Marked], cells: tuple[Marked, Marked]
    ) -> Floats:
        """Return the distance to the border between the two nearest cells, in pitches."""
        between = [np.take(line, cells[1]) - np.take(line, cells[0]) for line in centres]
        apart = np.sqrt(np.square(between[0]) + np.square(between[1]))
        nearest, second = (marked.view(np.float32) for marked in squared)
        border: Floats = (second - nearest) / (apart * np.float32(2 * self._pitch) + np.float32(1e-6))
        return border

    def _distances(self, centres: Floats) -> tuple[Marked, Marked]:
        """Return squared distances to the nearest and second nearest cell, their numbers in the low bits."""
        grid = self._grid
        reach = _REACH * self._pitch
        nearest = np.full(grid.shape, np.float32(9).view(np.int32) & ~_CELL_BITS, np.int32)
        second = nearest.copy()
        for cell, (x, y) in enumerate(centres.T.tolist()):
            top, bottom = np.searchsorted(grid.y[:, 0], (y - reach, y + reach))
            left, right = np.searchsorted(grid.x[0], (x - reach, x + reach))
            squared = np.square(grid.x[:, left:right] - x) + np.square(grid.y[top:bottom] - y)
            # Positive floats sort as integers, so the cell's number can ride in bits too low to matter.
            marked = squared.view(np.int32) & ~_CELL_BITS | cell
            first, other = nearest[top:bottom, left:right], second[top:bottom, left:right]
            np.minimum(other, np.maximum(first, marked), out=other)
            np.minimum(first, marked, out=first)
        return nearest, second
