"""Pictures and text that lie over the film."""

import math
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from ...media.colour import sprite_of_rgba
from ...media.fonts import TEXT_FAMILY
from ...media.inking import inked
from ...media.lettering import FontStack, Lettering, font_stack
from ...media.linebreak import unbreakable, wrap_lines
from ...media.picture import PictureReader
from ...media.planes import Sprite
from ...models.timeline import PPM, ImageOverlayPlan, MediaFiles, OverlayPlan, TextOverlayPlan

#: Widest line, and highest block, of a text overlay as fractions of the frame.
_TEXT_WIDTH, _TEXT_HEIGHT = 0.86, 0.9
#: Steps in which a text that is too large shrinks, and the size in pixels at which it stops.
_SHRINK, _SMALLEST_PX = 0.85, 6
#: Share of its size to which a text shrinks at most to keep a word whole that is wider than the line.
_WHOLE_WORDS = 0.4
#: Distance from the edge at which an overlay stands that would run out of the frame, as a fraction of its
#: shorter side.
_MARGIN = 0.025
#: Outline of a text overlay without a box, as a fraction of its size.
_STROKE_SHARE = 0.07
#: Least distance of two baselines, and of what is drawn of two lines, as fractions of the size.
_PITCH, _CLEARANCE = 1.05, 0.08
#: Height of capitals, as a fraction of the size: a line of small letters takes as much.
_CAPITALS = 0.73
#: Space around text in its box, and the radius of its corners, as fractions of the size.
_BOX_PAD, _BOX_RADIUS = 0.42, 0.38


def overlay_sprite(plan: OverlayPlan, frame: tuple[int, int], files: MediaFiles) -> Sprite:
    """Draw an overlay once; the sprite stands at its place in the frame."""
    if isinstance(plan, ImageOverlayPlan):
        picture = _scaled_picture(files[plan.sha256], plan)
    else:
        picture = _text_picture(plan, frame, files)
    margin_px = round(min(frame) * _MARGIN)
    x = _start_inside(plan.center_x_px - picture.width // 2, picture.width, frame[0], margin_px)
    y = _start_inside(plan.center_y_px - picture.height // 2, picture.height, frame[1], margin_px)
    return sprite_of_rgba(np.asarray(picture), x, y)


def _start_inside(start_px: int, length_px: int, frame_px: int, margin_px: int) -> int:
    """Move what would run out of the frame on one side back into it; what is longer than it stays."""
    rest_px = frame_px - length_px
    if rest_px >= 0 and not 0 <= start_px // 2 * 2 <= rest_px:
        margin_px = min(margin_px, rest_px // 2)
        start_px = margin_px if start_px < margin_px else rest_px - margin_px
    return start_px // 2 * 2


def _scaled_picture(file: Path, plan: ImageOverlayPlan) -> Image.Image:
    with PictureReader(file) as reader:
        picture = reader.rgba().convert("RGBA")
    height_px = max(1, round(picture.height * plan.width_px / picture.width))
    picture = picture.resize((plan.width_px, height_px), Image.Resampling.LANCZOS)
    alpha = picture.getchannel("A").point([value * plan.opacity_ppm // PPM for value in range(256)])
    picture.putalpha(alpha)
    return picture


class _TextLayout(NamedTuple):
    """A text broken into lines at a size at which it fits the frame."""

    lines: list[str]
    lettering: Lettering
    size_px: int
    stroke_px: int
    pad_px: int
    width_px: int
    """Of the widest line."""
    baselines_px: list[int]
    """From the top of the first line's letters."""
    height_px: int
    """From there to the foot of the last line's."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of the picture that it needs."""
        return self.width_px + 2 * self.pad_px, self.height_px + 2 * self.pad_px


def _text_layout(plan: TextOverlayPlan, frame: tuple[int, int], fonts: FontStack) -> _TextLayout:
    """Break the text into lines, and shrink it until it fits the frame."""
    line_px = frame[0] * _TEXT_WIDTH
    size_px = _size_of_whole_words(plan, line_px, fonts)
    while True:
        layout = _layout_at(plan, size_px, line_px, fonts)
        width, height = layout.size
        if size_px <= _SMALLEST_PX or (width <= frame[0] and height <= frame[1] * _TEXT_HEIGHT):
            return layout
        size_px = max(_SMALLEST_PX, round(size_px * _SHRINK))


def _size_of_whole_words(plan: TextOverlayPlan, line_px: float, fonts: FontStack) -> int:
    """Choose the size at which every word has room on a line; one that would be tiny is divided instead."""
    words = unbreakable(plan.text)
    smallest_px = max(_SMALLEST_PX, math.ceil(plan.size_px * _WHOLE_WORDS))
    for size_px in range(plan.size_px, smallest_px - 1, -1):
        lettering = Lettering(fonts, size_px)
        if all(lettering.length(word) <= line_px for word in words):
            return size_px
    return plan.size_px


def _layout_at(plan: TextOverlayPlan, size_px: int, line_width_px: float, fonts: FontStack) -> _TextLayout:
    lettering = Lettering(fonts, size_px)
    lines = wrap_lines(plan.text, lettering.length, line_width_px, plan.held) or [""]
    stroke_px = 0 if plan.background else max(1, round(size_px * _STROKE_SHARE))
    inks = [lettering.ink(line) for line in lines]
    baselines = _baselines(inks, size_px, stroke_px)
    return _TextLayout(
        lines=lines,
        lettering=lettering,
        size_px=size_px,
        stroke_px=stroke_px,
        pad_px=round(size_px * _BOX_PAD) if plan.background else stroke_px,
        width_px=max(math.ceil(right - left) for left, _, right, _ in inks),
        baselines_px=baselines,
        height_px=baselines[-1] + math.ceil(max(inks[-1][3], 0)),
    )


def _baselines(inks: Sequence[tuple[float, float, float, float]], size_px: int, stroke_px: int) -> list[int]:
    """Set lines as close as they stand well; marks above and below letters push them apart."""
    places = [max(-inks[0][1], size_px * _CAPITALS)]
    for upper, lower in pairwise(inks):
        pitch = max(size_px * _PITCH, upper[3] - lower[1] + size_px * _CLEARANCE)
        places.append(places[-1] + pitch + stroke_px)
    return [math.ceil(place) for place in places]


def _text_picture(plan: TextOverlayPlan, frame: tuple[int, int], files: MediaFiles) -> Image.Image:
    layout = _text_layout(plan, frame, font_stack(TEXT_FAMILY, files, plan.fallbacks))
    width, height = layout.size
    picture = Image.new("RGBA", (max(1, width), max(1, height)), (*plan.color[:3], 0))
    if plan.background:
        box = (0, 0, width - 1, height - 1)
        ImageDraw.Draw(picture).rounded_rectangle(box, layout.size_px * _BOX_RADIUS, plan.background)
    outline = None if plan.background else (0, 0, 0, plan.color[3])
    for baseline, line in zip(layout.baselines_px, layout.lines, strict=True):
        left, _, right, _ = layout.lettering.ink(line)
        origin = (width - right - left) / 2, layout.pad_px + baseline
        drawn = layout.lettering.draw(line, picture.size, origin, layout.stroke_px)
        picture.alpha_composite(Image.fromarray(inked(drawn, plan.color, outline)))
    return picture
