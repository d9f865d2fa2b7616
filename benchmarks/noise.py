"""Seeded random fields with the spectra that nature has."""

import numpy as np
import numpy.typing as npt

Field = npt.NDArray[np.float32]


def fractal(size: int, slope: float, random: np.random.Generator) -> Field:
    """Make a (size, size) field that tiles, of mean 0 and deviation 1, amplitude falling as 1 / f ** slope.

    A slope of 1 has the spectrum of photographs, about 2 that of eroded land.
    """
    spectrum = np.fft.rfft2(random.standard_normal((size, size), np.float32))
    across = np.fft.rfftfreq(size)[None, :]
    down = np.fft.fftfreq(size)[:, None]
    radius = np.hypot(across, down)
    radius[0, 0] = np.inf
    field = np.fft.irfft2(spectrum / radius**slope, s=(size, size))
    return np.asarray((field - field.mean()) / field.std(), np.float32)


def ridged(size: int, random: np.random.Generator) -> Field:
    """Make mountains: sharp crests, worn slopes, smooth valleys; tiles, about -1 to 2."""
    crests = 1 - np.abs(fractal(size, 1.75, random)) * 1.3
    massif = fractal(size, 2.4, random)
    return np.asarray(massif * 0.55 + crests * np.clip(massif + 0.9, 0.05, 1.6) * 0.55, np.float32)


def smoothstep(low: float, high: float, value: Field) -> Field:
    """Rise from 0 to 1 between two values, without corners."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)
