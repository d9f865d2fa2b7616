"""Typesetting of a title card: sizes, lines, places, and their pictures."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import cv2
import numpy as np

from ...media.colour import sprite_of_rgba
from ...media.fonts import TEXT_FAMILY, TITLE_FAMILY
from ...media.inking import covered, inked
from ...media.lettering import FontStack, Lettering, font_stack
from ...media.linebreak import unbreakable, wrap_lines
from ...media.planes import BLACK, Plane, Sprite, Yuv
from ...models.planned import Rgb
from ...models.timeline import PPM, MediaFiles, TitleSource
from .procedural.arrays import Floats
from .procedural.dither import dither

#: Share of the frame's width that lines may take.
WIDTH_SHARE = 0.80
#: Share of its height that the title alone may take: captions stand in the lower third.
_HEIGHT_SHARE = 0.40
#: Where the middle of the block stands, as a share of the height.
_MIDDLE = 0.42
#: Space between title and subtitle in sizes of the title's type.
_GAP = 0.32
#: Largest and smallest size of the title's type, and size below which more lines are the lesser evil, as
#: shares of the frame's shorter side.
_LARGEST, _SMALLEST, _TOO_SMALL = 0.21, 0.02, 0.06
#: Lines of a title, as long as it can be read.
_MAX_LINES = 4
#: From one size that was tried to the next.
_STEP = 0.96
#: Distance of baselines in sizes of the type: heavy capitals stand well when set tight.
_LEADING = 1.08
_SUBTITLE_LEADING = 1.28
#: The subtitle's size against the title's, and its bounds against the shorter side.
_SUBTITLE_SIZE, _SUBTITLE_BOUNDS = 0.42, (0.026, 0.052)
#: Opacity of the subtitle.
_SUBTITLE_OPACITY = 0.90
#: Font size at which text is measured once; lengths scale with the size.
_REFERENCE_PX = 200
#: Shadow: blur and drop against the type's size, opacity; a tight one for edges and a wide one for calm.
_SHADOWS = ((0.035, 0.025, 0.55), (0.22, 0.04, 0.50))


class Piece(NamedTuple):
    """A line of text and its shadow, at their final place."""

    text: Sprite
    shadow: Sprite


class _Text(NamedTuple):
    """What is to be set."""

    written: str
    held: tuple[int, ...]
    """Words that stay on the line of the next one where both fit."""
    fonts: FontStack


class _Block(NamedTuple):
    """Lines of one typeface and size."""

    lines: list[str]
    fonts: FontStack
    size_px: int
    leading: float

    @property
    def height_px(self) -> float:
        return len(self.lines) * self.leading * self.size_px


def set_title(source: TitleSource, width: int, height: int, files: MediaFiles) -> list[Piece]:
    """Set title and subtitle and draw each of their lines; `files` has the fonts that step in."""
    first_px, last_px = (share * height / PPM for share in (source.top_ppm, source.bottom_ppm))
    room_px = min(_HEIGHT_SHARE * height, last_px - first_px)
    blocks = _blocks(source, width, height, files, room_px)
    while (excess_px := _height_px(blocks) - (last_px - first_px)) > 0 and room_px > _SMALLEST * height:
        room_px = min(room_px, blocks[0].height_px) - max(1.0, excess_px)
        blocks = _blocks(source, width, height, files, room_px)
    top_px = _top_px(_height_px(blocks), height, first_px, last_px)
    pieces = []
    for block, opacity in zip(blocks, (1.0, _SUBTITLE_OPACITY), strict=False):
        for index, line in enumerate(block.lines):
            middle_px = top_px + (index + 0.5) * block.leading * block.size_px
            pieces.append(_draw(line, block, source.color, opacity, (width / 2, middle_px)))
        top_px += block.height_px + _GAP * blocks[0].size_px
    return pieces


def _blocks(source: TitleSource, width: int, height: int, files: MediaFiles, room_px: float) -> list[_Block]:
    """Set the title in the room it has, and the subtitle, if there is one, in a size that goes with it."""
    fonts = font_stack(TITLE_FAMILY, files, source.fallbacks)
    title = _fit_title(_Text(source.text, source.held, fonts), width, height, room_px)
    if not source.subtitle.strip():
        return [title]
    fonts = font_stack(TEXT_FAMILY, files, source.subtitle_fallbacks)
    text = _Text(source.subtitle, source.subtitle_held, fonts)
    return [title, _fit_subtitle(text, title.size_px, width, height)]


def _height_px(blocks: Sequence[_Block]) -> float:
    return sum(block.height_px for block in blocks) + _GAP * blocks[0].size_px * (len(blocks) - 1)


def _top_px(whole_px: float, height: int, first_px: float, last_px: float) -> float:
    """Stand where titles stand, or in the middle of the rows that are left, and in no others."""
    middle_px = _MIDDLE * height
    if not first_px <= middle_px <= last_px:
        middle_px = (first_px + last_px) / 2
    return max(first_px, min(middle_px - whole_px / 2, last_px - whole_px))


def _measure_of(fonts: FontStack) -> Callable[[str], float]:
    """Return a function that tells a text's width at size 1."""
    lettering = Lettering(fonts, _REFERENCE_PX)
    return lambda text: lettering.length(text) / _REFERENCE_PX


def _wrap(text: _Text, size: float, leading: float, width: int) -> _Block:
    lines = wrap_lines(text.written, _measure_of(text.fonts), WIDTH_SHARE * width / size, text.held)
    return _Block(lines, text.fonts, max(1, int(size)), leading)


def _fit_title(text: _Text, width: int, height: int, room_px: float) -> _Block:
    """Choose the largest type that fits in few lines; long titles get more lines rather than tiny type."""
    shorter = min(width, height)
    measure = _measure_of(text.fonts)
    widest = max((measure(piece) for piece in unbreakable(text.written)), default=0.0)
    for most_lines, smallest in ((_MAX_LINES, _TOO_SMALL), (len(text.written), _SMALLEST)):
        size = _LARGEST * shorter
        while size >= smallest * shorter:
            if widest * size <= WIDTH_SHARE * width:
                block = _wrap(text, size, _LEADING, width)
                if len(block.lines) <= most_lines and block.height_px <= room_px:
                    return block
            size *= _STEP
    return _wrap(text, _SMALLEST * shorter, _LEADING, width)


def _fit_subtitle(text: _Text, title_px: int, width: int, height: int) -> _Block:
    shorter = min(width, height)
    low, high = (bound * shorter for bound in _SUBTITLE_BOUNDS)
    size = min(max(_SUBTITLE_SIZE * title_px, low), high)
    return _wrap(text, size, _SUBTITLE_LEADING, width)


def _draw(line: str, block: _Block, color: Rgb, opacity: float, middle_px: tuple[float, float]) -> Piece:
    lettering = Lettering(block.fonts, block.size_px)
    pen = middle_px[0] - lettering.length(line) / 2, middle_px[1] + lettering.middle_px
    left, top, right, bottom = lettering.ink(line)
    margin_px = round(block.size_px * (3 * _SHADOWS[-1][0] + _SHADOWS[-1][1])) + 2
    x, y = (2 * int((start + side - margin_px) // 2) for start, side in zip(pen, (left, top), strict=True))
    columns, rows = (2 * (int(side) // 2 + margin_px + 2) for side in (right - left, bottom - top))
    drawn = lettering.draw(line, (columns, rows), (pen[0] - x, pen[1] - y), 0)
    text = sprite_of_rgba(inked(drawn, (*color, round(255 * opacity))), x, y)
    return Piece(text, _shadow_of(covered(drawn), block.size_px, x, y))


def _shadow_of(mask: Plane, size_px: float, x: int, y: int) -> Sprite:
    """Return the shadow of a drawn line as a black sprite, dithered: it is soft enough to show bands."""
    light = np.ones(mask.shape, np.float32)
    for blur, drop, opacity in _SHADOWS:
        lower = np.array([[1, 0, 0], [0, 1, drop * size_px]], np.float32)
        moved = cv2.warpAffine(mask, lower, (mask.shape[1], mask.shape[0]))
        soft = np.asarray(cv2.GaussianBlur(moved, (0, 0), max(0.3, blur * size_px)), np.float32)
        light *= 1 - soft * (opacity / 255)
    half_size = (mask.shape[1] // 2, mask.shape[0] // 2)
    half = np.asarray(cv2.resize(light, half_size, interpolation=cv2.INTER_AREA), np.float32)
    luma_keep, chroma_keep = _rounded(light * 255, light), _rounded(half * 255, half)
    color = [
        _rounded(black * (1 - keep * np.float32(1 / 255)), keep / 255)
        for black, keep in zip(BLACK, (luma_keep, chroma_keep, chroma_keep), strict=True)
    ]
    return Sprite(x, y, Yuv(*color), (luma_keep, chroma_keep))


def merge(sprites: Sequence[Sprite]) -> Sprite:
    """Return one sprite that looks as all of these blended one after the other."""
    x, y = min(sprite.x for sprite in sprites), min(sprite.y for sprite in sprites)
    right = max(sprite.x + sprite.color.size[0] for sprite in sprites)
    bottom = max(sprite.y + sprite.color.size[1] for sprite in sprites)
    planes = []
    for index in range(3):
        step = 1 if index == 0 else 2
        shape = ((bottom - y) // step, (right - x) // step)
        color, keep = np.zeros(shape, np.float32), np.ones(shape, np.float32)
        for sprite in sprites:
            plane, left, top = sprite.color[index], (sprite.x - x) // step, (sprite.y - y) // step
            here = np.s_[top : top + plane.shape[0], left : left + plane.shape[1]]
            kept = sprite.keep[min(index, 1)] * np.float32(1 / 255)
            color[here] = color[here] * kept + plane
            keep[here] *= kept
        planes.append((_rounded(color, keep), _rounded(keep * 255, keep)))
    (luma, luma_keep), (u, chroma_keep), (v, _) = planes
    return Sprite(x, y, Yuv(luma, u, v), (luma_keep, chroma_keep))


def _rounded(levels: Floats, keep: Floats) -> Plane:
    """Round to 8 bits, dithered where a sprite is neither invisible nor opaque (`keep` 0-1)."""
    soft = (keep > 0.004) & (keep < 0.998)
    return np.clip(np.rint(levels + dither(*levels.shape) * soft), 0, 255).astype(np.uint8)
