"""Picture files decoded to upright RGB, whatever their mode, orientation, depth or profile."""

import io
import warnings
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms, ImageOps

from .colour import Rgb8
from .probe import ORIENTATION, PICTURE_DAMAGES, PICTURE_FORMATS, UnreadableFile, frame_count

#: Colour under transparent parts of a picture that fills a scene.
BACKDROP = (16, 16, 24)
#: Milliseconds of an animation's frame that says 0: what browsers use.
DEFAULT_FRAME_MS = 100


class PictureReader:
    """A picture file; animated ones are read frame by frame. Used by one thread at a time."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ends_ms = _frame_ends_ms(file)
        self._picture = _open(file)

    @property
    def animated(self) -> bool:
        """Whether it has more than one frame."""
        return len(self._ends_ms) > 1

    def frame_at(self, time_ms: int) -> int:
        """Find the frame that shows at a time; animations repeat for ever."""
        if not self._ends_ms:
            return 0
        within_ms = time_ms % self._ends_ms[-1]
        return next(index for index, end_ms in enumerate(self._ends_ms) if within_ms < end_ms)

    def rgba(self, frame: int = 0, at_least: tuple[int, int] | None = None) -> Image.Image:
        """Decode one frame upright, in sRGB with alpha; it belongs to the reader until the next call.

        `at_least` is the smallest size in pixels that the caller can use: a JPEG may be decoded smaller
        than it is, never smaller than that.

        Raises:
            UnreadableFile: the file is damaged or cut off.
        """
        try:
            if self.animated:
                self._picture.seek(frame)
            elif at_least:
                self._picture.draft(None, at_least)
            self._picture.load()
            return _to_srgb(_upright(self._picture))
        except PICTURE_DAMAGES as error:
            raise UnreadableFile(f"damaged: {error}", self._file) from error

    def opaque(self, frame: int = 0, at_least: tuple[int, int] | None = None) -> Image.Image:
        """Decode one frame as RGB, transparent parts over the backdrop; as `rgba` otherwise."""
        picture = self.rgba(frame, at_least)
        if picture.mode == "RGBA":
            backdrop = Image.new("RGBA", picture.size, (*BACKDROP, 255))
            picture = Image.alpha_composite(backdrop, picture).convert("RGB")
        return picture

    def close(self) -> None:
        """Close the file."""
        self._picture.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def scaled(picture: Image.Image, box: tuple[int, int, int, int], size: tuple[int, int]) -> Rgb8:
    """Scale the part (left, top, width, height) of an RGB picture to (H, W, 3) uint8 of `size`.

    Scaling from Pillow's own memory spares a copy of the whole picture, tens of megabytes of a photo.
    """
    left, top, width, height = box
    return np.asarray(
        picture.resize(size, Image.Resampling.BICUBIC, box=(left, top, left + width, top + height))
    )


def _open(file: Path) -> Image.Image:
    with warnings.catch_warnings():
        # The caller has bounded the pixels by `probe_picture` already.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            return Image.open(file, formats=PICTURE_FORMATS)
        except PICTURE_DAMAGES as error:
            raise UnreadableFile("not a picture", file) from error


def _upright(picture: Image.Image) -> Image.Image:
    """Turn a picture as its EXIF says; an upright one is not copied."""
    if picture.getexif().get(ORIENTATION, 1) == 1:
        return picture
    return ImageOps.exif_transpose(picture)


def _frame_ends_ms(file: Path) -> list[int]:
    """Tell when each frame of an animation ends; nothing for a picture that stands still."""
    ends_ms, end_ms = [], 0
    with _open(file) as picture:
        try:
            frames = frame_count(picture)
            for frame in range(frames if frames > 1 else 0):
                picture.seek(frame)
                picture.load()
                end_ms += max(0, int(picture.info.get("duration", 0))) or DEFAULT_FRAME_MS
                ends_ms.append(end_ms)
        except PICTURE_DAMAGES as error:
            raise UnreadableFile(f"damaged: {error}", file) from error
    return ends_ms


def _to_srgb(picture: Image.Image) -> Image.Image:
    """Convert to 8-bit RGB or RGBA in sRGB, through the embedded profile where there is one.

    A picture that is so already is not copied: a photo takes tens of megabytes.
    """
    profile = picture.info.get("icc_profile")
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    if picture.mode.startswith("I;16") or picture.mode in {"I", "F"}:
        picture = _from_deep_gray(picture)
    if profile and picture.mode in {"RGB", "CMYK"}:
        converted = _through_profile(picture, profile)
        if converted is not None:
            return converted
    mode = "RGBA" if has_alpha else "RGB"
    return picture if picture.mode == mode else picture.convert(mode)


def _from_deep_gray(picture: Image.Image) -> Image.Image:
    """Scale gray of 16 bits, or of real numbers, to 8 bits; Pillow itself clips at 255 instead."""
    values = np.asarray(picture).astype(np.float32)
    scaled_values = _from_real_gray(values) if picture.mode == "F" else values / 257
    return Image.fromarray(np.clip(np.rint(scaled_values), 0, 255).astype(np.uint8))


def _from_real_gray(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Scale 0 to 1, or else the range that the picture itself has, to 0 to 255."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    if low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    known = np.nan_to_num(values, nan=low, posinf=high, neginf=low)
    # Flat gray has no range: it stays as it is.
    return (known - low) * (255 / (high - low)) if high > low else known


def _through_profile(picture: Image.Image, profile: bytes) -> Image.Image | None:
    """Convert by the embedded ICC profile; None when the profile itself is damaged."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).lower() and picture.mode == "RGB":
            return picture
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return None
