"""How words appear on the picture."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from .base import Color, WireModel
from .caption_style import CaptionPosition, CaptionStyle
from .sound import Src

#: The style of a job that names none.
DEFAULT_STYLE = "highlight"


class CaptionFont(WireModel):
    """The typeface of the captions."""

    family: Annotated[str, StringConstraints(max_length=100)] = ""
    """Family name, as `neuroshorts fonts` lists it; empty means the font of the style."""
    src: Src | None = None
    """Own font file (TTF or OTF) instead of a family."""
    size: Annotated[int, Field(ge=8, le=400)] | None = None
    """Size in pixels of a frame 1080 pixels wide, scaled with the frame; by default as the style says."""

    @model_validator(mode="after")
    def _names_one_font(self) -> Self:
        if self.family and self.src:
            raise PydanticCustomError("two_fonts", "name a family or bring a file in src, not both")
        return self


class Captions(WireModel):
    """Word-by-word captions. What is given here overrules the style."""

    enabled: bool = True
    """Draw captions; sidecars are written either way."""
    src: Src | None = None
    """File of captions (SubRip, WebVTT, Advanced SubStation Alpha) instead of what is said; its times count
    from the start of the film. An ASS file is drawn as it says itself, the others in the style below."""
    style: Annotated[str, StringConstraints(min_length=1, max_length=64)] | CaptionStyle = DEFAULT_STYLE
    """Name of a style, as `neuroshorts styles` lists it, or an own one: `{"base": "karaoke", ...}`."""
    font: CaptionFont = CaptionFont()
    """Typeface and size."""
    color: Color | None = None
    """Colour of words; by default as the style says, like everything below."""
    active_color: Color | None = None
    """Colour of the spoken word, or of the box behind it."""
    emphasis_color: Color | None = None
    """Colour of words that the author emphasised, `**so**`."""
    stroke: Annotated[float, Field(ge=0, le=20)] | None = None
    """Outline in pixels of a frame 1080 pixels wide."""
    position: CaptionPosition | None = None
    """Where the block stands."""
    safe_area: bool = True
    """Keep clear of the platforms' own buttons and titles."""
    max_words: Annotated[int, Field(ge=1, le=12)] | None = None
    """Most words that are shown at once."""
    max_lines: Annotated[int, Field(ge=1, le=4)] | None = None
    """Most lines that are shown at once."""
