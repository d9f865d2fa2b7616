"""Fonts that step in for characters that the chosen one lacks.

Packaged ones first, which look the same everywhere; Noto's families as they lie on the machine for the other
scripts. They are found by the names of their files, and asked for every character.
To add a script: `NAMES` of `text/scripts.py`, and `_FILES` here where its font is not called after it.
"""

import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from ..models.words import Region
from ..text.scripts import CHINESE_JAPANESE_KOREAN, script_of
from .charmap import FontError
from .faces import GRAPHEME, FontFace, FontStack, is_pictured
from .fonts import font_file, weight_of

#: Packaged families for what is in many languages: the rest of Latin, Greek, Cyrillic, and signs.
_GENERAL = ("Inter", "Noto Sans")
#: Packaged families of scripts.
_PACKAGED = {
    "Hebrew": "Heebo",
    "Arabic": "Noto Sans Arabic",
    "Devanagari": "Noto Sans Devanagari",
    "Tamil": "Noto Sans Tamil",
    "Thai": "Noto Sans Thai",
}
#: Names of Noto's files, without weight and ending, where they are not "NotoSans" and the script.
_FILES = {
    "SignWriting": "NotoSansSignWriting",
    **{name: f"NotoSerif{name}" for name in ("Ahom", "Dogra", "Tangut", "Tibetan", "Yezidi")},
    "Nyiakeng_Puachue_Hmong": "NotoSerifNyiakengPuachueHmong",
}
_SIGNS = ("NotoSansSymbols", "NotoSansSymbols2", "NotoSansMath", "NotoMusic")
_EMOJI = ("NotoColorEmoji.ttf",)
#: Place of each region's font in the collection for Chinese, Japanese and Korean.
_PLACES: dict[Region, int] = {"JP": 0, "KR": 1, "SC": 2, "TC": 3, "HK": 4}
#: Weight from which on a text is set in the bold one of two files.
_BOLD_FROM = 550
#: Debian's packages.
_CORE, _CJK, _PICTURES = "fonts-noto-core", "fonts-noto-cjk", "fonts-noto-color-emoji"


class FontFolders:
    """Font files of the machine, by name; looked for once, when one is needed."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    def find(self, *names: str) -> Path | None:
        """Find the first of some files; of equal names that in the first folder."""
        return next((self._files[name] for name in names if name in self._files), None)

    @cached_property
    def _files(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for folder in self._folders:
            for place, folders, names in os.walk(folder):
                folders.sort()
                for name in names:
                    if name.startswith("Noto"):
                        found.setdefault(name, Path(place, name))
        return found


class Fallbacks(NamedTuple):
    """What draws a text beside the font that leads."""

    faces: tuple[FontFace, ...]
    """In the order in which they are to be asked."""
    missing: tuple[str, ...]
    """Graphemes that none of them draws either, in order of appearance."""


def choose_fallbacks(text: str, lead: FontFace, region: Region, folders: FontFolders) -> Fallbacks:
    """Choose fonts for all that the lead lacks.

    Args:
        text: all that is set with it.
        lead: the chosen font.
        region: whose shapes of Chinese characters.
        folders: where fonts lie on this machine.
    """
    if lead.draws(text) and not is_pictured(text):
        return Fallbacks((), ())
    shelf = _Shelf(lead.weight, region, folders)
    chosen: dict[FontFace, int] = {}
    missing = []
    for grapheme in dict.fromkeys(GRAPHEME.findall(text)):
        if FontStack((lead,)).place_of(grapheme) is not None and not is_pictured(grapheme):
            continue
        found = next(
            ((rank, face) for rank, face in shelf.candidates(grapheme) if _has(face, grapheme)), None
        )
        if found:
            chosen[found[1]] = found[0]
        elif not lead.draws(grapheme):
            missing.append(grapheme)
    return Fallbacks(tuple(sorted(chosen, key=lambda face: (chosen[face], face.file.name))), tuple(missing))


def packaged_stack(family: str) -> FontStack:
    """Put all packaged fonts behind a family: for labels, whatever people call their files."""
    weight = weight_of(family)
    behind = (FontFace(font_file(name), weight) for name in (*_GENERAL, *_PACKAGED.values()))
    return FontStack((FontFace(font_file(family), weight), *behind))


def package_of(grapheme: str) -> str:
    """Name the package of Debian that has a font for a grapheme."""
    if is_pictured(grapheme):
        return _PICTURES
    return _CJK if script_of(grapheme) in CHINESE_JAPANESE_KOREAN else _CORE


def missing_packages(folders: FontFolders) -> dict[str, str]:
    """List Debian's packages whose fonts are not on this machine, and what they are for."""
    known = {
        _CJK: ("日", "Chinese, Japanese and Korean"),
        _CORE: ("ক", "rarer scripts"),
        _PICTURES: ("\U0001f525", "emoji"),
    }
    shelf = _Shelf(_BOLD_FROM, "SC", folders)
    return {
        package: what
        for package, (grapheme, what) in known.items()
        if not any(_has(face, grapheme) for _, face in shelf.candidates(grapheme))
    }


def _has(face: FontFace, grapheme: str) -> bool:
    try:
        return face.draws(grapheme)
    except (FontError, OSError):  # a file of that name which is no font
        return False


class _Shelf(NamedTuple):
    """All fonts that may step in, each with its rank: the order in which a stack is asked."""

    weight: int
    region: Region
    folders: FontFolders

    def candidates(self, grapheme: str) -> Iterator[tuple[int, FontFace]]:
        """Offer fonts for a grapheme, the best first."""
        script = script_of(grapheme)
        if is_pictured(grapheme):
            yield from self._on_machine(5, _EMOJI)
        if script in _PACKAGED:
            yield 1, FontFace(font_file(_PACKAGED[script]), self.weight)
        if script in CHINESE_JAPANESE_KOREAN:
            yield from self._regional()
        elif script:
            yield from self._on_machine(
                2, self._names(_FILES.get(script, f"NotoSans{script.replace('_', '')}"))
            )
        for family in _GENERAL:
            yield 0, FontFace(font_file(family), self.weight)
        for stem in _SIGNS:
            yield from self._on_machine(3, self._names(stem))
        yield from self._regional()
        yield from self._on_machine(5, _EMOJI)

    def _on_machine(self, rank: int, names: Sequence[str], number: int = 0) -> Iterator[tuple[int, FontFace]]:
        if file := self.folders.find(*names):
            yield rank, FontFace(file, self.weight, number)

    def _regional(self) -> Iterator[tuple[int, FontFace]]:
        stem = "NotoSansCJK"
        collections = [f"{stem}-{weight}.ttc" for weight in self._weights]
        yield from self._on_machine(4, [*collections, f"{stem}-VF.otf.ttc"], _PLACES[self.region])
        alone = f"{stem}{self.region.lower()}"
        yield from self._on_machine(4, [*self._names(alone), *self._names(f"NotoSans{self.region}")])

    @property
    def _weights(self) -> Sequence[str]:
        return ("Bold", "Regular") if self.weight >= _BOLD_FROM else ("Regular", "Bold")

    def _names(self, stem: str) -> Sequence[str]:
        """Spell the names that a family's file has in distributions: of one weight, or of all."""
        all_weights = [
            f"{stem}{axes}.{kind}" for axes in ("[wdth,wght]", "[wght]", "-VF") for kind in ("ttf", "otf")
        ]
        return [
            *all_weights,
            *(f"{stem}-{weight}.{kind}" for weight in self._weights for kind in ("ttf", "otf")),
        ]
