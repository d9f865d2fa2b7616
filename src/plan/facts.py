"""What `plan` must know about the world to decide everything else by itself."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from ..engines.subtitle.heights import LineHeights
from ..models.caption_plan import CaptionLook, FallbackFont
from ..models.caption_style import CaptionStyle
from ..models.subtitles import CaptionFile
from ..models.words import Region, TimedWord

Measure = Callable[[str], float]


class MediaFact(NamedTuple):
    """A medium that the job names, probed."""

    sha256: str
    duration_ms: int = 0
    """Length of a clip or a sound; 0 for pictures and fonts."""
    samples: int = 0
    """Exact length of a sound; 0 for everything else."""
    size: tuple[int, int] = (0, 0)
    """Width and height in pixels of a picture, upright; (0, 0) for everything else."""
    has_sound: bool = False
    """Whether a clip has sound of its own."""


class SpokenFact(NamedTuple):
    """The narration of a scene, spoken by a voice or supplied."""

    sha256: str
    samples: int
    words: tuple[TimedWord, ...]
    """Times count from the start of the narration."""
    warnings: tuple[str, ...] = ()
    """What a person should know about it."""
    is_estimated: bool = False
    """Whether nobody has spoken it yet."""


class Lacking(NamedTuple):
    """What no font has."""

    grapheme: str
    package: str
    """Package of Debian that may bring a font for it."""


class FontsFact(NamedTuple):
    """What draws a text beside the font that leads."""

    fallbacks: tuple[FallbackFont, ...] = ()
    missing: tuple[Lacking, ...] = ()
    """What is not drawn, each once, in order of appearance."""
    unshaped: tuple[str, ...] = ()
    """Letters that would be drawn wrong: the library that joins and orders them is not there."""


class ScriptFontsFact(NamedTuple):
    """The fonts that a script is drawn with."""

    sha256: str
    missing: tuple[str, ...] = ()
    """Families that it names and that are not among them."""
    unusable: tuple[str, ...] = ()
    """Fonts that it carries and that are none."""
    lacking: tuple[str, ...] = ()
    """What it says and none of them has, in order of appearance."""


class Facts(NamedTuple):
    """Everything outside of the job that decides how the film looks."""

    media: Mapping[str, MediaFact]
    """By the JSON path of the `src` that names it."""
    spoken: tuple[SpokenFact | None, ...]
    """One a scene; None where nothing is said."""
    caption_style: CaptionStyle
    """The style of the job's captions, with what the job itself says."""
    caption_measure: Callable[[CaptionLook], Measure]
    """Makes what measures a line of words, in pixels, with all that a look draws around it."""
    caption_heights: Callable[[CaptionLook], LineHeights]
    """Makes what tells how high lines of a look are."""
    fonts: Callable[[str, str, Region], FontsFact]
    """Chooses what draws a text beside a font: a family's name, or the sha256 of a file; then the text as
    it is drawn, and whose Chinese characters it has."""
    heaviest: int | None = None
    """The greatest weight of the job's own font of captions; None without one, or where it has one only."""
    script_fonts: ScriptFontsFact | None = None
    """With what a script that the job brings is drawn."""
    captions: CaptionFile | None = None
    """What the job brings in place of captions of what is said."""
