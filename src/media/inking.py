"""Drawn text in its colours."""

import numpy as np
import numpy.typing as npt

from .lettering import Drawn
from .planes import Plane

Pixels = npt.NDArray[np.uint8]
_Levels = npt.NDArray[np.float32]


def inked(drawn: Drawn, fill: tuple[int, ...], outline: tuple[int, ...] | None = None) -> Pixels:
    """Give drawn text its colours; (H, W, 4) RGBA, straight.

    Args:
        drawn: letters and pictures.
        fill: RGBA of letters; its opacity holds for pictures as well.
        outline: RGBA of what stands out around them; None for none.
    """
    height, width = drawn.fill.shape
    picture = np.zeros((height, width, 4), np.float32)
    for mask, color in ((drawn.outline, outline), (drawn.fill, fill)):
        if color is not None:
            _cover(picture, _colored(mask, color))
    if drawn.picture is not None:
        _cover(picture, drawn.picture.astype(np.float32) * np.float32(fill[3] / 255))
    alpha = picture[:, :, 3:]
    picture[:, :, :3] *= 255 / np.maximum(alpha, 1)
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def covered(drawn: Drawn) -> Plane:
    """Tell what letters and pictures cover, without their outline."""
    if drawn.picture is None:
        return drawn.fill
    return np.maximum(drawn.fill, drawn.picture[:, :, 3])


def _colored(mask: Plane, color: tuple[int, ...]) -> _Levels:
    alpha = mask.astype(np.float32) * np.float32(color[3] / 255)
    layer = np.empty((*mask.shape, 4), np.float32)
    layer[:, :, :3] = np.array(color[:3], np.float32) * (alpha / 255)[:, :, None]
    layer[:, :, 3] = alpha
    return layer


def _cover(picture: _Levels, layer: _Levels) -> None:
    """Put a premultiplied layer over a premultiplied picture."""
    picture *= 1 - layer[:, :, 3:] / 255
    picture += layer
