"""Overlays of scenes, on the film's frames and pixels."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ..errors import ContradictoryTimes, RejectedJob
from ..media.fonts import TEXT_FAMILY
from ..media.timebase import frames_of_seconds, ppm_of
from ..models.colors import rgba_of
from ..models.job import RenderJob
from ..models.timeline import ImageOverlayPlan, OverlayPlan, TextOverlayPlan
from ..models.visual import ImageOverlay, Overlay
from .captions import scaled_px
from .facts import Facts
from .glyphs import lettered
from .shots import PlacedScene
from .voices import scene_language

#: How often the frame's height a picture over it may be.
_MOST_FRAMES_HIGH = 3
#: The same for one of which nobody misses what lies outside: a border made for a frame of another shape.
_UNNOTICED = 1.02


def plan_overlays(
    job: RenderJob, scenes: Sequence[PlacedScene], facts: Facts, frame: tuple[int, int], fps: Fraction
) -> Iterator[OverlayPlan]:
    """Place every overlay; one that would stay longer than its scene leaves with it.

    Raises:
        ContradictoryTimes: an overlay starts when its scene is over.
    """
    for placed in scenes:
        for place, overlay in enumerate(placed.scene.overlays):
            path = f"scenes[{placed.number}].overlays[{place}]"
            start = frames_of_seconds(overlay.start, fps)
            if start >= placed.frames:
                lasts = float(placed.frames / fps)
                raise ContradictoryTimes(f"the scene lasts only {lasts:.2f} s", path=f"{path}.start")
            span = range(placed.start_frame + start, placed.start_frame + placed.frames)
            if overlay.duration != "auto":
                span = span[: max(1, frames_of_seconds(overlay.duration, fps))]
            language = scene_language(job, placed.scene)
            yield _overlay_plan(overlay, path, facts, frame, span, language)


def _overlay_plan(
    overlay: Overlay, path: str, facts: Facts, frame: tuple[int, int], span: range, language: str
) -> OverlayPlan:
    width, height = frame
    center_x_px, center_y_px = round(overlay.position[0] * width), round(overlay.position[1] * height)
    if isinstance(overlay, ImageOverlay):
        _refuse_huge(overlay, path, facts, frame)
        return ImageOverlayPlan(
            sha256=facts.media[f"{path}.src"].sha256,
            width_px=max(1, round(overlay.width * width)),
            opacity_ppm=ppm_of(overlay.opacity),
            center_x_px=center_x_px,
            center_y_px=center_y_px,
            start_frame=span.start,
            frames=len(span),
        )
    text, fallbacks, held = lettered(overlay.text, TEXT_FAMILY, facts, language)
    return TextOverlayPlan(
        text=text,
        fallbacks=fallbacks,
        held=held,
        size_px=max(4, scaled_px(overlay.size, width, height)),
        color=rgba_of(overlay.color),
        background=rgba_of(overlay.background) if overlay.background else None,
        center_x_px=center_x_px,
        center_y_px=center_y_px,
        start_frame=span.start,
        frames=len(span),
    )


def overlay_warnings(job: RenderJob, facts: Facts, frame: tuple[int, int]) -> tuple[str, ...]:
    """Tell of pictures of which a part is never seen, wherever they stand."""
    told = []
    for index, scene in enumerate(job.scenes):
        for place, overlay in enumerate(scene.overlays):
            path = f"scenes[{index}].overlays[{place}]"
            height_px = _height_px(overlay, path, facts, frame) if isinstance(overlay, ImageOverlay) else 0
            if height_px > frame[1] * _UNNOTICED:
                told.append(
                    f"{path}.width: the picture is {height_px} pixels high at it, the frame {frame[1]}, so a "
                    "part of it is not seen: make it narrower"
                )
    return tuple(told)


def _refuse_huge(overlay: ImageOverlay, path: str, facts: Facts, frame: tuple[int, int]) -> None:
    """Refuse a picture so narrow that it would be many frames high at the width that is asked for."""
    height_px = _height_px(overlay, path, facts, frame)
    if height_px > _MOST_FRAMES_HIGH * frame[1]:
        told = f"{overlay.src!r} would be {height_px} pixels high, the frame has {frame[1]}: make it narrower"
        raise RejectedJob(told, path=f"{path}.width")


def _height_px(overlay: ImageOverlay, path: str, facts: Facts, frame: tuple[int, int]) -> int:
    width, height = facts.media[f"{path}.src"].size
    return round(overlay.width * frame[0] * height / max(1, width))
