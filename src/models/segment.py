"""A part of a film that is rendered and encoded by itself, wherever in the film it stands."""

from fractions import Fraction

from .caption_plan import CaptionLook, Cue
from .planned import Planned, Sha256
from .timeline import EncoderPlan, OverlayPlan, Shot


class SegmentShot(Planned):
    """A shot as one segment sees it."""

    shot: Shot
    """With `start_frame` 0: a segment does not know where in the film it stands."""
    first_frame: int
    """Frame of the shot that is the segment's frame 0."""


class SegmentTransition(Planned):
    """A transition, all of it, as one segment sees it."""

    type: str
    frames: int


class ScriptSlice(Planned):
    """What of a script is seen in one segment, on a clock of its own."""

    text: str
    """Advanced SubStation Alpha."""
    fonts: Sha256
    """Digest of the fonts that it is drawn with; they lie in one folder."""
    origin_frame: int
    """Frame of its own clock that is the segment's frame 0."""
    frames: tuple[int, ...]
    """Frames of the segment that are drawn, in order; each stands until the next. Those before 0 are not
    seen: lines find places that later ones keep clear of."""


class Segment(Planned):
    """Frames that are rendered and encoded by themselves; equal segments have equal bytes.

    All frames in it are counted from its own start; cues and overlays may begin before it (negative) or
    end after it.
    """

    width: int
    height: int
    fps_numerator: int
    fps_denominator: int
    frames: int
    encoder: EncoderPlan
    shots: tuple[SegmentShot, ...]
    """One shot, or the two that `transition` joins (leaving, coming)."""
    transition: SegmentTransition | None
    overlays: tuple[OverlayPlan, ...]
    cues: tuple[Cue, ...]
    """With `scene` 0 and times in milliseconds 0: only frames matter to a picture."""
    captions: CaptionLook | None
    """How `cues` look; None without any, so that a film may change its captions and keep this segment."""

    script: ScriptSlice | None = None
    """Captions with a look of their own, if some are seen."""

    @property
    def fps(self) -> Fraction:
        """Frames a second, exact."""
        return Fraction(self.fps_numerator, self.fps_denominator)
