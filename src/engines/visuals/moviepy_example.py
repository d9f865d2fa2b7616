"""An example of a clip made with MoviePy, registered as `spotlight`: a quotation in a wandering light.

It is a pattern for own factories: plain keyword arguments from the job, a picture that depends on the time
alone, everything dear computed before the first frame.
"""

import math
from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
from moviepy import CompositeVideoClip, ImageClip, VideoClip, vfx
from PIL import Image, ImageColor, ImageDraw

from ...media.colour import Rgb8
from ...media.fonts import TEXT_FAMILY, TITLE_FAMILY, load_family
from ...media.linebreak import wrap_lines
from .procedural.arrays import bell
from .procedural.dither import dither

#: The light is so soft that it is computed this many times smaller.
_SMALL = 12
#: Share of the frame's width that text may take, and of its height that the quotation may take.
_TEXT_WIDTH, _TEXT_HEIGHT = 0.78, 0.42
#: Where the middle of the quotation stands, as a share of the height.
_MIDDLE = 0.42
#: Seconds in which text appears, and by which the author comes later.
_FADE_S = 0.7
#: Size of the quotation's type and of the author's, as shares of the frame's shorter side.
_LARGEST, _AUTHOR = 0.095, 0.040

Color = tuple[int, int, int]


def spotlight(
    *, size: tuple[int, int], duration: float, text: str, author: str = "", color: str = "#ffb347"
) -> VideoClip:
    """Show a quotation on a dark wall under a light that wanders; `color` is that of the light."""
    width, height = size
    tint = ImageColor.getrgb(color)[:3]
    wall = VideoClip(_wall(size, (tint[0], tint[1], tint[2])), duration=duration)
    quotation = _quotation(text, size, tint)
    top = round(_MIDDLE * height - quotation.shape[0] / 2)
    fade_s = min(_FADE_S, duration / 3)
    layers = [wall, _layer(quotation, width, top, fade_s, duration)]
    if author:
        name = _text([f"\u2014 {author}"], TEXT_FAMILY, round(_AUTHOR * min(size)), tint)
        below = top + quotation.shape[0] + round(0.02 * height)
        layers.append(_layer(name, width, below, 2 * fade_s, duration))
    return CompositeVideoClip(layers, size=size).with_duration(duration)


def _layer(rgba: Rgb8, frame_width: int, top: int, fade_s: float, duration: float) -> VideoClip:
    clip = ImageClip(rgba, transparent=True, duration=duration).with_effects([vfx.CrossFadeIn(fade_s)])
    return clip.with_position(((frame_width - rgba.shape[1]) // 2, top))


def _wall(size: tuple[int, int], tint: Color) -> Callable[[float], Rgb8]:
    width, height = size
    shorter = min(size)
    columns, rows = -(-width // _SMALL), -(-height // _SMALL)
    x = ((np.arange(columns) + 0.5) * _SMALL / shorter).astype(np.float32)[None, :]
    y = ((np.arange(rows) + 0.5) * _SMALL / shorter).astype(np.float32)[:, None]
    # Grain of two pixels: an encoder throws finer one away, and bands come back.
    half = (width + 1) // 2, (height + 1) // 2
    grain = np.repeat(dither(half[1], half[0])[:, :, None], 3, axis=2)
    levels = np.array(tint, np.float32)

    def picture(seconds: float) -> Rgb8:
        at_x = width / shorter * (0.5 + 0.24 * math.sin(0.43 * seconds + 0.6))
        at_y = height / shorter * (0.40 + 0.09 * math.sin(0.31 * seconds))
        far = np.sqrt(np.square(x - at_x) + np.square(y - at_y))
        light = 0.05 + 0.17 * bell(far * 0.9) + 0.36 * bell(far * 2.6)
        small = np.ascontiguousarray(light[:, :, None] * levels)
        large = cv2.resize(small, half, interpolation=cv2.INTER_CUBIC)
        rounded = cv2.add(large, grain, dtype=cv2.CV_8U)
        return np.asarray(cv2.resize(rounded, size, interpolation=cv2.INTER_LINEAR), np.uint8)

    return picture


def _quotation(text: str, size: tuple[int, int], tint: tuple[int, ...]) -> Rgb8:
    width, height = size
    size_px = _LARGEST * min(size)
    while True:
        font = load_family(TITLE_FAMILY, round(size_px))
        lines = wrap_lines(text, font.getlength, _TEXT_WIDTH * width)
        if len(lines) * 1.2 * size_px <= _TEXT_HEIGHT * height or size_px < 8:
            break
        size_px *= 0.94
    quotation = _text(lines, TITLE_FAMILY, round(size_px), (255, 255, 255))
    mark = _text(["\u201c"], TITLE_FAMILY, round(2.6 * size_px), tint)
    inked = np.nonzero(mark[:, :, 3].any(axis=1))[0]
    mark = mark[inked[0] : inked[-1] + round(0.5 * size_px)]
    both = np.zeros((mark.shape[0] + quotation.shape[0], max(mark.shape[1], quotation.shape[1]), 4), np.uint8)
    for part, top in ((mark, 0), (quotation, mark.shape[0])):
        left = (both.shape[1] - part.shape[1]) // 2
        both[top : top + part.shape[0], left : left + part.shape[1]] = part
    return both


def _text(lines: list[str], family: str, size_px: int, color: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    """Draw centred lines as an (H, W, 4) picture that is just large enough."""
    font = load_family(family, size_px)
    width = max(math.ceil(font.getlength(line)) for line in lines) + size_px // 2
    height = math.ceil(1.2 * size_px)
    picture = Image.new("RGBA", (width, height * len(lines)), (*color[:3], 0))
    drawn = ImageDraw.Draw(picture)
    for index, line in enumerate(lines):
        place = (width / 2, (index + 0.5) * height)
        drawn.text(place, line, fill=(*color[:3], 255), font=font, anchor="mm")
    return np.asarray(picture)
