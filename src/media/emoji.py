"""Coloured emoji, from a font of pictures."""

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from .faces import FontFace
from .fonts import load_font

Pixels = npt.NDArray[np.uint8]

#: The one size in pixels that Google's font of emoji holds pictures in.
_STRIKE_PX = 109
#: Height of a picture at that size.
_PICTURE_PX = 128
#: Height of an emoji against the height of capitals, on whose middle it stands: between the ascenders' top
#: and the descenders' foot.
_HEIGHT = 1.5


class EmojiSize(NamedTuple):
    """How large emoji are beside capitals of a height."""

    cap_px: float

    @property
    def scale(self) -> float:
        """Tell by what the font's pictures are scaled."""
        return _HEIGHT * self.cap_px / _PICTURE_PX

    @property
    def top_px(self) -> float:
        """Tell where pictures begin, downwards from the baseline."""
        return -(self.cap_px + _HEIGHT * self.cap_px) / 2


def emoji_length(text: str, face: FontFace, size: EmojiSize) -> float:
    """Tell how far the pen moves."""
    return _font(face).getlength(text) * size.scale


def emoji_ink(text: str, face: FontFace, size: EmojiSize) -> tuple[float, float, float, float]:
    """Tell what is drawn: left, top, right, bottom, from where the pen starts."""
    height_px = _PICTURE_PX * size.scale
    return 0.0, size.top_px, emoji_length(text, face, size), size.top_px + height_px


def draw_emoji(text: str, face: FontFace, size: EmojiSize) -> Pixels:
    """Draw a run; (H, W, 4) RGBA, premultiplied."""
    font = _font(face)
    left, top, right, bottom = font.getbbox(text, anchor="ls")
    width = max(1, int(max(right, font.getlength(text)) - min(left, 0)))
    picture = Image.new("RGBA", (width, _PICTURE_PX))
    # Pictures of a font all have one height, though not all of them fill it.
    middle = (top + bottom) / 2
    origin = (-min(left, 0), _PICTURE_PX / 2 - middle)
    ImageDraw.Draw(picture).text(origin, text, font=font, anchor="ls", embedded_color=True)
    return _scaled(_premultiplied(np.asarray(picture)), size.scale)


def _font(face: FontFace) -> ImageFont.FreeTypeFont:
    return load_font(face.file, _STRIKE_PX, face.weight, face.number)


def _premultiplied(rgba: Pixels) -> Pixels:
    alpha = rgba[:, :, 3:].astype(np.uint16)
    colors = (rgba[:, :, :3] * alpha + 127) // 255
    return np.concatenate([colors.astype(np.uint8), rgba[:, :, 3:]], axis=2)


def _scaled(picture: Pixels, scale: float) -> Pixels:
    size = tuple(max(1, round(side * scale)) for side in (picture.shape[1], picture.shape[0]))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, size, interpolation=method), np.uint8)
