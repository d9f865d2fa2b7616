"""The small picture that a family paints on, in coordinates that do not depend on the frame's size."""

from dataclasses import dataclass

import numpy as np

from .arrays import Floats

#: Samples around the visible part, so that smooth enlarging never meets an edge.
PAD = 2


def enlargement(shorter_px: int, samples: int) -> int:
    """Choose how many pixels a sample spans: an even number, for chroma has half as many."""
    return max(2, 2 * round(shorter_px / samples / 2))


@dataclass(frozen=True)
class Grid:
    """Sample positions: in shorter sides of the frame, from its centre, y growing down."""

    x: Floats
    """(1, w), from -0.5 to 0.5 on an upright frame."""
    y: Floats
    """(h, 1)."""
    down: Floats
    """(h, 1): 0 at the frame's upper edge, 1 at its lower edge, whatever its shape."""
    half_width: float
    half_height: float
    step: float
    """Distance between neighbouring samples."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.y.shape[0], self.x.shape[1]

    @classmethod
    def over(cls, width: int, height: int, scale: int) -> "Grid":
        """Lay samples `scale` pixels apart over a frame, `PAD` of them around it."""
        shorter = min(width, height)

        def positions(length_px: int) -> Floats:
            count = -(-length_px // scale) + 2 * PAD
            centres_px = (np.arange(count) - PAD + 0.5) * scale
            return ((centres_px - length_px / 2) / shorter).astype(np.float32)

        x, y = positions(width)[None, :], positions(height)[:, None]
        half_height = height / shorter / 2
        down = y / (2 * half_height) + 0.5
        return cls(x, y, np.clip(down, 0, 1), width / shorter / 2, half_height, scale / shorter)

    def rows(self, top: float, bottom: float) -> slice:
        """Return the rows from one height to another, a few more on both sides for soft edges."""
        first, last = np.searchsorted(self.y[:, 0], (top, bottom))
        return slice(max(0, int(first) - 4), int(last) + 4)

    def full(self, values: Floats) -> Floats:
        """Broadcast a row or a column to a writable (h, w) array."""
        return np.array(np.broadcast_to(values, self.shape), np.float32)
