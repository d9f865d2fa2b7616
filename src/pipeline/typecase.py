"""The fonts of a film: those that it names, and those that step in for what they lack."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from ..media.faces import GRAPHEME, FontFace, FontStack
from ..media.fallbacks import FontFolders, choose_fallbacks, package_of
from ..media.fonts import font_file, has_raqm, weight_of
from ..media.probe import sha256_of
from ..models.caption_plan import FallbackFont
from ..models.words import Region
from ..plan.facts import FontsFact, Lacking
from ..text.scripts import needs_shaping


class TypeCase:
    """Chooses fonts for texts, and remembers where their files lie."""

    def __init__(self, own_files: Mapping[str, Path], folders: Sequence[Path]) -> None:
        """Open it.

        Args:
            own_files: fonts that the job brings, by sha256.
            folders: where fonts lie on this machine.
        """
        self._own_files = own_files
        self._folders = FontFolders(folders)
        self.files: dict[str, Path] = {}
        """Fonts that step in, by sha256."""

    def choose(self, font: str, text: str, region: Region) -> FontsFact:
        """Choose what draws a text beside the font that leads: a family, or the sha256 of an own file."""
        lead = FontFace(self._own_files.get(font) or font_file(font), weight_of(font))
        chosen = choose_fallbacks(text, lead, region, self._folders)
        missing = tuple(Lacking(part, package_of(part)) for part in chosen.missing)
        parts = () if has_raqm() else dict.fromkeys(GRAPHEME.findall(text))
        unshaped = tuple(part for part in parts if needs_shaping(part))
        return FontsFact(self._planned(FontStack((lead, *chosen.faces)), text), missing, unshaped)

    def _planned(self, stack: FontStack, text: str) -> tuple[FallbackFont, ...]:
        if len(stack.faces) == 1:
            return ()
        drawn: list[set[str]] = [set() for _ in stack.faces]
        for grapheme in set(GRAPHEME.findall(text)):
            place = stack.place_of(grapheme)
            if place is not None:
                drawn[place].update(grapheme)
        return tuple(
            FallbackFont(
                sha256=self._kept(face.file),
                number=face.number,
                weight=face.weight,
                characters="".join(sorted(characters)),
            )
            for face, characters in zip(stack.faces[1:], drawn[1:], strict=True)
            if characters
        )

    def _kept(self, file: Path) -> str:
        sha256 = _sha256(file, file.stat().st_mtime_ns)
        self.files[sha256] = file
        return sha256


@lru_cache(maxsize=64)
def _sha256(file: Path, _changed_ns: int) -> str:
    return sha256_of(file)
