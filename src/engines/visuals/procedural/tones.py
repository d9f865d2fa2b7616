"""A palette as a continuous scale from dark to light.

Colours are interpolated in OKLab, where a straight line between two hues passes through clean colours and
even steps look even. Source: B. Ottosson, "A perceptual color space for image processing", 2020.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ....media.colour import KB, KG, KR
from ....models.planned import Rgb
from .arrays import Floats

#: Entries of the table: a step is far below one of 8 bits.
_STEPS = 2048
#: How much of the way between two colours is used to round off the kink at each: a palette is to flow.
_ROUNDING = 0.6
_RGB_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LMS_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)

Colors = npt.NDArray[np.float64]


def _oklab_of_rgb(colors: Colors) -> Colors:
    linear = np.where(colors <= 0.04045, colors / 12.92, ((colors + 0.055) / 1.055) ** 2.4)
    lab: Colors = np.cbrt(linear @ _RGB_TO_LMS.T) @ _LMS_TO_LAB.T
    return lab


def _rgb_of_oklab(lab: Colors) -> Colors:
    lms = (lab @ np.linalg.inv(_LMS_TO_LAB).T) ** 3
    linear = np.clip(lms @ np.linalg.inv(_RGB_TO_LMS).T, 0, 1)
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)


def scale_of(colors: Sequence[Rgb], steps: int, rounding: float) -> Colors:
    """Interpolate evenly spaced colours in OKLab to (steps, 3) RGB 0-1."""
    lab = _oklab_of_rgb(np.array(colors, np.float64) / 255)
    at = np.linspace(0, len(colors) - 1, steps)
    reach = max(1, round(steps * rounding / max(1, len(colors) - 1) / 2))
    kernel = np.full(2 * reach + 1, 1 / (2 * reach + 1))
    curves = [np.interp(at, np.arange(len(colors)), lab[:, channel]) for channel in range(3)]
    # Mirrored in the end points, so that the mean leaves the first and the last colour as they are.
    curves = [np.pad(curve, reach, mode="reflect", reflect_type="odd") for curve in curves]
    return _rgb_of_oklab(np.stack([np.convolve(curve, kernel, "valid") for curve in curves], axis=1))


class Tones:
    """Looks up the colours of tones as video levels above black."""

    def __init__(self, palette: Sequence[Rgb], rounding: float = _ROUNDING) -> None:
        red, green, blue = scale_of(palette, _STEPS, rounding).T
        luma = KR * red + KG * green + KB * blue
        chroma_u, chroma_v = (blue - luma) / (1 - KB), (red - luma) / (1 - KR)
        self._tables: tuple[Floats, ...] = tuple(
            table.astype(np.float32) for table in (219 * luma, 112 * chroma_u, 112 * chroma_v)
        )

    def levels(self, tone: Floats) -> list[Floats]:
        """Return levels of luma (0-219) and both chroma planes (around 0) of (h, w) tones, clipped to 0-1."""
        place = tone * np.float32(_STEPS - 1)
        np.clip(place, 0, _STEPS - 1, out=place)
        index = place.astype(np.intp)
        return [np.take(table, index) for table in self._tables]
