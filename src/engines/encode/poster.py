"""The still picture that stands for the film, and small ones that show how it comes along."""

import io
from pathlib import Path
from typing import cast

import cv2
from PIL import Image

from ...media.colour import yuv_to_rgb
from ...media.planes import Plane, Yuv

#: JPEG quality at which caption edges stay clean.
_QUALITY = 90
#: JPEG quality of a picture that is looked at for two seconds.
_PREVIEW_QUALITY = 80


def write_poster(picture: Yuv, file: Path) -> None:
    """Write a finished frame as a progressive JPEG with full chroma."""
    Image.fromarray(yuv_to_rgb(picture)).save(
        file, "JPEG", quality=_QUALITY, subsampling=0, progressive=True, optimize=True
    )


def draw_preview(picture: Yuv, shorter_px: int) -> bytes:
    """Draw a frame small, as a JPEG; its shorter side has at most `shorter_px` pixels."""
    shrink = min(1.0, shorter_px / min(picture.size))
    width, height = (max(2, round(length * shrink / 2) * 2) for length in picture.size)
    sizes = ((width, height), (width // 2, height // 2), (width // 2, height // 2))
    small = Yuv(
        *(
            cast(Plane, cv2.resize(plane, size, interpolation=cv2.INTER_AREA))
            for plane, size in zip(picture, sizes, strict=True)
        )
    )
    file = io.BytesIO()
    Image.fromarray(yuv_to_rgb(small)).save(file, "JPEG", quality=_PREVIEW_QUALITY)
    return file.getvalue()
