"""What stands behind words all the time: a box around each, around each line, or around the block."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import cv2
import numpy as np

from ...media.planes import Plane
from .geometry import Rect, Word
from .paint import rounded_box
from .proportions import Proportions
from .wordmask import place


def box_mask(words: Sequence[Word], proportions: Proportions, area: Rect) -> Plane:
    """Draw the boxes of the words that are seen over an area of the frame with even corners."""
    width, height = area.size
    mask = np.zeros((height, width), np.uint8)
    box = proportions.look.box
    radius = proportions.percent(box.radius)
    rects = [rect for rect in _rects(words, proportions) if rect.left < rect.right]
    for rect in rects:
        drawn = rounded_box(*rect.size, radius)
        place(drawn, rect.left - area.left, rect.top - area.top, mask)
    return _melted(mask, radius) if box.kind == "line" and len(rects) > 1 else mask


def _rects(words: Sequence[Word], proportions: Proportions) -> Iterator[Rect]:
    if proportions.look.box.kind == "word":
        yield from (_around([word], proportions) for word in words)
        return
    lines = [_around(list(line), proportions) for _, line in groupby(words, key=lambda word: word.line)]
    if proportions.look.box.kind == "line":
        yield from lines
    elif lines:
        yield Rect(
            min(line.left for line in lines),
            min(line.top for line in lines),
            max(line.right for line in lines),
            max(line.bottom for line in lines),
        )


def _around(words: Sequence[Word], proportions: Proportions) -> Rect:
    up, down = proportions.box_rise(words)
    pad = proportions.percent(proportions.look.box.pad_x)
    return Rect(
        min(word.x for word in words) - pad,
        words[0].baseline - up,
        max(word.x + word.width_px for word in words) + pad,
        words[0].baseline + down,
    )


def _melted(mask: Plane, radius: int) -> Plane:
    """Round the corners between lines that touch: what is blurred and cut at the middle has round corners."""
    sigma = max(0.5, radius / 2.6)
    soft = cv2.GaussianBlur(mask, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT)
    steep = 2.5 * sigma
    return np.asarray(cv2.addWeighted(soft, steep, soft, 0, 127.5 * (1 - steep)), np.uint8)
