"""Words become captions on the film's frames."""

from collections.abc import Sequence
from fractions import Fraction

from ..engines.subtitle.cues import CueRules, build_cues
from ..engines.subtitle.layout import caption_width_px
from ..media.fonts import CAPTION_FAMILY
from ..media.timebase import fps_of, samples_of_frames
from ..models.job import RenderJob
from ..models.timeline import CaptionLook, Cue
from ..models.words import TimedWord
from .colors import rgba_of
from .facts import Facts, Lacking
from .glyphs import captioned, drawable
from .shots import PlacedScene

#: Shorter side in pixels of the frame that sizes on the wire are meant for.
REFERENCE_SIDE_PX = 1080


def scaled_px(size: float, width: int, height: int) -> int:
    """Scale a size meant for a frame 1080 pixels wide to this one, by its shorter side."""
    return round(size * min(width, height) / REFERENCE_SIDE_PX)


def plan_look(job: RenderJob, facts: Facts, width: int, height: int) -> CaptionLook:
    """Decide how captions are drawn in a frame of this size."""
    captions = job.captions
    font = caption_font(job, facts)
    return CaptionLook(
        style=captions.style,
        font=font,
        fallbacks=facts.fonts(font, captioned(facts)).fallbacks if captions.enabled else (),
        size_px=max(4, scaled_px(captions.font.size, width, height)),
        color=rgba_of(captions.color),
        active_color=rgba_of(captions.active_color),
        stroke_px=scaled_px(captions.stroke, width, height),
        position=captions.position,
        safe_area=captions.safe_area,
    )


def caption_font(job: RenderJob, facts: Facts) -> str:
    """Name the family of the captions, or the sha256 of the job's own font."""
    own_font = facts.media.get("captions.font.src")
    return own_font.sha256 if own_font else job.captions.font.family or CAPTION_FAMILY


def plan_cues(
    job: RenderJob, scenes: Sequence[PlacedScene], facts: Facts, look: CaptionLook, frame: tuple[int, int]
) -> tuple[Cue, ...]:
    """Break what is said into captions, scene by scene."""
    fps = fps_of(job.output.fps)
    width_px = caption_width_px(*frame, look.safe_area)
    rules = CueRules(job.captions.max_words, job.captions.max_lines, width_px, fps)
    measure = facts.caption_measure(look)
    missing = facts.fonts(look.font, captioned(facts)).missing if job.captions.enabled else ()
    cues: list[Cue] = []
    for placed in scenes:
        words = _film_words(placed, facts, missing, fps)
        shown = range(placed.start_frame, placed.start_frame + placed.frames)
        cues.extend(build_cues(placed.number, words, shown, rules, measure))
    return tuple(cues)


def _film_words(
    placed: PlacedScene, facts: Facts, missing: Sequence[Lacking], fps: Fraction
) -> list[TimedWord]:
    spoken = facts.spoken[placed.number]
    if spoken is None:
        return []
    start = samples_of_frames(placed.start_frame, fps)
    shown = [word._replace(text=drawable(word.text, missing)) for word in spoken.words]
    return [
        word._replace(start_sample=word.start_sample + start, end_sample=word.end_sample + start)
        for word in shown
        if word.text
    ]
