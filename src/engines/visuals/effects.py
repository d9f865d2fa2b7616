"""What is done to the picture of a shot before anything lies over it: colour, light, grain.

An effect is opened once for a shot, with the size of the frame, and gives a `Treatment`. Adding one: write
the function that opens it, and add it to `EFFECTS`. Sizes are shares of the frame's width, so that a draft
looks like the film.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from types import MappingProxyType

import cv2
import numpy as np
import numpy.typing as npt

from ...media.planes import BLACK, Plane, Sprite, Yuv, blend
from .frames import FrameSource

#: Treats frame N of a shot in place; any order of frames gives the same pictures.
Treatment = Callable[[Yuv, int], None]
#: Opens an effect for frames of (width, height), both even.
Opening = Callable[[tuple[int, int]], Treatment]

#: Limited range: luma of black and white, chroma of grey.
_DARK, _BRIGHT, _GREY = 16, 235, 128
#: Least and most that chroma may be.
_CHROMA = 16, 240
_LEVELS = np.arange(256, dtype=np.float64)
#: How many pictures of grain there are; each is seen in four ways, for two frames.
_GRAINS = 12
#: How many grains stand side by side, and how strong they are in levels of luma.
_GRAIN_COLUMNS, _GRAIN_DEVIATION = 540, 4.4


class TreatedSource:
    """A source whose frames are treated by effects, one after the other."""

    def __init__(self, source: FrameSource, effects: Sequence[str], size: tuple[int, int]) -> None:
        self._source = source
        self._treatments = [EFFECTS[name](size) for name in effects]

    def draw(self, frame: int, out: Yuv) -> None:
        """Draw the source, then treat what it drew."""
        self._source.draw(frame, out)
        for treat in self._treatments:
            treat(out, frame)

    def close(self) -> None:
        """Close the source."""
        self._source.close()


def _graded(size: tuple[int, int], *, points: Sequence[tuple[float, float]], saturation: float) -> Treatment:
    """Bend luma along a curve through points (before, after), each 0-1, and scale chroma."""
    before, after = zip(*points, strict=True)
    bent = np.interp((_LEVELS - _DARK) / (_BRIGHT - _DARK), before, after)
    luma = _table(_DARK + bent * (_BRIGHT - _DARK))
    chroma = _table(_GREY + (_LEVELS - _GREY) * saturation)

    def treat(picture: Yuv, frame: int) -> None:
        cv2.LUT(picture.y, luma, dst=picture.y)
        for plane in (picture.u, picture.v):
            cv2.LUT(plane, chroma, dst=plane)

    return treat


def _table(values: npt.NDArray[np.float64]) -> Plane:
    """Round values of all 256 levels into the range that chroma may have, the wider one."""
    return np.clip(np.rint(values), *_CHROMA).astype(np.uint8)


def _colorless(size: tuple[int, int]) -> Treatment:
    """Take all colour away."""

    def treat(picture: Yuv, frame: int) -> None:
        picture.u.fill(_GREY)
        picture.v.fill(_GREY)

    return treat


def _tinted(size: tuple[int, int], *, towards_blue: float) -> Treatment:
    """Shift chroma between orange and blue, the more the brighter it is there: black stays black."""
    width, height = size
    light = np.empty((height // 2, width // 2), np.uint8)

    def treat(picture: Yuv, frame: int) -> None:
        cv2.resize(picture.y, (width // 2, height // 2), dst=light, interpolation=cv2.INTER_AREA)
        for plane, share in ((picture.u, towards_blue), (picture.v, -0.8 * towards_blue)):
            cv2.addWeighted(plane, 1, light, share, -share * _DARK, dst=plane)
            np.clip(plane, *_CHROMA, out=plane)

    return treat


def _sepia(size: tuple[int, int]) -> Treatment:
    """Replace colour by the brown of old photographs."""
    bleach, tint = _colorless(size), _tinted(size, towards_blue=-0.14)

    def treat(picture: Yuv, frame: int) -> None:
        bleach(picture, frame)
        tint(picture, frame)

    return treat


def _vignette(size: tuple[int, int]) -> Treatment:
    """Darken the corners."""
    shade = _corner_shade(size)

    def treat(picture: Yuv, frame: int) -> None:
        blend(shade, picture)
        np.maximum(picture.y, _DARK, out=picture.y)

    return treat


@lru_cache(maxsize=2)
def _corner_shade(size: tuple[int, int]) -> Sprite:
    """Make a black veil that nobody sees in the middle."""
    width, height = size
    x = np.linspace(-1, 1, width)[None, :]
    y = np.linspace(-1, 1, height)[:, None]
    share = np.clip((np.sqrt(x * x + y * y) - 0.6) / (np.sqrt(2) - 0.6), 0, 1)
    alpha = 0.75 * share * share * (3 - 2 * share)
    small = np.asarray(cv2.resize(alpha, (width // 2, height // 2), interpolation=cv2.INTER_AREA), np.float64)
    keep = tuple(np.rint(255 * (1 - part)).astype(np.uint8) for part in (alpha, small))
    # What is kept and what is added make up all of it: grey stays grey.
    planes = [
        np.rint(black * (1 - kept / 255.0)).astype(np.uint8)
        for black, kept in zip(BLACK, (keep[0], keep[1], keep[1]), strict=True)
    ]
    return Sprite(0, 0, Yuv(*planes), (keep[0], keep[1]))


def _blurred(size: tuple[int, int], *, width_share: float) -> Treatment:
    """Blur so much that a picture is a mere background for text."""

    def treat(picture: Yuv, frame: int) -> None:
        for plane in picture:
            _enlarge(_blurred_copy(plane, width_share), plane)

    return treat


def _blurred_copy(plane: Plane, width_share: float) -> Plane:
    """Blur a small copy by a Gaussian of a share of its width: what is blurred has no more detail."""
    height, width = plane.shape
    # A power of two divides most frames evenly, which is twice as quick.
    step = 1 << max(0, int(math.log2(max(1.0, width_share * width / 2))))
    small = cv2.resize(plane, (max(1, width // step), max(1, height // step)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), max(0.3, width_share * width / step)), np.uint8)


def _enlarge(small: Plane, out: Plane) -> None:
    height, width = out.shape
    cv2.resize(small, (width, height), dst=out, interpolation=cv2.INTER_LINEAR)


def _glow(size: tuple[int, int]) -> Treatment:
    """Let bright places shine over their surroundings."""
    width, height = size
    halo = np.empty((height, width), np.uint8)
    light = np.clip(0.63 * (_LEVELS - 120), 0, 255).astype(np.uint8)

    def treat(picture: Yuv, frame: int) -> None:
        _enlarge(np.asarray(cv2.LUT(_blurred_copy(picture.y, 0.022), light), np.uint8), halo)
        cv2.add(picture.y, halo, dst=picture.y)
        np.minimum(picture.y, _BRIGHT, out=picture.y)

    return treat


def _grain(size: tuple[int, int]) -> Treatment:
    """Lay moving grain over the picture, a new one every other frame: more would be costly to encode."""
    grains = _grains(size)

    def treat(picture: Yuv, frame: int) -> None:
        # A step that has no divisor in common with the number of grains; turned over, each looks new.
        drawn = grains[frame // 2 * 5 % _GRAINS]
        flip = frame // 2 // _GRAINS % 4
        cv2.addWeighted(
            picture.y, 1, drawn if flip == 3 else cv2.flip(drawn, flip - 1), 1, -_GREY, dst=picture.y
        )
        np.clip(picture.y, _DARK, _BRIGHT, out=picture.y)

    return treat


@lru_cache(maxsize=2)
def _grains(size: tuple[int, int]) -> tuple[Plane, ...]:
    """Draw grains no finer than a phone shows, and as strong whatever the size of the frame."""
    width, height = size
    random = np.random.default_rng(width * 65536 + height)
    shape = max(1, round(height * _GRAIN_COLUMNS / width)), _GRAIN_COLUMNS
    way = cv2.INTER_AREA if width < _GRAIN_COLUMNS else cv2.INTER_LINEAR
    grains = []
    for _ in range(_GRAINS):
        noise = random.normal(_GREY, _GRAIN_DEVIATION, shape).astype(np.float32)
        drawn = cv2.resize(noise, (width, height), interpolation=way)
        grains.append(np.clip(np.rint(drawn), 0, 255).astype(np.uint8))
    return tuple(grains)


def _fringed(size: tuple[int, int]) -> Treatment:
    """Part the colours to both sides, as a cheap lens does."""
    shift = max(1, round(size[0] / 160))

    def treat(picture: Yuv, frame: int) -> None:
        for plane, by in ((picture.u, -shift), (picture.v, shift)):
            moved = np.roll(plane, by, axis=1)
            edge = np.s_[:, :by] if by > 0 else np.s_[:, by:]
            moved[edge] = plane[edge]
            np.copyto(plane, moved)

    return treat


def _mirrored(size: tuple[int, int]) -> Treatment:
    """Turn left and right round."""

    def treat(picture: Yuv, frame: int) -> None:
        for plane in picture:
            np.copyto(plane, cv2.flip(plane, 1))

    return treat


#: Every effect by the name that jobs use.
EFFECTS: Mapping[str, Opening] = MappingProxyType(
    {
        "blur": partial(_blurred, width_share=0.02),
        "cool": partial(_tinted, towards_blue=0.055),
        "darken": partial(_graded, points=((0, 0), (1, 0.55)), saturation=0.7),
        "faded": partial(_graded, points=((0, 0.12), (0.5, 0.52), (1, 0.92)), saturation=0.72),
        "fringe": _fringed,
        "glow": _glow,
        "grain": _grain,
        "grayscale": _colorless,
        "mirror": _mirrored,
        "sepia": _sepia,
        "vignette": _vignette,
        "vivid": partial(_graded, points=((0, 0), (0.25, 0.2), (0.75, 0.81), (1, 1)), saturation=1.35),
        "warm": partial(_tinted, towards_blue=-0.055),
    }
)
