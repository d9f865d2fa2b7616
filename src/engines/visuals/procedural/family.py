"""What a background family is: it paints small pictures in tones; the projector colours and enlarges them."""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from .arrays import Floats
from .grid import Grid
from .sparks import Sparks


class Family(ABC):
    """A moving background.

    A newcomer is one file with one subclass, and one line in the registry. Everything random is drawn from
    `rng` when it is made; afterwards a picture depends on the time alone, in any order of times.
    """

    #: Samples along the shorter side that its finest detail needs, at any size of the frame.
    samples: ClassVar[int] = 135

    def __init__(self, grid: Grid, rng: np.random.Generator) -> None:
        self._grid = grid
        self._prepare(rng)

    @abstractmethod
    def _prepare(self, rng: np.random.Generator) -> None:
        """Draw everything random, compute everything that does not move."""

    @abstractmethod
    def paint(self, seconds: float) -> Floats:
        """Return the picture at a time: (h, w) float32 tones on the grid.

        0 is the palette's darkest colour, 1 its lightest; beyond is clipped. White captions stand in front:
        most of a picture lies below 0.6, more is for highlights.
        """

    def sparks(self, seconds: float) -> Sparks | None:
        """Return points of light that are too sharp for the grid; none by default."""
        return None
