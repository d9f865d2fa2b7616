"""A caption style: everything that decides how captions look, as data.

A style is a YAML file, or an object in a job. Lengths are percents of the font's size, so that a style looks
the same in every frame; times are milliseconds.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from .base import Color, WireModel

CaptionPosition = Literal["bottom", "center", "top"]
CaptionAlign = Literal["start", "center", "end"]
Casing = Literal["as_written", "upper", "lower"]
WordsShown = Literal["all", "spoken"]
ShadowKind = Literal["none", "soft", "hard"]
BoxKind = Literal["none", "word", "line", "block"]
MarkKind = Literal["none", "color", "box", "fill", "grow", "lift", "underline", "glow"]
EntranceKind = Literal["none", "pop", "rise", "fade", "slide"]
Easing = Literal["linear", "ease_out", "back", "elastic"]

_Length = Annotated[int, Field(ge=0, le=100)]
_Offset = Annotated[int, Field(ge=-100, le=100)]
_Size = Annotated[int, Field(ge=10, le=200)]
_Duration = Annotated[int, Field(ge=0, le=2000)]


class StyleFont(WireModel):
    """The typeface of a style."""

    family: Annotated[str, StringConstraints(min_length=1, max_length=100)] = "Montserrat ExtraBold"
    """Family name, as `neuroshorts fonts` lists it."""
    size: Annotated[int, Field(ge=8, le=400)] = 72
    """Size in pixels of a frame 1080 pixels wide; scaled with the frame."""
    least: Annotated[int, Field(ge=20, le=100)] = 65
    """Percent of the size to which a word wider than the line shrinks; what is still too wide is divided."""
    tracking: Annotated[int, Field(ge=-50, le=500)] = 0
    """Space between letters, beside what the font has, in thousandths of the size; letters that join or stack
    stay as they are."""


class Shadow(WireModel):
    """What lies below all words."""

    kind: ShadowKind = "soft"
    """soft: blurred, a glow when its colour is bright; hard: a solid edge."""
    color: Color = "#000000"
    """Its colour."""
    opacity: Annotated[int, Field(ge=0, le=100)] = 80
    """Percent."""
    x: _Offset = 0
    """How far it falls to the right, in percent of the font's size."""
    y: _Offset = 5
    """How far it falls down."""
    blur: Annotated[int, Field(ge=1, le=100)] = 16
    """How far a soft one spreads."""
    density: Annotated[int, Field(ge=100, le=800)] | None = None
    """Percent by which a soft one is made more solid; by default more below words without an outline."""


class Box(WireModel):
    """What stands behind words all the time."""

    kind: BoxKind = "none"
    """Behind each word, each line, or the whole block."""
    color: Color = "#000000"
    """Its colour; write #rrggbbaa for one that can be seen through."""
    radius: _Length = 20
    """Roundness of its corners, in percent of the font's size."""
    pad_x: _Length = 26
    """What it is wider than the letters on either side."""
    pad_y: _Length = 22
    """What it is higher than the letters on either side."""


class Mark(WireModel):
    """How the spoken word stands out; its colour is `active_color`."""

    kind: MarkKind = "box"
    """color: the word is coloured; box: a box stands behind it; fill: it fills as it is spoken (karaoke);
    grow: it changes its size; lift: it jumps up; underline: a line runs below it; glow: it shines."""
    text_color: Color | None = None
    """Colour of letters on a box; by default dark or white, whichever can be read on it."""
    padding: _Length = 15
    """What a box is wider than its word on either side, in percent of the font's size."""
    radius: _Length = 20
    """Roundness of a box."""
    start: _Size = 100
    """Size in percent at which a word begins to grow."""
    scale: _Size = 114
    """Size at which it rests."""
    rise: _Length = 16
    """How high a word is lifted."""
    thickness: Annotated[int, Field(ge=1, le=50)] = 11
    """Height of an underline."""
    duration_ms: _Duration = 166
    """How long growing, lifting and underlining take."""
    easing: Easing = "back"
    """How they move."""


class Entrance(WireModel):
    """How a caption comes."""

    kind: EntranceKind = "pop"
    """pop: it grows to its size; rise: it comes up from below; fade: it appears; slide: it comes from the
    side where lines end."""
    duration_ms: _Duration = 67
    """How long it takes, at most half of the time that the caption is seen."""
    easing: Easing = "linear"
    """How it moves."""
    scale: _Size = 90
    """Size in percent from which it pops."""
    distance: Annotated[int, Field(ge=0, le=200)] = 40
    """How far it rises or slides, in percent of the font's size."""


class Emphasis(WireModel):
    """What words that the author emphasised, `**so**`, have beside their colour."""

    scale: Annotated[int, Field(ge=80, le=160)] = 100
    """Their size in percent of the others'."""
    weight: Annotated[int, Field(ge=100, le=900)] | None = None
    """Weight of their letters: the family's boldest face up to this one, if it is bolder than that of the
    others; by default the same. A variable font of your own is as much bolder, as far as it goes."""


class CaptionStyle(WireModel):
    """How captions look."""

    about: Annotated[str, StringConstraints(max_length=200)] = ""
    """One line that tells people what it looks like."""
    base: Annotated[str, StringConstraints(max_length=64)] = ""
    """Another style that gives whatever this one does not say; empty means the defaults."""
    font: StyleFont = StyleFont()
    """Typeface and size."""
    casing: Casing = "as_written"
    """Capitals or small letters, as the language of the voice has them."""
    color: Color = "#ffffff"
    """Colour of words."""
    active_color: Color = "#ffdd00"
    """Colour of the spoken word, of the box behind it, or of what is said in a word that fills."""
    emphasis_color: Color = "#ffdd00"
    """Colour of words that the author emphasised, `**so**`."""
    emphasis: Emphasis = Emphasis()
    """What else they have."""
    said_color: Color | None = None
    """Colour of words that have been said; by default `color`, or `active_color` where words fill."""
    stroke: Annotated[float, Field(ge=0, le=20)] = 6.0
    """Outline in pixels of a frame 1080 pixels wide."""
    stroke_color: Color | None = None
    """Colour of the outline; by default dark or white, whichever stands out from the word."""
    shadow: Shadow = Shadow()
    """What lies below all words."""
    box: Box = Box()
    """What stands behind words all the time."""
    mark: Mark = Mark()
    """How the spoken word stands out."""
    entrance: Entrance = Entrance()
    """How a caption comes."""
    words: WordsShown = "all"
    """all: the whole caption from its start; spoken: words appear as they are spoken."""
    position: CaptionPosition = "bottom"
    """Where the block stands."""
    align: CaptionAlign = "center"
    """Where lines stand in it; start is where reading begins: left, or right for Arabic and Hebrew."""
    line_height: Annotated[int, Field(ge=80, le=250)] = 126
    """Distance of lines in percent of the font's size; letters never touch."""
    max_words: Annotated[int, Field(ge=1, le=12)] = 4
    """Most words that are shown at once."""
    max_lines: Annotated[int, Field(ge=1, le=4)] = 2
    """Most lines that are shown at once."""
