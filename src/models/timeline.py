"""The plan of a film: integers only, frozen, serialisable, hashable, free of paths.

Everything after `plan()` reads this and never the job. Pictures count in frames, sound in samples at
`SAMPLE_RATE`, captions for other programs in milliseconds; fractions are parts per million (ppm), gains
are thousandths of a decibel (mdb). Media are named by the sha256 of their bytes; where those bytes lie on
this machine is told separately (`MediaFiles`), so that the same Timeline means the same film everywhere.
"""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from .caption_plan import CaptionLook, Cue, FallbackFont, ScriptPlan
from .output import SidecarKind
from .planned import Planned, Rgb, Rgba, Sha256
from .sound_plan import AudioPlan
from .visual import Fit

#: Samples a second of every sound inside.
SAMPLE_RATE = 48_000
#: Denominator of fractions: parts per million.
PPM = 1_000_000

#: Where the bytes of each medium lie on this machine, by sha256.
MediaFiles = Mapping[str, Path]


class ImageSource(Planned):
    """A picture file; animated ones play in a loop."""

    kind: Literal["image"] = "image"
    sha256: Sha256


class VideoSource(Planned):
    """A clip, looped when it is shorter than its shot."""

    kind: Literal["video"] = "video"
    sha256: Sha256
    trim_ms: int
    """Milliseconds cut off its start; loops come back to this point."""
    play_ms: int
    """Milliseconds from there to its end."""


class ColorSource(Planned):
    """One flat colour."""

    kind: Literal["color"] = "color"
    color: Rgb


class GradientSource(Planned):
    """A colour gradient."""

    kind: Literal["gradient"] = "gradient"
    colors: tuple[Rgb, ...]
    angle_mdeg: int
    """Thousandths of a degree, clockwise from upwards."""
    speed_ppm: int = 0
    """Tempo of its drift; at 0 it stands still."""


class ProceduralSource(Planned):
    """A moving background computed from a seed."""

    kind: Literal["procedural"] = "procedural"
    family: str
    seed: int
    palette: tuple[Rgb, ...]
    """Colours from dark to light."""
    speed_ppm: int


class TitleSource(Planned):
    """A title card over a procedural background."""

    kind: Literal["title"] = "title"
    text: str
    fallbacks: tuple[FallbackFont, ...] = ()
    """What draws of `text` that the font of titles lacks."""
    held: tuple[int, ...] = ()
    """Its words, counted between spaces, that stay on the line of the next one where both fit."""
    subtitle: str
    subtitle_fallbacks: tuple[FallbackFont, ...] = ()
    subtitle_held: tuple[int, ...] = ()
    color: Rgb
    background: ProceduralSource
    opens_film: bool = False
    """Whether it is seen from its first frame, and only moves into place."""
    top_ppm: int = 0
    """Rows of the frame that are its own, from here"""
    bottom_ppm: int = PPM
    """to here: captions stand in the others."""


class MoviePySource(Planned):
    """A MoviePy clip from a registered factory."""

    kind: Literal["moviepy"] = "moviepy"
    factory: str
    params_json: str
    """Keyword arguments as canonical JSON (sorted keys, no spaces)."""


Source = Annotated[
    ImageSource | VideoSource | ColorSource | GradientSource | ProceduralSource | TitleSource | MoviePySource,
    Field(discriminator="kind"),
]


class Camera(Planned):
    """What part of the fitted picture the frame shows."""

    zoom_ppm: int = PPM
    """1_000_000 shows all of the fitted picture, 2_000_000 half of its width and height."""
    x_ppm: int = PPM // 2
    """Where the view stands between the left (0) and the right end (1_000_000) of its play."""
    y_ppm: int = PPM // 2
    """The same from top to bottom."""


class Shot(Planned):
    """One source on screen without interruption, its handles for transitions included."""

    source: Source
    fit: Fit
    focus_x_ppm: int = PPM // 2
    """Point of the picture that a cropping fit keeps in view."""
    focus_y_ppm: int = PPM // 2
    camera_start: Camera = Camera()
    camera_end: Camera = Camera()
    effects: tuple[str, ...] = ()
    """What is done to the picture, in this order."""
    start_frame: int
    """Frame of the film at which the shot begins; the handle of the first one lies before the film."""
    frames: int
    """All of them, the handles included."""
    lead_frames: int = 0
    """Handle before its own time, seen only in the transition that brings it."""
    tail_frames: int = 0
    """Handle after its own time, seen only in the transition that takes it away."""

    @property
    def own_frames(self) -> int:
        """Frames of its own time."""
        return self.frames - self.lead_frames - self.tail_frames


class TransitionPlan(Planned):
    """The change from one shot to the next."""

    type: str
    start_frame: int
    frames: int


class ImageOverlayPlan(Planned):
    """A picture over the picture."""

    kind: Literal["image"] = "image"
    sha256: Sha256
    width_px: int
    opacity_ppm: int
    center_x_px: int
    center_y_px: int
    start_frame: int
    frames: int


class TextOverlayPlan(Planned):
    """Text over the picture."""

    kind: Literal["text"] = "text"
    text: str
    fallbacks: tuple[FallbackFont, ...] = ()
    held: tuple[int, ...] = ()
    """Its words, counted between spaces, that stay on the line of the next one where both fit."""
    size_px: int
    color: Rgba
    background: Rgba | None
    center_x_px: int
    center_y_px: int
    start_frame: int
    frames: int


OverlayPlan = Annotated[ImageOverlayPlan | TextOverlayPlan, Field(discriminator="kind")]


class EncoderPlan(Planned):
    """How pictures are encoded."""

    preset: str
    """x264 preset."""
    crf: int
    max_kbps: int = 24_000
    """Most that the pictures of a second take, on average of that second. Source: Instagram takes films of
    25 Mbit/s, and H.264's level 4.0 High allows as much."""


class ScenePlan(Planned):
    """Where a scene stands in the film."""

    id: str
    start_frame: int
    frames: int


class Timeline(Planned):
    """A film, planned to the frame and the sample."""

    width: int
    height: int
    fps_numerator: int
    fps_denominator: int
    frames: int
    container: Literal["mp4", "mov"]
    encoder: EncoderPlan
    scenes: tuple[ScenePlan, ...]
    shots: tuple[Shot, ...]
    """In order of time; neighbours overlap exactly where a transition joins them."""
    transitions: tuple[TransitionPlan, ...]
    lead_in_frames: int
    """Frames at the start that a transition would take if a scene were put before."""
    overlays: tuple[OverlayPlan, ...]
    cues: tuple[Cue, ...]
    look: CaptionLook
    """How captions look, in the film or in a sidecar that carries looks."""
    draws_captions: bool
    script: ScriptPlan | None = None
    """What is drawn instead of the cues, which tell then what is said."""
    audio: AudioPlan
    poster_frame: int | None
    sidecars: tuple[SidecarKind, ...]
    warnings: tuple[str, ...]
    """What was bent to fit, for people to read; never empty in silence."""

    @property
    def fps(self) -> Fraction:
        """Frames a second, exact."""
        return Fraction(self.fps_numerator, self.fps_denominator)
