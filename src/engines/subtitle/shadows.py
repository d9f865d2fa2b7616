"""What words throw on the picture below them: soft shadows, glows, hard edges."""

from collections.abc import Sequence

import cv2
import numpy as np

from ...media.planes import Plane
from ...models.caption_style import Shadow
from .geometry import Rect
from .wordmask import WordMask, place

#: Percent by which a shadow is more solid where its style does not tell: white stands out on white, also
#: where words have an outline, and more where they have none.
_DENSE, _DENSER = 150, 190
#: Pixels between two of the copies that a hard shadow is drawn of.
_STEP_PX = 2


def shadow_of(
    words: Sequence[WordMask], shadow: Shadow, area: Rect, fall: tuple[int, int], blur_px: int
) -> Plane:
    """Draw the shadow of words over an area of the frame with even corners.

    Args:
        words: as they are drawn.
        shadow: its kind and density.
        area: where.
        fall: pixels by which it falls to the right and down.
        blur_px: how far a soft one spreads.
    """
    width, height = area.size
    mask = np.zeros((height, width), np.uint8)
    steps = max(1, max(map(abs, fall)) // _STEP_PX) if shadow.kind == "hard" else 1
    covers = [word.cover for word in words]
    for step in range(1, steps + 1):
        right, down = (round(length * step / steps) for length in fall)
        for word, cover in zip(words, covers, strict=True):
            place(cover, word.x - area.left + right, word.y - area.top + down, mask)
    if shadow.kind == "hard":
        return mask
    is_bare = all(word.outline is word.fill for word in words)
    return blurred(mask, blur_px, shadow.density or (_DENSER if is_bare else _DENSE))


def blurred(mask: Plane, spread_px: int, density_percent: int) -> Plane:
    """Blur a mask, and make it more solid."""
    height, width = mask.shape
    # A shadow has no detail: blur it at a quarter of its size when it is large enough.
    step = 4 if spread_px >= 8 else 1
    small = cv2.resize(mask, (-(-width // step), -(-height // step)), interpolation=cv2.INTER_AREA)
    sigma = max(0.3, spread_px / step / 2.2)
    soft = cv2.GaussianBlur(small, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT)
    if density_percent != 100:
        soft = cv2.convertScaleAbs(soft, alpha=density_percent / 100)
    return np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
