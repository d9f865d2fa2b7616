"""Fine strands carried along by a current."""

import numpy as np

from .arrays import Floats, enlarged, smoothstep
from .family import Family
from .motion import Wander
from .noise import Clouds

#: Every how many samples the stream itself is computed: it is far smoother than the strands in it.
_COARSE = 4


class Flow(Family):
    """Hair-like strands along the lines of a slowly changing stream."""

    samples = 270

    def _prepare(self, rng: np.random.Generator) -> None:
        self._bends = Wander(rng, 8, (26, 52))
        self._phases = rng.uniform(0, 6.28, 6).tolist()
        self._strands = Clouds(rng, size=512, slope=0.9, finest=150, lowest=6)
        self._tint = Clouds(rng, size=128, slope=2.2, finest=8)

    def paint(self, seconds: float) -> Floats:
        """Paint strands and the light that runs over them."""
        bend = self._bends.at(seconds).tolist()
        along, across = self._stream(bend)
        strand = self._strands.at(along, across, zoom=(0.045, 0.42), shift=(0.004 * seconds, 0.02 * bend[6]))
        body = self._tint.at(along, across, zoom=(0.16, 0.5), shift=(0.006 * seconds, 0.05 * bend[7]))
        gleam = smoothstep(0.4, 3.2, strand + 0.7 * body)
        tone: Floats = 0.22 + 0.10 * body + 0.07 * strand + 0.34 * gleam
        return tone

    def _stream(self, bend: list[float]) -> tuple[Floats, Floats]:
        grid, phase = self._grid, self._phases
        x, y = grid.x[:, ::_COARSE], grid.y[::_COARSE]
        along, across = y + 0.35 * x, x - 0.35 * y
        for step, size in enumerate((0.30, 0.16, 0.07)):
            number = 1.9 * 1.8**step
            across = across + size * np.sin(number * along + (phase[step] + 2.0 * bend[step]))
            along = along + 0.7 * size * np.sin(number * across + (phase[step + 3] + 2.0 * bend[step + 3]))
        return enlarged(along, _COARSE, grid.shape), enlarged(across, _COARSE, grid.shape)
