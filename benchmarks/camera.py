"""A phone's camera: lens, sensor, tone curve. It turns light into photographs and film."""

import cv2
import numpy as np
import numpy.typing as npt

from .landscape import Scenery, view
from .noise import Field

Rgb8 = npt.NDArray[np.uint8]
#: Electrons that a pixel of full brightness counts; shot noise is their square root.
FULL_WELL = 2600.0
#: Deviation of dark pixels, in electrons.
READ_NOISE = 4.0


def photograph(scenery: Scenery, width: int, height: int) -> Rgb8:
    """Take a picture of a landscape; the same scenery gives the same picture."""
    return develop(view(scenery, width, height).light, np.random.default_rng(scenery.seed))


def develop(light: Field, random: np.random.Generator, *, exposure: float = 1.0, noise: float = 1.0) -> Rgb8:
    """Expose linear (H, W, 3) light: lens blur, vignette, shot noise, noise reduction, tone curve."""
    height, width = light.shape[:2]
    image = cv2.GaussianBlur(light, (0, 0), 0.7) * _vignette(width, height)[:, :, None]
    image = (1 - np.exp(-image * (1.5 * exposure))).astype(np.float32)
    if noise:
        image += _shot_noise(image, random) * np.float32(noise)
    curve = np.clip(image, 0, 1) ** (1 / 2.2)
    curve = curve * 1.12 - 0.09
    return np.asarray(np.rint(np.clip(curve, 0, 1) * 255), np.uint8)


def _shot_noise(image: Field, random: np.random.Generator) -> Field:
    """Noise after a phone's own noise reduction: fine in brightness, soft and weak in colour."""
    height, width = image.shape[:2]
    deviation = np.sqrt(np.clip(image, 0, 1) * FULL_WELL + READ_NOISE**2) / FULL_WELL
    luma = cv2.GaussianBlur(random.standard_normal((height, width), np.float32), (0, 0), 0.8)
    coarse = random.standard_normal((height // 2 + 1, width // 2 + 1, 3), np.float32)
    chroma = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(deviation * (luma[:, :, None] * 1.1 + chroma * 0.3), np.float32)


def _vignette(width: int, height: int) -> Field:
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    down = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    return np.asarray(1 - 0.16 * (across**2 + down**2) ** 1.3 / 2, np.float32)
