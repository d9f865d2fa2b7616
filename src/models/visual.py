"""The pictures of a scene, what lies over them, how they move and change over."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from .base import Color, Measure, OpaqueColor, Point, Seconds, WireModel
from .sound import Src

Fit = Literal["cover", "contain", "blur"]
MotionEffect = Literal["zoom_in", "zoom_out", "pan_left", "pan_right", "pan_up", "pan_down", "none"]
#: Seconds, or "auto" for what the content asks for.
Duration = (
    Literal["auto"] | Annotated[float, Field(gt=0, le=600), Measure('it is told in seconds, or "auto"')]
)
Name = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_.:-]+$")]


class Motion(WireModel):
    """A slow camera move over a picture."""

    effect: MotionEffect = "zoom_in"
    """Direction of the move."""
    amount: Annotated[float, Field(ge=0, le=1), Measure("0.15 means 15 percent of the frame")] = 0.15
    """How far: 0.15 means 15 percent of the frame."""
    focus: Point = (0.5, 0.5)
    """Point of the picture that a crop keeps and a zoom heads for."""


class Transition(WireModel):
    """How a scene takes over from the one before it; the first scene of a film has none."""

    type: Name = "fade"
    """How it looks, as `neuroshorts styles` lists it: dissolves, soft and hard movements, or none, a cut."""
    duration: Annotated[float, Field(ge=0, le=5), Measure("it is told in seconds")] = 0.3
    """Seconds, half of them on either side of the border."""


class _Visual(WireModel):
    duration: Duration = "auto"
    """Seconds on screen; auto shares what is left of the scene equally."""
    fit: Fit | None = None
    """cover fills and crops, contain adds bars, blur shows all of it before a blurred copy of itself."""
    motion: Motion | None = None
    """Camera move; without it the job's default."""
    effects: Annotated[tuple[Name, ...], Field(max_length=8)] = ()
    """What is done to the picture as the camera shows it, in this order, such as `grayscale`, `vignette` and
    `grain`; `neuroshorts backgrounds` lists them. The text of a title is left alone."""


class ImageVisual(_Visual):
    """A still or animated picture: JPEG, PNG, WebP, GIF, TIFF, BMP."""

    type: Literal["image"]
    src: Src
    """The picture."""


class VideoVisual(_Visual):
    """A film clip; shorter than its time it loops, longer it is trimmed."""

    type: Literal["video"]
    src: Src
    """The clip."""
    trim: Seconds = 0.0
    """Seconds cut off its start."""
    volume: Annotated[float, Field(ge=0, le=2), Measure("1.0 is as loud as recorded")] = 0.0
    """Loudness of its own sound; 1.0 as recorded, 0 silent."""


class ColorVisual(_Visual):
    """One flat colour."""

    type: Literal["color"]
    color: OpaqueColor = "#101018"
    """The colour."""


class GradientVisual(_Visual):
    """A colour gradient, whose colours drift slowly."""

    type: Literal["gradient"]
    colors: Annotated[tuple[OpaqueColor, ...], Field(min_length=2, max_length=5)] = (
        "#3a1c71",
        "#d76d77",
        "#ffaf7b",
    )
    """Colours along the gradient."""
    angle: Annotated[float, Field(ge=0, lt=360)] = 160.0
    """Direction in degrees, clockwise from upwards, as in CSS."""
    speed: Annotated[float, Field(ge=0, le=4)] = 1.0
    """Tempo of its drift; 0 stands still."""


class ProceduralVisual(_Visual):
    """A moving background computed from a seed."""

    type: Literal["procedural"]
    family: Name = "aurora"
    """Which background, as `neuroshorts backgrounds` lists them."""
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] | None = None
    """Same seed, same picture; without it the scene's place in the film."""
    palette: Name | tuple[OpaqueColor, ...] = "auto"
    """Palette name, or 2 to 6 colours from dark to light."""
    speed: Annotated[float, Field(ge=0, le=4)] = 1.0
    """Tempo of the movement."""


class TitleVisual(_Visual):
    """A title card: large text on a moving background."""

    type: Literal["title"]
    text: Annotated[str, StringConstraints(max_length=300, pattern=r"\S")]
    """The title."""
    subtitle: Annotated[str, StringConstraints(max_length=300)] = ""
    """A smaller line below it."""
    color: OpaqueColor = "#ffffff"
    """Colour of the text."""
    family: Name = "aurora"
    """Procedural background behind the text."""
    palette: Name | tuple[OpaqueColor, ...] = "auto"
    """Palette of that background."""
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] | None = None
    """Seed of that background."""


class MoviePyVisual(_Visual):
    """A MoviePy clip made by a factory of the entry-point group `neuroshorts.visuals`."""

    type: Literal["moviepy"]
    factory: Name
    """Registered name of the factory."""
    params: dict[str, Any] = {}
    """Keyword arguments of the factory; JSON values."""


Visual = Annotated[
    ImageVisual | VideoVisual | ColorVisual | GradientVisual | ProceduralVisual | TitleVisual | MoviePyVisual,
    Field(discriminator="type"),
]


class _Overlay(WireModel):
    position: Point = (0.5, 0.12)
    """Where its centre stands, as fractions of the frame; what would run out of it there is moved inside."""
    start: Seconds = 0.0
    """Second of the scene at which it appears."""
    duration: Duration = "auto"
    """Seconds on screen; auto stays until the scene ends."""


class ImageOverlay(_Overlay):
    """A picture over the picture, such as a logo; alpha is kept."""

    type: Literal["image"]
    src: Src
    """The picture."""
    width: Annotated[
        float, Field(gt=0, le=1), Measure("a fraction of the frame's width, 0.25 is a quarter")
    ] = 0.25
    """Width as a fraction of the frame's."""
    opacity: Annotated[float, Field(ge=0, le=1), Measure("1.0 is solid, 0.5 half transparent")] = 1.0
    """1 is solid."""


class TextOverlay(_Overlay):
    """A line or two of text over the picture."""

    type: Literal["text"]
    text: Annotated[str, StringConstraints(max_length=300, pattern=r"\S")]
    """The text."""
    size: Annotated[int, Field(ge=8, le=400)] = 56
    """Size in pixels of a frame 1080 pixels wide."""
    color: Color = "#ffffff"
    """Colour of the text."""
    background: Color | None = None
    """Colour of a rounded box behind the text."""


Overlay = Annotated[ImageOverlay | TextOverlay, Field(discriminator="type")]
