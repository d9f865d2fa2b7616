"""A background family as a source of frames."""

from fractions import Fraction

import numpy as np

from ....media.planes import Yuv
from ....models.timeline import PPM, ProceduralSource
from .arrays import Floats, smoothstep
from .family import Family
from .grid import Grid, enlargement
from .motion import start_seconds
from .projector import Projector
from .sparks import draw_sparks
from .tones import Tones

#: How much light the frame's corners lose.
_VIGNETTE = 0.28
#: How much light the lower edge loses, where captions stand.
_FOOT = 0.28


def _shade(grid: Grid) -> Floats:
    """Darken corners and foot softly, so that the eye stays in the middle and white captions stand out."""
    squared = np.square(grid.x / grid.half_width) + np.square(grid.y / grid.half_height)
    corners = 1 - _VIGNETTE * smoothstep(0.35, 1.9, squared)
    return corners * (1 - _FOOT * smoothstep(0.55, 1.0, grid.down))


class FamilySource:
    """Draws one seed of a family; a frame depends on its number alone."""

    def __init__(
        self, family: type[Family], source: ProceduralSource, width: int, height: int, fps: Fraction
    ) -> None:
        rng = np.random.default_rng(source.seed)
        scale = enlargement(min(width, height), family.samples)
        grid = Grid.over(width, height, scale)
        self._start_s = start_seconds(rng)
        self._frame_s = Fraction(source.speed_ppm, PPM) / fps
        self._family = family(grid, rng)
        self._projector = Projector(width, height, scale, Tones(source.palette), _shade(grid))

    def draw(self, frame: int, out: Yuv) -> None:
        """Draw frame `frame` over all of `out`."""
        seconds = self._start_s + float(frame * self._frame_s)
        self._projector.show(self._family.paint(seconds), out)
        sparks = self._family.sparks(seconds)
        if sparks is not None:
            draw_sparks(sparks, out.y)

    def close(self) -> None:
        """Nothing to let go of."""
