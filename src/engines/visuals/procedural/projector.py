"""Colours a small picture of tones and enlarges it to a smooth frame in YUV 4:2:0.

The way up is cubic to half of the size (smooth), then linear over the last factor of two (cheap, not to be
told from cubic over two pixels). It is dithered before it is rounded to 8 bits, so that slow gradients
show no bands; the grain is two pixels wide, which the encoder keeps, and stands still, which costs it
nothing.
"""

import cv2
import numpy as np

from ....media.planes import Plane, Yuv
from .arrays import Floats
from .dither import dither
from .grid import PAD
from .tones import Tones


class Projector:
    """Shows pictures painted on the grid of one frame size."""

    def __init__(self, width: int, height: int, scale: int, tones: Tones, shade: Floats) -> None:
        """Project at `scale` pixels a sample; `shade` (h, w) darkens the picture (1 leaves it)."""
        self._scale = scale
        self._tones = tones
        self._shade = shade
        self._grain = dither((height + 1) // 2, (width + 1) // 2)

    def show(self, tone: Floats, out: Yuv) -> None:
        """Draw an (h, w) picture of tones over all of a frame."""
        black = (16, 128, 128)
        for index, (levels, plane) in enumerate(zip(self._tones.levels(tone), out, strict=True)):
            levels *= self._shade
            levels += black[index]
            self._enlarge(levels, self._scale if index == 0 else self._scale // 2, plane)

    def _enlarge(self, levels: Floats, scale: int, out: Plane) -> None:
        height, width = out.shape
        if scale % 2:
            self._round(levels, scale, out)
            return
        half = np.empty(((height + 1) // 2, (width + 1) // 2), np.uint8)
        self._round(levels, scale // 2, half)
        cv2.resize(half, (width, height), dst=out, interpolation=cv2.INTER_LINEAR)

    def _round(self, levels: Floats, scale: int, out: Plane) -> None:
        (height, width), border = out.shape, PAD * scale
        if scale > 1:
            size = (levels.shape[1] * scale, levels.shape[0] * scale)
            levels = np.asarray(cv2.resize(levels, size, interpolation=cv2.INTER_CUBIC), np.float32)
        visible = levels[border : border + height, border : border + width]
        cv2.add(visible, self._grain[:height, :width], dst=out, dtype=cv2.CV_8U)
