"""A contact sheet: one picture a scene on one page, for people to look a film over."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from PIL import Image, ImageDraw

from ...media.colour import Rgb8
from ...media.faces import GRAPHEME
from ...media.fallbacks import packaged_stack
from ...media.fonts import TEXT_FAMILY
from ...media.inking import covered
from ...media.lettering import Lettering

#: Longer side of a tile's picture in pixels: captions of a phone's film can still be read.
_LONGER_SIDE_PX = 480
_GAP_PX, _LABEL_PX, _HEAD_PX = 28, 64, 84
#: Room for the title line above a single picture.
_LEAST_WIDTH_PX = 640
_BACKGROUND, _INK, _FAINT = (17, 20, 26), (240, 242, 245), (139, 148, 160)
_RADIUS_PX = 12
#: Width of a sheet against its height that grids come close to.
_WANTED_RATIO = 1.6
#: What an empty place in the last row counts against that.
_EMPTY_COST = 0.12


class Tile(NamedTuple):
    """One picture of a sheet."""

    picture: Rgb8
    name: str
    when: str


def draw_sheet(tiles: Sequence[Tile], title: str, facts: str) -> Image.Image:
    """Lay out pictures of one size in rows, each with its name and time below, under a title line."""
    height, width = tiles[0].picture.shape[:2]
    scale = _LONGER_SIDE_PX / max(height, width)
    tile_size = max(1, round(width * scale)), max(1, round(height * scale))
    columns = _columns(len(tiles), tile_size)
    rows = -(-len(tiles) // columns)
    step_x, step_y = tile_size[0] + _GAP_PX, tile_size[1] + _LABEL_PX
    width_px = max(step_x * columns + _GAP_PX, _LEAST_WIDTH_PX)
    page = Image.new("RGB", (width_px, _HEAD_PX + step_y * rows + _GAP_PX), _BACKGROUND)
    _write_pair(page, (_GAP_PX, _HEAD_PX // 2 + 4), (title, facts), 26, page.width - 2 * _GAP_PX)
    for index, tile in enumerate(tiles):
        left, top = _GAP_PX + index % columns * step_x, _HEAD_PX + index // columns * step_y
        page.paste(_scaled(tile.picture, tile_size), (left, top), _rounded(tile_size))
        _write_pair(page, (left, top + tile_size[1] + 24), (tile.name, tile.when), 18, tile_size[0])
    return page


def _columns(tiles: int, tile_size: tuple[int, int]) -> int:
    """Choose the grid whose page comes closest to the wanted shape and leaves few places empty."""

    def strangeness(columns: int) -> float:
        rows = -(-tiles // columns)
        ratio = columns * (tile_size[0] + _GAP_PX) / (rows * (tile_size[1] + _LABEL_PX) + _HEAD_PX)
        return abs(math.log(ratio / _WANTED_RATIO)) + _EMPTY_COST * (rows * columns - tiles)

    return min(range(1, tiles + 1), key=strangeness)


def _scaled(picture: Rgb8, size: tuple[int, int]) -> Image.Image:
    return Image.fromarray(np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8))


def _rounded(size: tuple[int, int]) -> Image.Image:
    mask = Image.new("L", (size[0] * 4, size[1] * 4))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, *mask.size), _RADIUS_PX * 4, fill=255)
    return mask.resize(size, Image.Resampling.LANCZOS)


def _write_pair(
    page: Image.Image, left_middle: tuple[int, int], pair: tuple[str, str], size_px: int, width_px: int
) -> None:
    """Write a bright text and a faint one at the right end of the line; the first is cut to fit."""
    lettering = Lettering(packaged_stack(TEXT_FAMILY), size_px)
    left, middle = left_middle
    faint_px = math.ceil(lettering.length(pair[1]))
    _write(page, (left + width_px - faint_px, middle), pair[1], _FAINT, lettering)
    bright = GRAPHEME.findall(pair[0])
    while bright and lettering.length("".join(bright)) > width_px - faint_px - size_px:
        bright = [*bright[:-2], "…"] if len(bright) > 2 else []
    _write(page, left_middle, "".join(bright), _INK, lettering)


def _write(
    page: Image.Image, left_middle: tuple[int, int], text: str, color: tuple[int, ...], lettering: Lettering
) -> None:
    origin = left_middle[0], left_middle[1] + lettering.middle_px
    page.paste(color, (0, 0), Image.fromarray(covered(lettering.draw(text, page.size, origin, 0))))
