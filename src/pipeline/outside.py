"""The captions that a job brings, read, and the fonts that a script is drawn with put together."""

from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from ..media.caption_file import read_captions
from ..media.charmap import has_pictures
from ..media.fonts import TEXT_FAMILY
from ..media.script_fonts import ScriptFonts, gather_fonts, spelling
from ..models.subtitles import CaptionFile, Script
from ..plan.facts import ScriptFontsFact
from ..text.scripts import region_of
from .media import FoundMedia
from .typecase import TypeCase

#: What the folder of those fonts is called, below that of the render.
_PREFIX = "script-"


class OutsideCaptions(NamedTuple):
    """Captions that a job brings, if it does."""

    read: CaptionFile | None
    fonts: ScriptFontsFact | None
    files: dict[str, Path]
    """Where the fonts lie, by their digest."""


def find_captions(found: FoundMedia, case: TypeCase, language: str, work_dir: Path) -> OutsideCaptions:
    """Read the captions of a job; only a script gets fonts of its own."""
    fact = found.facts.get("captions.src")
    if fact is None:
        return OutsideCaptions(None, None, {})
    read = read_captions(found.files[fact.sha256])
    if read.script is None:
        return OutsideCaptions(read, None, {})
    text = " ".join(line.text for event in read.events for line in event.lines)
    own = found.facts.get("captions.font.src")
    chosen = case.choose(TEXT_FAMILY, text, region_of(text, language))
    stepping_in = [case.files[font.sha256] for font in chosen.fallbacks]
    # libass draws no glyphs that have colours of their own.
    plain = [file for file in stepping_in if not has_pictures(file)]
    beside = [*([found.files[own.sha256]] if own else []), *plain]
    folder = Path(mkdtemp(prefix=_PREFIX, dir=work_dir))
    fonts = gather_fonts(read.script.fonts, beside, folder)
    return OutsideCaptions(read, _fact(read.script, fonts, text), {fonts.sha256: folder})


def _fact(script: Script, fonts: ScriptFonts, text: str) -> ScriptFontsFact:
    missing = tuple(name for name in script.families if spelling(name) not in fonts.names)
    return ScriptFontsFact(fonts.sha256, missing, fonts.unusable, fonts.lacking(text))
