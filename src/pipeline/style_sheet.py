"""All caption styles on one page: each over a bright, a coloured and a dark picture, at three moments."""

from collections.abc import Iterator, Mapping
from functools import cache

import cv2
import numpy as np
from PIL import Image, ImageDraw

from ..engines.subtitle.specimen import specimen_of
from ..media.colour import Rgb8, rgb_to_yuv, yuv_to_rgb
from ..media.fonts import load_family
from ..media.lettering import font_stack
from ..models.caption_style import CaptionStyle
from ..plan.captions import look_of

#: A picture as it is drawn, 1080 pixels wide, and as it stands on the page.
_DRAWN, _SHOWN = (1080, 520), (540, 260)
_MARGIN, _LABEL_PX, _COLUMNS = 28, 74, 2
_PAPER, _INK, _QUIET = (19, 20, 26), (245, 245, 248), (160, 163, 175)
#: Colours from top to bottom of a bright, a coloured and a dark picture, and of the lights in it.
_PICTURES = (
    ((250, 226, 196), (214, 232, 244), (255, 255, 250)),
    ((233, 110, 78), (74, 62, 138), (255, 176, 96)),
    ((16, 24, 44), (6, 8, 14), (54, 92, 150)),
)
_LIGHTS = 26


def style_sheet(styles: Mapping[str, CaptionStyle]) -> Image.Image:
    """Draw the page."""
    block = (len(_PICTURES) * _SHOWN[0] + _MARGIN, _SHOWN[1] + _LABEL_PX + _MARGIN)
    rows = -(-len(styles) // _COLUMNS)
    page = Image.new("RGB", (_MARGIN + _COLUMNS * block[0], _MARGIN + rows * block[1]), _PAPER)
    for place, (name, style) in enumerate(styles.items()):
        x, y = _MARGIN + place % _COLUMNS * block[0], _MARGIN + place // _COLUMNS * block[1]
        _label(page, x, y, name, style.about)
        for number, picture in enumerate(_moments(style)):
            page.paste(Image.fromarray(picture), (x + number * _SHOWN[0], y + _LABEL_PX))
    return page


def _label(page: Image.Image, x: int, y: int, name: str, about: str) -> None:
    pen = ImageDraw.Draw(page)
    pen.text((x, y + 26), name, _INK, load_family("Inter Bold", 28), anchor="ls")
    pen.text((x, y + 56), about, _QUIET, load_family("Inter Medium", 20), anchor="ls")


def _moments(style: CaptionStyle) -> Iterator[Rgb8]:
    frame = _DRAWN[0], _DRAWN[0]  # The shorter side of a real frame, by which sizes are scaled.
    look = look_of(style, frame, "en").model_copy(update={"position": "center"})
    specimen = specimen_of(style, look, font_stack(look.font, {}, strong=look.emphasis_font), _DRAWN)
    for number, at in enumerate(specimen.frames):
        picture = rgb_to_yuv(_picture(number))
        specimen.draw(at, picture)
        yield np.asarray(cv2.resize(yuv_to_rgb(picture), _SHOWN, interpolation=cv2.INTER_AREA), np.uint8)


@cache
def _picture(number: int) -> Rgb8:
    """Paint a sky with lights out of focus."""
    top, bottom, light = (np.array(color, np.float32) for color in _PICTURES[number])
    width, height = _DRAWN
    share = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    picture = np.broadcast_to(top * (1 - share) + bottom * share, (height, width, 3)).copy()
    chance = np.random.default_rng(7 + number)
    for _ in range(_LIGHTS):
        center = int(chance.integers(width)), int(chance.integers(height))
        disc = np.zeros((height, width), np.float32)
        cv2.circle(
            disc, center, int(chance.integers(18, 90)), float(chance.uniform(0.06, 0.3)), -1, cv2.LINE_8
        )
        cover = cv2.GaussianBlur(disc, (0, 0), 3)[:, :, None]
        picture = picture * (1 - cover) + light * cover
    return np.asarray(np.clip(picture, 0, 255), np.uint8)
