"""What captions say and look like, as the plan of a film has it: in frames, milliseconds and pixels."""

from itertools import accumulate, chain
from typing import Literal

from .caption_style import Box, CaptionAlign, CaptionPosition, Casing, Entrance, Mark, Shadow, WordsShown
from .planned import Planned, Rgba, Sha256
from .words import Region


class FallbackFont(Planned):
    """A font that steps in for characters that another one lacks."""

    sha256: Sha256
    number: int
    """Its place in a collection of fonts."""
    weight: int
    """100-900, for a variable font."""
    characters: str
    """What of the text it draws, sorted."""
    region: Region | None = None
    """It draws only cues of this region; None: all, where a film has one."""


class CueWord(Planned):
    """A word of a caption and when it is spoken."""

    text: str
    start_frame: int
    end_frame: int
    """First frame at which it is no longer spoken."""
    start_ms: int
    end_ms: int
    emphasised: bool = False
    joined: bool = False
    """Stands directly behind the word before it, without a space."""
    carried: str | None = None
    """What is written behind it because the word goes on with the next one, in another line; None where it
    ends here."""

    @property
    def written(self) -> str:
        """As it is seen, unless its case is changed."""
        return self.text + (self.carried or "")


class FreeLine(Planned):
    """A line of a cue whose place stays free: it is not drawn, and the others stand as if it were."""

    above: int
    """Lines of the cue that stand above it."""
    words: tuple[CueWord, ...]
    """What would stand there; without times."""


class Passage(Planned):
    """Lines of a cue, one below the other, that are of the same text."""

    lines: int
    """How many."""
    direction: Literal["ltr", "rtl"] | None = None
    """How the text runs that they are a part of; None where their own first letter tells."""
    turn: int = 0
    """When it is read: the passage of a cue with the smallest one first."""


class Cue(Planned):
    """Words that stand on screen together, broken into lines."""

    scene: int
    """Index of the scene that it belongs to."""
    start_frame: int
    end_frame: int
    """First frame at which it is no longer shown."""
    start_ms: int
    end_ms: int
    lines: tuple[tuple[CueWord, ...], ...]
    language: str = ""
    """BCP 47 tag by whose rules letters change their case; empty where it is that of the look."""
    passages: tuple[Passage, ...] = ()
    """From the top; none where all lines are of one text, and its own first letter tells how it runs."""
    region: Region | None = None
    """Whose shapes of Chinese characters it has, where the film has several."""
    steady_lines: int = 0
    """Its first lines, which were seen just before it: only what stands below them comes."""
    steady_last: int = 0
    """The same of its last lines: only what stands above them comes."""
    free_lines: tuple[FreeLine, ...] = ()
    """From the top."""
    reaching: tuple[CueWord, ...] = ()
    """Words that reach as high and as low as any of those that meet on screen: all lines stand as far apart
    as if each had these, so that none moves when others come. None: as its own letters need it."""

    @property
    def read_lines(self) -> tuple[tuple[CueWord, ...], ...]:
        """Its lines in the order in which they are read."""
        ends = list(accumulate(passage.lines for passage in self.passages))
        lines = [
            self.lines[end - passage.lines : end]
            for passage, end in sorted(zip(self.passages, ends, strict=True), key=lambda of: of[0].turn)
        ]
        return tuple(chain.from_iterable(lines)) if lines else self.lines


class CaptionLook(Planned):
    """How captions are drawn, in pixels of this film's frame; parts of a style count in sizes of the font."""

    font: str
    """Family name, or the sha256 of a font file that the job brings."""
    fallbacks: tuple[FallbackFont, ...] = ()
    """What draws the characters that it lacks, in the order in which they are asked."""
    size_px: int
    casing: Casing
    language: str
    """BCP 47 tag by whose rules letters change their case; empty where they stay as written."""
    color: Rgba
    active_color: Rgba
    emphasis_color: Rgba
    said_color: Rgba
    stroke_px: int
    stroke_color: Rgba | None
    """None: whichever of dark and white stands out from a word."""
    shadow: Shadow
    box: Box
    mark: Mark
    entrance: Entrance
    words: WordsShown
    position: CaptionPosition
    align: CaptionAlign
    line_height_percent: int
    safe_area: bool
    tracking: int = 0
    """Space between letters in thousandths of the size."""
    emphasis_font: str = ""
    """Family name of emphasised words; empty where it is that of the others."""
    emphasis_percent: int = 100
    """Their size against that of the others."""
    font_weight: int = 0
    """Weight in which the font is set where its name does not tell; 0: as heavy as captions are."""
    emphasis_weight: int = 0
    """The same of emphasised words that have the same font, bolder; 0: they have not."""

    @property
    def emphasised(self) -> "CaptionLook":
        """What it would be if all words were set like emphasised ones."""
        size_px = round(self.size_px * self.emphasis_percent / 100)
        changes = {"font": self.emphasis_font or self.font, "size_px": size_px}
        weight = {"font_weight": self.emphasis_weight} if self.emphasis_weight else {}
        return self.model_copy(update=changes | weight)


class ScriptEvent(Planned):
    """A line of `[Events]` that is seen, as Advanced SubStation Alpha writes it."""

    start_ms: int
    """In tens, as all times of the format."""
    end_ms: int
    layer: int
    rest: str
    """Everything behind its times: style, name, margins, effect and text."""
    changes_ms: tuple[tuple[int, int], ...]
    """Between which of its own milliseconds its picture changes while it is seen, borders included."""
    is_placed: bool
    """It stands where it says, whatever else is seen."""


class ScriptPlan(Planned):
    """Captions that are drawn as their author styled them."""

    sha256: Sha256
    """The author's file."""
    fonts: Sha256
    """Digest of the fonts that it is drawn with; they lie in one folder."""
    head: str
    """What stands before its events."""
    events: tuple[ScriptEvent, ...]
