"""A still grain that hides the steps of 8 bits."""

from functools import lru_cache

import numpy as np

from .arrays import Floats

#: Side of the pattern in samples; it repeats unseen, for it has no low frequencies.
_SIDE = 256
#: Standard deviation in levels of 8 bits: enough to break every band, too little to be seen as grain.
_LEVELS = 0.6
#: Waves a side below which there is nothing.
_LOWEST_WAVES = 40


def dither(rows: int, columns: int) -> Floats:
    """Return (rows, columns) offsets around 0 to add to levels before they are rounded."""
    return np.tile(_tile(), (-(-rows // _SIDE), -(-columns // _SIDE)))[:rows, :columns]


@lru_cache(maxsize=1)
def _tile() -> Floats:
    rng = np.random.default_rng(709)
    spectrum = np.fft.rfft2(rng.normal(size=(_SIDE, _SIDE)))
    radius = np.hypot(np.fft.fftfreq(_SIDE)[:, None] * _SIDE, np.arange(spectrum.shape[1])[None, :])
    noise = np.fft.irfft2(spectrum * np.minimum(1, (radius / _LOWEST_WAVES) ** 2), (_SIDE, _SIDE))
    return np.asarray(noise / noise.std() * _LEVELS, np.float32)
