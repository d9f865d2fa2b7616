"""Sand under a low sun."""

from typing import NamedTuple

import numpy as np

from .arrays import Floats, bell, cover, fade, screen, smoothstep
from .family import Family
from .motion import Ripple, Wander

#: Dunes, from far to near.
_CRESTS = 5


class _Dune(NamedTuple):
    share: float
    slant: float
    line: Ripple
    face: Ripple


class Dunes(Family):
    """Crests with a lit and a shadowed side that glide past each other."""

    samples = 180

    def _prepare(self, rng: np.random.Generator) -> None:
        slant = float(rng.choice([-0.28, 0.28]))
        self._dunes = [
            _Dune(
                index / (_CRESTS - 1),
                slant * (-1) ** index,
                Ripple(rng, 3, (0.25, 0.8), 0.070 + 0.016 * index),
                Ripple(rng, 3, (0.3, 0.9), 0.08),
            )
            for index in range(_CRESTS)
        ]
        self._light = Wander(rng, 1, (25, 50))
        grid = self._grid
        self._sky = 0.08 + 0.44 * smoothstep(-0.1, 0.55, grid.full(grid.down))

    def paint(self, seconds: float) -> Floats:
        """Paint the glow of the sky, then dunes from far to near."""
        grid = self._grid
        sun_x = 0.3 * float(self._light.at(seconds)[0])
        tone = screen(self._sky, bell(2.0 * (grid.x - sun_x)) * (0.24 * bell(1.8 * (grid.y + 0.3))))
        crests = [self._crest(dune, seconds) for dune in self._dunes]
        # What the next dune hides need not be painted.
        ends = [float(crest.max()) for crest in crests[1:]] + [grid.half_height + 1]
        for dune, crest, end in zip(self._dunes, crests, ends, strict=True):
            rows = grid.rows(float(crest.min()), end)
            depth = grid.y[rows] - crest
            layer = self._sand(dune, depth, seconds)
            cover(tone[rows], layer, smoothstep(-1.1 * grid.step, 1.1 * grid.step, depth))
        return tone

    def _crest(self, dune: _Dune, seconds: float) -> Floats:
        level = (-0.22 + 0.92 * dune.share) * self._grid.half_height
        wave = (0.05 + 0.025 * dune.share) * dune.line.at(self._grid.x, seconds)
        return level + dune.slant * self._grid.x + wave

    def _sand(self, dune: _Dune, depth: Floats, seconds: float) -> Floats:
        """Return tones below a crest: sunny at the top, in shade beyond a fold, with fine ripples."""
        fold = 0.24 + 0.10 * dune.face.at(self._grid.x, seconds)
        sunny = (0.66 - 0.40 * dune.share) - 0.30 * np.clip(depth, 0, 0.6)
        shadow = 0.27 - 0.24 * dune.share
        cover(sunny, shadow, smoothstep(-0.30, 0.12, depth - fold))
        near = fade(depth * 7)
        sunny += np.float32(0.010) * np.sin(depth * 230 + 4 * fold * 10) * near
        sunny += (0.10 * (1 - 0.6 * dune.share)) * np.square(np.square(near))
        return sunny
