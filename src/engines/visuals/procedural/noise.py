"""Seamless cloud textures: noise with a power-law spectrum, sampled anywhere."""

import cv2
import numpy as np

from .arrays import Floats


class Clouds:
    """A square of noise that tiles the plane; mean 0, standard deviation 1."""

    def __init__(
        self, rng: np.random.Generator, *, size: int, slope: float, finest: int, lowest: int = 1
    ) -> None:
        """Build from `lowest` to `finest` waves a side, fading with their number to the power `slope`."""
        rows = np.fft.fftfreq(size)[:, None] * size
        columns = np.fft.rfftfreq(size)[None, :] * size
        radius = np.hypot(rows, columns)
        weight = np.where(radius >= lowest, np.maximum(radius, 1.0) ** -slope, 0.0)
        weight *= np.exp(-np.square(radius / finest))
        spectrum = weight * (rng.normal(size=radius.shape) + 1j * rng.normal(size=radius.shape))
        noise = np.fft.irfft2(spectrum, (size, size))
        self._size = size
        self._texture = ((noise - noise.mean()) / noise.std()).astype(np.float32)

    def at(self, x: Floats, y: Floats, *, zoom: tuple[float, float], shift: tuple[float, float]) -> Floats:
        """Sample at (h, w) coordinates; `zoom` is squares a unit of length, `shift` is in squares."""
        size = self._size
        columns, rows = x * np.float32(zoom[0] * size), y * np.float32(zoom[1] * size)
        columns += np.float32(shift[0] % 1.0 * size)
        rows += np.float32(shift[1] % 1.0 * size)
        return np.asarray(
            cv2.remap(self._texture, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP), np.float32
        )
