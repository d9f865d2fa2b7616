"""The still picture that stands for the film."""

from pathlib import Path

from PIL import Image

from ...media.colour import yuv_to_rgb
from ...media.planes import Yuv

#: JPEG quality at which caption edges stay clean.
_QUALITY = 90


def write_poster(picture: Yuv, file: Path) -> None:
    """Write a finished frame as a progressive JPEG with full chroma."""
    Image.fromarray(yuv_to_rgb(picture)).save(
        file, "JPEG", quality=_QUALITY, subsampling=0, progressive=True, optimize=True
    )
