"""Slow movement that never visibly repeats: sums of sines whose periods have no common multiple."""

import math

import numpy as np

from .arrays import Floats, uniform


class Wander:
    """Many independent numbers that stroll through about -1 to 1."""

    def __init__(self, rng: np.random.Generator, count: int, period_s: tuple[float, float]) -> None:
        shortest, longest = period_s
        self._rates = (2 * math.pi / rng.uniform(shortest, longest, (3, count))) * np.array(
            [[1.0], [0.61], [1.73]]
        )
        self._phases = rng.uniform(0, 2 * math.pi, (3, count))

    def at(self, seconds: float) -> Floats:
        """Return all of them at a time, (count,)."""
        waves = np.sin(self._rates * seconds + self._phases)
        return np.asarray(0.55 * waves[0] + 0.33 * waves[1] + 0.12 * waves[2], np.float32)


class Ripple:
    """A wavy line over a coordinate that keeps changing its shape; its usual size is 1."""

    def __init__(
        self, rng: np.random.Generator, waves: int, per_unit: tuple[float, float], pace: float
    ) -> None:
        """Use wave numbers between `per_unit` (waves a unit of length); `pace` is in units a second."""
        low, high = per_unit
        numbers = low * (high / low) ** ((np.arange(waves) + rng.uniform(0.2, 0.8, waves)) / waves)
        self._numbers = (2 * math.pi * numbers).astype(np.float32)
        speeds = pace * rng.uniform(0.5, 1.5, waves) * rng.choice([-1, 1], waves)
        self._rates = 2 * math.pi * numbers * speeds
        self._phases = rng.uniform(0, 2 * math.pi, waves)
        amplitudes = 1 / numbers
        self._amplitudes = (amplitudes / np.sqrt(np.square(amplitudes).sum() / 2)).astype(np.float32)

    def at(self, where: Floats, seconds: float) -> Floats:
        """Return its height at each coordinate, shaped as `where`."""
        offsets = ((self._rates * seconds + self._phases) % (2 * math.pi)).astype(np.float32)
        height = np.zeros(where.shape, np.float32)
        for number, offset, amplitude in zip(self._numbers, offsets, self._amplitudes, strict=True):
            height += amplitude * np.sin(where * number + offset)
        return height


def start_seconds(rng: np.random.Generator) -> float:
    """Draw where in its endless course a background starts."""
    return float(uniform(rng, 0, 600, 1)[0])
