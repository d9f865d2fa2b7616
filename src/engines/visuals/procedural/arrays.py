"""Small arithmetic on float pictures."""

import cv2
import numpy as np
import numpy.typing as npt

#: Pictures, rows, columns: float32 when they run. NumPy's types lose that as soon as a plain number joins in.
Floats = npt.NDArray[np.floating]


def smoothstep(low: float, high: float, values: Floats) -> Floats:
    """Rise smoothly from 0 at `low` to 1 at `high`; falls when `low` is the larger one."""
    ramp = values * np.float32(1 / (high - low))
    ramp -= np.float32(low / (high - low))
    np.clip(ramp, 0, 1, out=ramp)
    slope = 3 - 2 * ramp
    slope *= ramp
    slope *= ramp
    return slope


def fade(values: Floats) -> Floats:
    """Fall from 1 at 0 towards 0, exponentially; negative values count as 0."""
    return np.asarray(cv2.exp(np.minimum(-values, 0)), np.float32)


def bell(values: Floats) -> Floats:
    """Fall from 1 at 0 towards 0 on both sides, as a normal curve without the 1/2: exp(-v^2)."""
    return np.asarray(cv2.exp(-np.square(values)), np.float32)


def screen(tone: Floats, light: Floats) -> Floats:
    """Add light to tones without ever passing 1 (both 0-1), as with two slides on one screen."""
    return tone + light * (1 - tone)


def cover(tone: Floats, layer: Floats | float, opacity: Floats) -> None:
    """Lay a layer over tones in place."""
    tone += (layer - tone) * opacity


def enlarged(values: Floats, factor: int, shape: tuple[int, int]) -> Floats:
    """Enlarge a smooth picture that was computed at every `factor`-th sample, from the first one on."""
    size = (values.shape[1] * factor, values.shape[0] * factor)
    large = cv2.resize(values, size, interpolation=cv2.INTER_CUBIC)
    # This moves the picture by half of `factor` samples: without meaning for clouds and currents.
    return np.ascontiguousarray(large[: shape[0], : shape[1]], np.float32)


def uniform(rng: np.random.Generator, low: float, high: float, *shape: int) -> Floats:
    """Draw float32 numbers; plain float64 ones would silently widen every picture they touch."""
    return rng.uniform(low, high, shape).astype(np.float32)
