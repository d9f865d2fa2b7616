"""How a picture of any shape fills the frame: cover, contain or blur."""

from typing import NamedTuple

import cv2
import numpy as np
from PIL import Image

from ...media.colour import rgb_to_yuv, yuv_of_rgb
from ...media.picture import BACKDROP, scaled
from ...media.planes import Yuv
from ...models.visual import Fit
from .camera import WHOLE, View
from .procedural.arrays import Floats
from .resample import scale_into

#: The blurred backdrop is computed at this fraction of the frame.
_BLUR_SHRINK = 16
#: Standard deviation of the blur in pixels of the shrunken backdrop.
_BLUR_SIGMA = 2.2
#: Brightness of the blurred backdrop against the picture, so that the picture stands out.
_BLUR_BRIGHTNESS = 0.55
#: Light that the shadow of the picture takes from the backdrop; its softness in pixels of that when it is
#: shrunken, and how far it falls, in its own softness.
_SHADOW, _SHADOW_SIGMA, _SHADOW_FALL = 0.5, 2.0, 0.6
#: Share of both sides of the frame from which on a picture counts as filling it: it needs no backdrop.
_FILLING = 0.98


class Box(NamedTuple):
    """A rectangle in whole pixels."""

    left: int
    top: int
    width: int
    height: int


def cover_box(size: tuple[int, int], shape: tuple[int, int], focus: tuple[float, float]) -> Box:
    """Find the largest part of `size` with the proportions of `shape`, as near to `focus` as it can be."""
    width, height = size
    wanted = shape[0] / shape[1]
    part_width = min(width, max(1, round(height * wanted)))
    part_height = min(height, max(1, round(width / wanted)))
    left = round(min(max(focus[0] * width - part_width / 2, 0), width - part_width))
    top = round(min(max(focus[1] * height - part_height / 2, 0), height - part_height))
    return Box(left, top, part_width, part_height)


def contain_box(size: tuple[float, float], shape: tuple[int, int]) -> Box:
    """Centre `size` inside `shape` as large as it fits, on even pixels."""
    scale = min(shape[0] / size[0], shape[1] / size[1])
    width = max(2, round(size[0] * scale / 2) * 2)
    height = max(2, round(size[1] * scale / 2) * 2)
    return Box((shape[0] - width) // 4 * 2, (shape[1] - height) // 4 * 2, width, height)


def whole_box(size: tuple[float, float], shape: tuple[int, int], seen: View) -> Box:
    """Centre `size` where it is seen whole all along a move, on even pixels, unless it fills the frame."""
    box = contain_box(size, shape)
    if min(box.width / shape[0], box.height / shape[1]) >= _FILLING:
        return box
    within = round(seen.width * shape[0] / 2) * 2, round(seen.height * shape[1] / 2) * 2
    left, top, width, height = contain_box(size, within)
    return Box(
        left + int(seen.left * shape[0]) // 2 * 2, top + int(seen.top * shape[1]) // 2 * 2, width, height
    )


def fit_picture(
    picture: Image.Image,
    fit: Fit,
    size: tuple[int, int],
    focus: tuple[float, float],
    shape: tuple[int, int] | None = None,
    seen: View = WHOLE,
) -> Yuv:
    """Fit an RGB picture into a new canvas of `size` (even width and height).

    Before a blurred backdrop it stands in the part of the canvas that is `seen` all the time.

    `shape` tells the proportions that the canvas stands for, when rounding to even pixels bent its own:
    canvases of one shape in several sizes then show exactly the same part of the picture.
    """
    if fit == "cover":
        return rgb_to_yuv(scaled(picture, cover_box(picture.size, shape or size, focus), size))
    box = whole_box(picture.size, size, seen) if fit == "blur" else contain_box(picture.size, size)
    inner = rgb_to_yuv(scaled(picture, (0, 0, *picture.size), (box.width, box.height)))
    canvas = Yuv.filled(*size, yuv_of_rgb(BACKDROP))
    if fit == "blur":
        blurred_backdrop(inner, box, canvas)
    inner.copy_to(part_of(canvas, box))
    return canvas


def fit_yuv(
    picture: Yuv,
    shown_size: tuple[int, int],
    fit: Fit,
    focus: tuple[float, float],
    out: Yuv,
    seen: View = WHOLE,
) -> None:
    """Fit decoded planes into `out`; `shown_size` is their size after pixel aspect, in square pixels."""
    if fit == "cover":
        box = cover_box(shown_size, out.size, focus)
        stretch = picture.size[0] / shown_size[0], picture.size[1] / shown_size[1]
        scale_into(part_of(picture, _even_box(box, stretch, picture.size)), out)
        return
    box = whole_box(shown_size, out.size, seen) if fit == "blur" else contain_box(shown_size, out.size)
    if box[2:] != out.size:
        for plane, value in zip(out, yuv_of_rgb(BACKDROP), strict=True):
            plane.fill(value)
        if fit == "blur":
            blurred_backdrop(picture, box, out)
    scale_into(picture, part_of(out, box))


def _even_box(box: Box, stretch: tuple[float, float], size: tuple[int, int]) -> Box:
    left, top = int(box.left * stretch[0]) & ~1, int(box.top * stretch[1]) & ~1
    width = min(max(2, round(box.width * stretch[0] / 2) * 2), size[0] - left)
    height = min(max(2, round(box.height * stretch[1] / 2) * 2), size[1] - top)
    return Box(left, top, width, height)


def part_of(picture: Yuv, box: Box) -> Yuv:
    """View a part of a picture, on even pixels, without copying."""
    left, top, width, height = box
    luma = picture.y[top : top + height, left : left + width]
    half = np.s_[top // 2 : (top + height) // 2, left // 2 : (left + width) // 2]
    return Yuv(luma, picture.u[half], picture.v[half])


def blurred_backdrop(picture: Yuv, box: Box, out: Yuv) -> None:
    """Fill `out` with a blurred, darkened copy of a picture, and the shadow of that picture in a box."""
    small_size = max(8, out.size[0] // _BLUR_SHRINK // 2 * 2), max(8, out.size[1] // _BLUR_SHRINK // 2 * 2)
    covering = _even_box(cover_box(picture.size, small_size, (0.5, 0.5)), (1.0, 1.0), picture.size)
    small = Yuv.empty(*small_size)
    scale_into(part_of(picture, covering), small)
    for plane, target, black in zip(small, out, (16, 128, 128), strict=True):
        blurred = cv2.GaussianBlur(plane, (0, 0), _BLUR_SIGMA).astype(np.float32)
        light = _BLUR_BRIGHTNESS * (1 - _SHADOW * _shadow(box, out.size, plane.shape))
        dimmed = ((blurred - black) * light + black).astype(np.uint8)
        cv2.resize(dimmed, (target.shape[1], target.shape[0]), dst=target, interpolation=cv2.INTER_CUBIC)


def _shadow(box: Box, size: tuple[int, int], shape: tuple[int, ...]) -> Floats:
    """Draw the soft shadow of a box in a frame of `size` at (rows, columns); 1 is its darkest."""
    rows, columns = shape
    soft = _SHADOW_SIGMA * columns * _BLUR_SHRINK / size[0]
    across = _soft_span(box.left / size[0] * columns, box.width / size[0] * columns, columns, soft)
    top = box.top / size[1] * rows + _SHADOW_FALL * soft
    along = _soft_span(top, box.height / size[1] * rows, rows, soft)
    return np.outer(along, across)


def _soft_span(start: float, length: float, cells: int, soft: float) -> Floats:
    """Tell how much of each cell a span covers, with softened ends."""
    places = np.arange(cells, dtype=np.float32)
    covered = np.clip(np.minimum(places + 1, start + length) - np.maximum(places, start), 0, 1)
    blurred = cv2.GaussianBlur(covered[None, :], (0, 0), soft, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(blurred[0], np.float32)
