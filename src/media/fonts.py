"""Typefaces: the packaged families, own font files, and what characters they can draw.

A family that a job may name is packaged: it looks the same everywhere. Fonts of the machine only step in for
characters that no packaged one has (see `fallbacks`).
"""

import json
import threading
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import fontpkg
from PIL import ImageFont, features

from .charmap import FontError, characters_of

#: Packaged families; each comes from a wheel `fontpkg-<name>`, as one variable font or several files.
PACKAGED = (
    "Anton",
    "Archivo Black",
    "Bebas Neue",
    "Heebo",
    "Inter",
    "Luckiest Guy",
    "Montserrat",
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Devanagari",
    "Noto Sans Tamil",
    "Noto Sans Thai",
    "Poppins",
)
#: Named weights, as OpenType counts them (100-900). "Inter" alone is its Regular.
WEIGHTS = {
    "Thin": 100,
    "ExtraLight": 200,
    "Light": 300,
    "": 400,
    "Medium": 500,
    "SemiBold": 600,
    "Bold": 700,
    "ExtraBold": 800,
    "Black": 900,
}
#: Built-in choices: captions must be heavy to be read over pictures; titles heavier still.
CAPTION_FAMILY = "Montserrat ExtraBold"
TITLE_FAMILY = "Montserrat Black"
TEXT_FAMILY = "Inter SemiBold"
#: Weight of an own variable font: its default instance is often the thinnest it has.
OWN_FILE_WEIGHT = 800

#: Parsed fonts that are kept; one is about 1 MB, and a film uses a handful of sizes in each thread.
_KEPT_FONTS = 64


@lru_cache(maxsize=1)
def _faces() -> Mapping[str, tuple[Path, int]]:
    return MappingProxyType(
        {
            f"{name} {weight}".strip(): (Path(file.path), number)
            for name in PACKAGED
            for file in _packaged(name).files
            for weight, number in WEIGHTS.items()
            if file.style == "normal" and (file.variable or file.weight == number)
        }
    )


def _packaged(name: str) -> fontpkg.Family:
    """Open a family in its wheel; fontpkg reads what every installed package offers to find it there."""
    folder = files(f"fontpkg_{fontpkg.slugify(name).replace('-', '_')}")
    told = (folder / "metadata.json").read_text(encoding="utf-8")
    return fontpkg.family_from_metadata(json.loads(told), folder)


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    return MappingProxyType({_key(family): family for family in _faces()})


def _key(family: str) -> str:
    return "".join(family.casefold().replace("-", " ").split())


def families() -> tuple[str, ...]:
    """List the families that a job may name, weights included."""
    return tuple(_faces())


def font_file(family: str) -> Path:
    """Find the font file of a packaged family; case, spaces and hyphens do not matter.

    Raises:
        KeyError: when there is no such family.
    """
    return _faces()[_names()[_key(family)]][0]


def family_named(name: str) -> str | None:
    """Give the proper spelling of a packaged family's name; None when there is no such family."""
    return _names().get(_key(name))


def weight_of(family: str) -> int:
    """Tell the weight (100-900) that a family's name asks for; anything else is an own file."""
    proper = family_named(family)
    return _faces()[proper][1] if proper else OWN_FILE_WEIGHT


def bolder(name: str, weight: int) -> str | None:
    """Find the boldest face of a packaged family up to a weight; None when it has none that is bolder."""
    own = weight_of(name)
    spelled = family_named(name)
    faces = {
        f"{base} {word}".strip(): (base, number) for base in PACKAGED for word, number in WEIGHTS.items()
    }
    if spelled not in faces:
        return None
    of_family = {
        face: number
        for face, (base, number) in faces.items()
        if base == faces[spelled][0] and face in _faces() and own < number <= weight
    }
    return max(of_family, key=of_family.__getitem__, default=None)


def load_family(family: str, size_px: int) -> ImageFont.FreeTypeFont:
    """Open a packaged family in its weight.

    Raises:
        KeyError: when there is no such family.
    """
    return load_font(font_file(family), size_px, weight_of(family))


def load_font(file: Path, size_px: int, weight: int | None = None, index: int = 0) -> ImageFont.FreeTypeFont:
    """Open a font at a size, for the calling thread only.

    A FreeType face must not be used by two threads at once, so each thread has its own. `weight` matters
    to variable fonts alone; without it they get `OWN_FILE_WEIGHT`. `index` is its place in a collection.
    """
    weight = OWN_FILE_WEIGHT if weight is None else weight
    return _load(file, max(1, size_px), weight, index, threading.get_ident())


# FreeType's library object, that all faces share, is not thread-safe while faces are opened.
_opening = threading.Lock()


@lru_cache(maxsize=_KEPT_FONTS)
def _load(file: Path, size_px: int, weight: int, index: int, _thread: int) -> ImageFont.FreeTypeFont:
    engine = ImageFont.Layout.RAQM if has_raqm() else ImageFont.Layout.BASIC
    with _opening:
        font = ImageFont.truetype(str(file), size_px, index, layout_engine=engine)
        _choose_instance(font, size_px, weight)
    return font


def heaviest_in(file: Path) -> int | None:
    """Tell the greatest weight of a variable font; None when a font has one weight only."""
    with _opening:
        axes = _axes(ImageFont.truetype(str(file), 16))
    weights = [axis for axis in axes if axis.name == "weight" and axis.low < axis.high]
    return int(weights[0].high) if weights else None


class _Axis(NamedTuple):
    """What of a variable font may be chosen."""

    name: str
    low: float
    usual: float
    high: float


def _axes(font: ImageFont.FreeTypeFont) -> list[_Axis]:
    try:
        told = font.get_variation_axes()
    except OSError:  # a static font
        return []
    axes = []
    for axis in told:
        name = (
            axis["name"].decode("utf-8", "replace") if isinstance(axis["name"], bytes) else str(axis["name"])
        )
        low, usual, high = axis["minimum"] or 0, axis["default"] or 0, axis["maximum"] or 0
        axes.append(_Axis(name.lower(), low, usual, high))
    return axes


def _choose_instance(font: ImageFont.FreeTypeFont, size_px: int, weight: int) -> None:
    asked = {"weight": weight, "optical size": size_px}
    values = [float(min(max(asked.get(axis.name, axis.usual), axis.low), axis.high)) for axis in _axes(font)]
    if values:
        font.set_variation_by_axes(values)


def has_raqm() -> bool:
    """Tell whether text is shaped (Arabic, Hindi, ligatures); needs the system's fribidi."""
    return bool(features.check("raqm"))


def is_font(file: Path) -> bool:
    """Tell whether a file is a TrueType or OpenType font that can draw."""
    try:
        characters_of(file)
        ImageFont.truetype(str(file), 16)
    except (FontError, OSError):
        return False
    return True
