"""How words appear on the picture."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from .base import Color, WireModel
from .sound import Src

CaptionStyleName = Literal["highlight", "karaoke", "pop", "phrase"]
CaptionPosition = Literal["bottom", "center", "top"]


class CaptionFont(WireModel):
    """The typeface of the captions."""

    family: Annotated[str, StringConstraints(max_length=100)] = ""
    """Family name, as `neuroshorts fonts` lists it; empty means the built-in caption font."""
    src: Src | None = None
    """Own font file (TTF or OTF) instead of a family."""
    size: Annotated[int, Field(ge=8, le=400)] = 72
    """Size in pixels of a frame 1080 pixels wide; scaled with the frame."""

    @model_validator(mode="after")
    def _names_one_font(self) -> Self:
        if self.family and self.src:
            raise PydanticCustomError("two_fonts", "name a family or bring a file in src, not both")
        return self


class Captions(WireModel):
    """Word-by-word captions."""

    enabled: bool = True
    """Draw captions; sidecars are written either way."""
    src: Src | None = None
    """File of captions (SubRip, WebVTT, Advanced SubStation Alpha) instead of what is said; its times count
    from the start of the film. An ASS file is drawn as it says itself, the others in the style below."""
    style: CaptionStyleName = "highlight"
    """highlight: a box behind the spoken word; karaoke: words fill as they are spoken;
    pop: the spoken word grows; phrase: no word stands out."""
    font: CaptionFont = CaptionFont()
    """Typeface and size."""
    color: Color = "#ffffff"
    """Colour of words."""
    active_color: Color = "#ffdd00"
    """Colour of the spoken word, or of the box behind it."""
    stroke: Annotated[float, Field(ge=0, le=20)] = 4.0
    """Outline in pixels of a frame 1080 pixels wide."""
    position: CaptionPosition = "bottom"
    """Where the block stands."""
    safe_area: bool = True
    """Keep clear of the platforms' own buttons and titles."""
    max_words: Annotated[int, Field(ge=1, le=12)] = 4
    """Most words that are shown at once."""
    max_lines: Annotated[int, Field(ge=1, le=4)] = 2
    """Most lines that are shown at once."""
