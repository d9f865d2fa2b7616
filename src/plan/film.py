"""The plan itself: a job and the facts about its media become a Timeline.

Pure: the same job and the same facts give the same Timeline, and nothing is read or written.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ..media.timebase import fps_of, frames_of_seconds
from ..models.caption_plan import CaptionLook, Cue
from ..models.job import RenderJob
from ..models.quality import Quality
from ..models.timeline import EncoderPlan, ScenePlan, Timeline
from .captions import emphasis_warnings, plan_cues, plan_look
from .durations import scene_frames, shared_frames
from .facts import Facts
from .glyphs import check_text
from .markup import markup_warnings
from .narrations import narration_warnings
from .outside_cues import outside_warnings, plan_outside_cues
from .overlays import overlay_warnings, plan_overlays
from .scripts import plan_script, script_warnings
from .shots import PlacedScene, plan_pictures
from .sound import plan_sound
from .title_bands import clear_of_captions

#: What each quality tier means to x264.
ENCODERS: Mapping[Quality, EncoderPlan] = {
    "draft": EncoderPlan(preset="ultrafast", crf=26),
    "standard": EncoderPlan(preset="superfast", crf=22),
    "high": EncoderPlan(preset="faster", crf=19),
}


#: Pixels of the usual frame; larger ones may take more bits, in proportion.
_USUAL_PIXELS = 1080 * 1920


def encoder_of(quality: Quality, width: int, height: int) -> EncoderPlan:
    """Tell how frames of a size are encoded."""
    encoder = ENCODERS[quality]
    share = max(1.0, width * height / _USUAL_PIXELS)
    return encoder.model_copy(update={"max_kbps": round(encoder.max_kbps * share)})


def plan(job: RenderJob, facts: Facts) -> Timeline:
    """Plan the film.

    Raises:
        ContradictoryTimes: durations of the job that cannot all hold.
    """
    width, height = frame = _frame_size(job)
    fps = fps_of(job.output.fps)
    scenes = _placed(job, facts, fps)
    frames = scenes[-1].start_frame + scenes[-1].frames
    pictures = plan_pictures(job, scenes, facts, fps)
    look = plan_look(job, facts, width, height)
    outside = _outside_warnings(job, facts, frame, frames)
    poster = job.output.poster
    cues = _cues(job, scenes, facts, look, frame)
    shots = clear_of_captions(pictures.shots, cues if job.captions.enabled else (), look, frame)
    return Timeline(
        width=width,
        height=height,
        fps_numerator=fps.numerator,
        fps_denominator=fps.denominator,
        frames=frames,
        container="mov" if job.output.format == "mov" else "mp4",
        encoder=encoder_of(job.output.quality, width, height),
        scenes=tuple(_scene_plan(placed) for placed in scenes),
        shots=shots,
        transitions=pictures.transitions,
        lead_in_frames=pictures.lead_in_frames,
        overlays=tuple(plan_overlays(job, scenes, facts, frame, fps)),
        cues=cues,
        look=look,
        draws_captions=job.captions.enabled,
        script=plan_script(facts),
        audio=plan_sound(job, scenes, facts, fps),
        poster_frame=min(frames - 1, frames_of_seconds(poster.at, fps)) if poster else None,
        sidecars=tuple(dict.fromkeys(job.output.sidecars)),
        warnings=markup_warnings(job)
        + check_text(job, facts, look.font)
        + emphasis_warnings(job, facts, look)
        + _spoken_warnings(facts)
        + narration_warnings(job)
        + outside
        + pictures.warnings
        + overlay_warnings(job, facts, frame),
    )


def _spoken_warnings(facts: Facts) -> tuple[str, ...]:
    return tuple(warning for spoken in facts.spoken if spoken for warning in spoken.warnings)


def _outside_warnings(job: RenderJob, facts: Facts, frame: tuple[int, int], frames: int) -> tuple[str, ...]:
    told = outside_warnings(facts.captions, frames, fps_of(job.output.fps)) if facts.captions else ()
    return told + script_warnings(job, facts, frame)


def _cues(
    job: RenderJob, scenes: Sequence[PlacedScene], facts: Facts, look: CaptionLook, frame: tuple[int, int]
) -> tuple[Cue, ...]:
    if facts.captions:
        return plan_outside_cues(facts.captions, job, scenes, facts, look, frame)
    return plan_cues(job, scenes, facts, look, frame)


def _frame_size(job: RenderJob) -> tuple[int, int]:
    width, height = job.output.size
    if job.output.quality == "draft":
        return width // 4 * 2, height // 4 * 2
    return width, height


def _placed(job: RenderJob, facts: Facts, fps: Fraction) -> list[PlacedScene]:
    placed, start_frame = [], 0
    for index, scene in enumerate(job.scenes):
        frames = scene_frames(index, scene, facts, fps)
        shares = tuple(shared_frames(index, scene, frames, facts, fps)) if scene.visuals else ()
        placed.append(PlacedScene(index, scene, start_frame, frames, shares))
        start_frame += frames
    return placed


def _scene_plan(placed: PlacedScene) -> ScenePlan:
    name = placed.scene.id or f"scene-{placed.number + 1}"
    return ScenePlan(id=name, start_frame=placed.start_frame, frames=placed.frames)
