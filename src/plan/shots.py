"""Scenes become shots and transitions on the film's frames."""

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from ..engines.visuals.palettes import PALETTES, auto_palette
from ..errors import ContradictoryTimes
from ..media.fonts import TEXT_FAMILY, TITLE_FAMILY
from ..media.timebase import frames_of_seconds, milli_of, ms_of_seconds, ppm_of
from ..models.colors import rgb_of
from ..models.job import RenderJob, Scene
from ..models.planned import Rgb
from ..models.timeline import (
    PPM,
    Camera,
    ColorSource,
    GradientSource,
    ImageSource,
    MoviePySource,
    ProceduralSource,
    Shot,
    Source,
    TitleSource,
    TransitionPlan,
    VideoSource,
)
from ..models.visual import (
    ColorVisual,
    GradientVisual,
    ImageVisual,
    Motion,
    MoviePyVisual,
    ProceduralVisual,
    TitleVisual,
    Transition,
    VideoVisual,
    Visual,
)
from .facts import Facts, MediaFact
from .glyphs import lettered
from .names import AUTO_PALETTE
from .seeds import film_seed, scene_seeds
from .voices import scene_language

#: Backgrounds of scenes that bring no visuals, in turn: calm ones, over which captions read well.
DEFAULT_FAMILIES = ("aurora", "flow", "waves", "nebula")
#: How far the camera comes up to a picture that stands before a blurred copy of itself.
BLURRED_ZOOM = 0.1
_STILL = Camera()


class PlacedScene(NamedTuple):
    """A scene and where it stands in the film."""

    number: int
    scene: Scene
    start_frame: int
    frames: int
    visual_frames: tuple[int, ...]
    """Frames of each of its visuals; together they are its own."""


class _Spot(NamedTuple):
    """Where one visual stands in the film, and who asks for it."""

    path: str
    language: str
    """Of what is said."""
    seed: int
    """Of what is random in it."""
    start_frame: int
    frames: int


class Pictures(NamedTuple):
    """What is seen."""

    shots: tuple[Shot, ...]
    transitions: tuple[TransitionPlan, ...]
    lead_in_frames: int
    warnings: tuple[str, ...]


def plan_pictures(job: RenderJob, scenes: Sequence[PlacedScene], facts: Facts, fps: Fraction) -> Pictures:
    """Lay out every shot, with the handles that its transitions need.

    The ends of the film get handles, too, though nobody sees them: the first and the last scene then look the
    same to the frame when another one is put before or behind them.
    """
    seeds = scene_seeds(job)
    families = _default_families(seeds)
    bodies = [_scene_shots(job, placed, facts, seeds[i], families[i]) for i, placed in enumerate(scenes)]
    first, last = scenes[0].scene.transition or job.defaults.transition, job.defaults.transition
    lead_in = _fitting(_wanted_frames(first, fps), bodies[0][0])
    lead_out = _fitting(_wanted_frames(last, fps), bodies[-1][-1])
    bodies[0][0] = _lengthened(_opening(bodies[0][0]), before=lead_in // 2)
    shots = list(bodies[0])
    transitions: list[TransitionPlan] = []
    warnings: list[str] = []
    for placed, body in zip(scenes[1:], bodies[1:], strict=True):
        asked = placed.scene.transition or job.defaults.transition
        wanted = _wanted_frames(asked, fps)
        frames = min(_fitting(wanted, shots[-1]), _fitting(wanted, body[0]))
        if frames < wanted:
            warnings.append(
                f"scenes[{placed.number}].transition was shortened to {float(frames / fps):.2f} s:"
                " the shots beside it are too short"
            )
        if frames:
            start_frame = placed.start_frame - frames // 2
            transitions.append(TransitionPlan(type=asked.type, start_frame=start_frame, frames=frames))
            shots[-1] = _lengthened(shots[-1], after=frames - frames // 2)
            body[0] = _lengthened(body[0], before=frames // 2)
        shots.extend(body)
    shots[-1] = _lengthened(shots[-1], after=lead_out - lead_out // 2)
    return Pictures(tuple(shots), tuple(transitions), lead_in - lead_in // 2, tuple(warnings))


def _opening(shot: Shot) -> Shot:
    """Have a title that begins the film be read from its first frame: a feed stands on that."""
    if not isinstance(shot.source, TitleSource):
        return shot
    return shot.model_copy(update={"source": shot.source.model_copy(update={"opens_film": True})})


def _wanted_frames(asked: Transition, fps: Fraction) -> int:
    return 0 if asked.type == "none" else frames_of_seconds(asked.duration, fps)


def _fitting(wanted: int, shot: Shot) -> int:
    """Shorten a transition until each of its halves fits into half of the shot's own time."""
    return min(wanted, 2 * (shot.own_frames // 2))


def _lengthened(shot: Shot, *, before: int = 0, after: int = 0) -> Shot:
    return shot.model_copy(
        update={
            "start_frame": shot.start_frame - before,
            "frames": shot.frames + before + after,
            "lead_frames": shot.lead_frames + before,
            "tail_frames": shot.tail_frames + after,
        }
    )


def _scene_shots(job: RenderJob, placed: PlacedScene, facts: Facts, seed: int, family: str) -> list[Shot]:
    path = f"scenes[{placed.number}]"
    language = scene_language(job, placed.scene)
    if not placed.scene.visuals:
        spot = _Spot(path, language, seed, placed.start_frame, placed.frames)
        return [_shot(job, ProceduralVisual(type="procedural", family=family), facts, spot)]
    shots, start_frame = [], placed.start_frame
    for place, (visual, frames) in enumerate(zip(placed.scene.visuals, placed.visual_frames, strict=True)):
        here = f"{path}.visuals[{place}]"
        spot = _Spot(here, language, (seed + place) % 2**32, start_frame, frames)
        shots.append(_shot(job, visual, facts, spot))
        start_frame += frames
    return shots


def _default_families(seeds: Sequence[int]) -> list[str]:
    """Choose a background for each scene in case that it brings none.

    Neighbours mostly differ. A choice depends on the scene that follows and no further, so that a new first
    scene repaints none.
    """
    wanted = [seed % len(DEFAULT_FAMILIES) for seed in seeds]
    pairs = zip(wanted, [*wanted[1:], -1], strict=True)
    return [DEFAULT_FAMILIES[(own + (own == after)) % len(DEFAULT_FAMILIES)] for own, after in pairs]


def _shot(job: RenderJob, visual: Visual, facts: Facts, spot: _Spot) -> Shot:
    motion = _motion(job, visual)
    start, end = cameras_of(motion)
    return Shot(
        source=_source(job, visual, facts, spot),
        fit=visual.fit or job.defaults.fit,
        focus_x_ppm=ppm_of(motion.focus[0]),
        focus_y_ppm=ppm_of(motion.focus[1]),
        camera_start=start,
        camera_end=end,
        effects=visual.effects,
        start_frame=spot.start_frame,
        frames=spot.frames,
    )


def _motion(job: RenderJob, visual: Visual) -> Motion:
    """Choose the camera's move: one that nobody asked for crops no picture that is to be seen whole.

    A picture before a blurred copy of itself is whole at its closest.
    """
    if visual.motion or not isinstance(visual, ImageVisual):
        return visual.motion or Motion(effect="none")
    fit = visual.fit or job.defaults.fit
    usual = {"contain": Motion(effect="none"), "blur": Motion(amount=BLURRED_ZOOM)}
    return job.defaults.motion or usual.get(fit, Motion())


def cameras_of(motion: Motion) -> tuple[Camera, Camera]:
    """Turn a motion into the views it starts and ends with."""
    focus = {"x_ppm": ppm_of(motion.focus[0]), "y_ppm": ppm_of(motion.focus[1])}
    wide = Camera(zoom_ppm=PPM, **focus)
    close = Camera(zoom_ppm=PPM + ppm_of(motion.amount), **focus)
    if motion.effect == "none" or close.zoom_ppm == PPM:
        return _STILL, _STILL
    if motion.effect == "zoom_in":
        return wide, close
    if motion.effect == "zoom_out":
        return close, wide
    axis = "x_ppm" if motion.effect in {"pan_left", "pan_right"} else "y_ppm"
    low, high = close.model_copy(update={axis: 0}), close.model_copy(update={axis: PPM})
    return (low, high) if motion.effect in {"pan_right", "pan_down"} else (high, low)


def _source(job: RenderJob, visual: Visual, facts: Facts, spot: _Spot) -> Source:
    path = spot.path
    match visual:
        case ImageVisual():
            return ImageSource(sha256=facts.media[f"{path}.src"].sha256)
        case VideoVisual():
            return _video(visual, facts.media[f"{path}.src"], f"{path}.trim")
        case ColorVisual():
            return ColorSource(color=rgb_of(visual.color))
        case GradientVisual():
            colors = tuple(rgb_of(color) for color in visual.colors)
            angle_mdeg, speed_ppm = milli_of(visual.angle), ppm_of(visual.speed)
            return GradientSource(colors=colors, angle_mdeg=angle_mdeg, speed_ppm=speed_ppm)
        case ProceduralVisual():
            return _procedural(job, visual, ppm_of(visual.speed), spot.seed)
        case TitleVisual():
            return _title(visual, facts, spot.language, _procedural(job, visual, PPM, spot.seed))
        case MoviePyVisual():
            params = json.dumps(visual.params, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            return MoviePySource(factory=visual.factory, params_json=params)


def _title(visual: TitleVisual, facts: Facts, language: str, background: ProceduralSource) -> Source:
    title = lettered(visual.text, TITLE_FAMILY, facts, language)
    subtitle = lettered(visual.subtitle, TEXT_FAMILY, facts, language)
    if not title.text:
        return background
    return TitleSource(
        text=title.text,
        fallbacks=title.fallbacks,
        held=title.held,
        subtitle=subtitle.text,
        subtitle_fallbacks=subtitle.fallbacks,
        subtitle_held=subtitle.held,
        color=rgb_of(visual.color),
        background=background,
    )


def _video(visual: VideoVisual, clip: MediaFact, path: str) -> VideoSource:
    trim_ms = ms_of_seconds(visual.trim)
    if trim_ms >= clip.duration_ms:
        lasts = clip.duration_ms / 1000
        raise ContradictoryTimes(f"the clip lasts only {lasts:.2f} s: trim less", path=path)
    return VideoSource(sha256=clip.sha256, trim_ms=trim_ms, play_ms=clip.duration_ms - trim_ms)


def _procedural(
    job: RenderJob, visual: ProceduralVisual | TitleVisual, speed_ppm: int, own_seed: int
) -> ProceduralSource:
    seed = own_seed if visual.seed is None else visual.seed
    palette = visual.palette
    if palette == AUTO_PALETTE:
        # One palette for the whole film holds its scenes together.
        palette = auto_palette(film_seed(job))
    return ProceduralSource(family=visual.family, seed=seed, palette=_colors(palette), speed_ppm=speed_ppm)


def _colors(palette: str | tuple[str, ...]) -> tuple[Rgb, ...]:
    if isinstance(palette, str):
        return PALETTES[palette]
    return tuple(rgb_of(color) for color in palette)
