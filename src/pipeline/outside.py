"""The captions that a job brings, read, and the fonts that a script is drawn with put together."""

from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from ..media.caption_file import read_captions
from ..media.script_fonts import gather_fonts, spelling
from ..models.subtitles import CaptionFile, Script
from ..plan.facts import ScriptFontsFact
from .media import FoundMedia

#: What the folder of those fonts is called, below that of the render.
_PREFIX = "script-"


class OutsideCaptions(NamedTuple):
    """Captions that a job brings, if it does."""

    read: CaptionFile | None
    fonts: ScriptFontsFact | None
    files: dict[str, Path]
    """Where the fonts lie, by their digest."""


def find_captions(found: FoundMedia, work_dir: Path) -> OutsideCaptions:
    """Read the captions of a job; only a script gets fonts of its own."""
    fact = found.facts.get("captions.src")
    if fact is None:
        return OutsideCaptions(None, None, {})
    read = read_captions(found.files[fact.sha256])
    if read.script is None:
        return OutsideCaptions(read, None, {})
    fonts, folder = _fonts(read.script, found, Path(mkdtemp(prefix=_PREFIX, dir=work_dir)))
    return OutsideCaptions(read, fonts, {fonts.sha256: folder})


def _fonts(script: Script, found: FoundMedia, folder: Path) -> tuple[ScriptFontsFact, Path]:
    own = found.facts.get("captions.font.src")
    gathered = gather_fonts(script.fonts, [found.files[own.sha256]] if own else [], folder)
    missing = tuple(name for name in script.families if spelling(name) not in gathered.names)
    return ScriptFontsFact(gathered.sha256, missing, gathered.unusable), gathered.folder
