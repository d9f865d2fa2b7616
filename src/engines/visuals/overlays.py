"""Pictures and text that lie over the film."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from ...media.colour import sprite_of_rgba
from ...media.fonts import TEXT_FAMILY, load_family
from ...media.linebreak import wrap_lines
from ...media.picture import PictureReader
from ...media.planes import Sprite
from ...models.timeline import PPM, ImageOverlayPlan, MediaFiles, OverlayPlan, TextOverlayPlan

#: Widest line of a text overlay as a fraction of the frame.
_TEXT_WIDTH = 0.86
#: Outline of a text overlay without a box, as a fraction of its size.
_STROKE_SHARE = 0.07
#: Space around text in its box, and the radius of its corners, as fractions of the size.
_BOX_PAD, _BOX_RADIUS = 0.42, 0.38


def overlay_sprite(plan: OverlayPlan, frame_width: int, files: MediaFiles) -> Sprite:
    """Draw an overlay once; the sprite stands at its place in the frame."""
    if isinstance(plan, ImageOverlayPlan):
        picture = _scaled_picture(files[plan.sha256], plan)
    else:
        picture = _text_picture(plan, frame_width)
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


def _text_picture(plan: TextOverlayPlan, frame_width: int) -> Image.Image:
    font = load_family(TEXT_FAMILY, plan.size_px)
    text = "\n".join(wrap_lines(plan.text, font.getlength, frame_width * _TEXT_WIDTH))
    stroke_px = 0 if plan.background else max(1, round(plan.size_px * _STROKE_SHARE))
    probe = ImageDraw.Draw(Image.new("L", (1, 1)))
    box = probe.multiline_textbbox((0, 0), text, font=font, align="center", stroke_width=stroke_px)
    pad_px = round(plan.size_px * _BOX_PAD) if plan.background else stroke_px
    size = round(box[2] - box[0]) + 2 * pad_px, round(box[3] - box[1]) + 2 * pad_px
    picture = Image.new("RGBA", size, (*plan.color[:3], 0))
    draw = ImageDraw.Draw(picture)
    if plan.background:
        draw.rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), plan.size_px * _BOX_RADIUS, plan.background)
    place = pad_px - box[0], pad_px - box[1]
    outline = (0, 0, 0, plan.color[3])
    draw.multiline_text(
        place, text, plan.color, font, align="center", stroke_width=stroke_px, stroke_fill=outline
    )
    return picture
