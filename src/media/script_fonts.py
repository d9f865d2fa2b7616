"""The fonts of one script in a folder of their own, with which libass draws and beside which it sees none.

What the machine has installed is never used: the same job looks the same everywhere.
"""

import hashlib
import shutil
from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import NamedTuple

import fontpkg
from PIL import ImageFont

from ..models.subtitles import AttachedFont
from .faces import GRAPHEME, FontFace
from .fonts import TEXT_FAMILY, families, font_file, is_font
from .probe import sha256_of

#: What fontconfig reads in place of the system's configuration; a family that is missing gives way to ours.
_CONFIGURATION = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <match target="pattern">
    <edit name="family" mode="append_last" binding="weak"><string>{family}</string></edit>
  </match>
</fontconfig>
"""
_FONTS, _CACHE, CONFIGURATION = "fonts", "cache", "fonts.conf"


class ScriptFonts(NamedTuple):
    """Fonts put together."""

    folder: Path
    sha256: str
    """Digest of all of them."""
    names: frozenset[str]
    """Families, in the spelling of `spelling`."""
    unusable: tuple[str, ...]
    """Attached ones that are none."""
    files: tuple[Path, ...]

    def lacking(self, text: str) -> tuple[str, ...]:
        """List what of a text none of them has, each once; what is drawn in colours of its own is no use."""
        faces = [FontFace(file, 400) for file in self.files]
        usable = [face for face in faces if not face.has_pictures]
        graphemes = dict.fromkeys(GRAPHEME.findall(text))
        return tuple(part for part in graphemes if not any(face.draws(part) for face in usable))


def gather_fonts(attached: Sequence[AttachedFont], own: Iterable[Path], folder: Path) -> ScriptFonts:
    """Put the packaged fonts, those of the job and those of its script into an empty folder."""
    place = folder / _FONTS
    place.mkdir()
    (folder / _CACHE).mkdir()
    files, unusable = [*_packaged(), *(file for file in own if file not in _packaged())], list[str]()
    for number, font in enumerate(attached):
        # Its own name could lead anywhere.
        file = folder / f"attached-{number}.ttf"
        file.write_bytes(font.content)
        if is_font(file):
            files.append(file)
        else:
            unusable.append(font.name)
    for number, file in enumerate(files):
        _put(file, place / f"{number:03}{file.suffix or '.ttf'}")
    configuration = _CONFIGURATION.format(
        fonts=escape(str(place.absolute()), quote=False),
        cache=escape(str((folder / _CACHE).absolute()), quote=False),
        family=TEXT_FAMILY.split()[0],
    )
    (folder / CONFIGURATION).write_text(configuration, encoding="utf-8")
    own_names = {name for file in files[len(_packaged()) :] for name in _names_of(file)}
    digest = hashlib.sha256("".join(map(sha256_of, files)).encode()).hexdigest()
    return ScriptFonts(folder, digest, _packaged_names() | own_names, tuple(unusable), tuple(files))


def spelling(family: str) -> str:
    """Write a family's name as names are compared: without spaces, whatever the case."""
    return "".join(family.casefold().split())


def _put(file: Path, target: Path) -> None:
    try:
        target.symlink_to(file.absolute())
    except OSError:
        # Windows lets only some people link.
        shutil.copyfile(file, target)


@lru_cache(maxsize=1)
def _packaged() -> tuple[Path, ...]:
    """List the files of all packaged fonts, in a fixed order."""
    listed = {Path(file.path) for family in fontpkg.families().values() for file in family.files}
    return tuple(sorted(listed | {font_file(name) for name in families()}, key=lambda file: file.name))


@lru_cache(maxsize=1)
def _packaged_names() -> frozenset[str]:
    named = {name for file in _packaged() for name in _names_of(file)}
    return frozenset({*named, *map(spelling, families())})


def _names_of(file: Path) -> set[str]:
    family, style = ImageFont.truetype(str(file), 16).getname()
    return {spelling(family or ""), spelling(f"{family} {style}")} - {""}
