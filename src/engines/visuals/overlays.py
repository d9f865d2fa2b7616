"""Pictures and text that lie over the film."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ...media.colour import sprite_of_rgba
from ...media.fonts import TEXT_FAMILY, load_family
from ...media.linebreak import wrap_lines
from ...media.picture import PictureReader
from ...media.planes import Sprite
from ...models.timeline import PPM, ImageOverlayPlan, MediaFiles, OverlayPlan, TextOverlayPlan

#: Widest line, and highest block, of a text overlay as fractions of the frame.
_TEXT_WIDTH, _TEXT_HEIGHT = 0.86, 0.9
#: Steps in which a text that is too large shrinks, and the size in pixels at which it stops.
_SHRINK, _SMALLEST_PX = 0.85, 6
#: Outline of a text overlay without a box, as a fraction of its size.
_STROKE_SHARE = 0.07
#: Space around text in its box, and the radius of its corners, as fractions of the size.
_BOX_PAD, _BOX_RADIUS = 0.42, 0.38


def overlay_sprite(plan: OverlayPlan, frame: tuple[int, int], files: MediaFiles) -> Sprite:
    """Draw an overlay once; the sprite stands at its place in the frame."""
    if isinstance(plan, ImageOverlayPlan):
        picture = _scaled_picture(files[plan.sha256], plan)
    else:
        picture = _text_picture(plan, frame)
    x = (plan.center_x_px - picture.width // 2) // 2 * 2
    y = (plan.center_y_px - picture.height // 2) // 2 * 2
    return sprite_of_rgba(np.asarray(picture), x, y)


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

    text: str
    font: ImageFont.FreeTypeFont
    stroke_px: int
    pad_px: int
    box: tuple[float, float, float, float]
    """Left, top, right and bottom of the ink, outline included, as Pillow tells them."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of the picture that it needs."""
        left, top, right, bottom = self.box
        return round(right - left) + 2 * self.pad_px, round(bottom - top) + 2 * self.pad_px


def _text_layout(plan: TextOverlayPlan, frame: tuple[int, int]) -> _TextLayout:
    """Break the text into lines, and shrink it until it fits the frame."""
    size_px = plan.size_px
    while True:
        layout = _layout_at(plan, size_px, frame[0] * _TEXT_WIDTH)
        width, height = layout.size
        if size_px <= _SMALLEST_PX or (width <= frame[0] and height <= frame[1] * _TEXT_HEIGHT):
            return layout
        size_px = max(_SMALLEST_PX, round(size_px * _SHRINK))


def _layout_at(plan: TextOverlayPlan, size_px: int, line_width_px: float) -> _TextLayout:
    font = load_family(TEXT_FAMILY, size_px)
    text = "\n".join(wrap_lines(plan.text, font.getlength, line_width_px))
    stroke_px = 0 if plan.background else max(1, round(size_px * _STROKE_SHARE))
    pad_px = round(size_px * _BOX_PAD) if plan.background else stroke_px
    probe = ImageDraw.Draw(Image.new("L", (1, 1)))
    box = probe.multiline_textbbox((0, 0), text, font=font, align="center", stroke_width=stroke_px)
    return _TextLayout(text, font, stroke_px, pad_px, box)


def _text_picture(plan: TextOverlayPlan, frame: tuple[int, int]) -> Image.Image:
    layout = _text_layout(plan, frame)
    width, height = layout.size
    picture = Image.new("RGBA", (max(1, width), max(1, height)), (*plan.color[:3], 0))
    draw = ImageDraw.Draw(picture)
    if plan.background:
        draw.rounded_rectangle((0, 0, width - 1, height - 1), layout.font.size * _BOX_RADIUS, plan.background)
    place = layout.pad_px - layout.box[0], layout.pad_px - layout.box[1]
    outline = (0, 0, 0, plan.color[3])
    draw.multiline_text(
        place,
        layout.text,
        plan.color,
        layout.font,
        align="center",
        stroke_width=layout.stroke_px,
        stroke_fill=outline,
    )
    return picture
