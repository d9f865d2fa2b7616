"""Looks into a film before it is rendered: single frames, and one of each scene on a sheet."""

from collections.abc import Sequence
from fractions import Fraction

from PIL import Image

from ..engines.visuals.canvases import Canvases
from ..engines.visuals.sheet import Tile, draw_sheet
from ..errors import RejectedJob
from ..media.colour import Rgb8, yuv_to_rgb
from ..media.timebase import frames_of_seconds
from ..models.timeline import Timeline
from ..plan.segments import PlacedSegment, cut
from .handover import refuse_unsafe_targets
from .painting import KeptCanvases, painted_frame
from .prepare import Prepared, blaming_media, prepare_quietly
from .request import Request


def preview_frame(request: Request, at_seconds: float) -> Rgb8:
    """Draw the frame at a time, exactly as it is in the film before encoding; (H, W, 3).

    Raises:
        RejectedJob: the job cannot be rendered as written, its film is over by then, or `request.film_path`
            is one of its sources.
    """
    prepared = _prepared(request)
    timeline = prepared.timeline
    lasts = float(timeline.frames / timeline.fps)
    if not at_seconds < lasts:
        raise RejectedJob(f"there is no frame at {at_seconds:g} s: the film lasts {lasts:.2f} s")
    frame = min(frames_of_seconds(at_seconds, timeline.fps), timeline.frames - 1)
    return _drawn(prepared, cut(timeline), [frame])[0]


def contact_sheet(request: Request, title: str) -> Image.Image:
    """Draw the middle frame of each scene, side by side on one page.

    Raises:
        RejectedJob: the job cannot be rendered as written, or `request.film_path` is one of its sources.
    """
    prepared = _prepared(request)
    timeline = prepared.timeline
    middles = [scene.start_frame + scene.frames // 2 for scene in timeline.scenes]
    pictures = _drawn(prepared, cut(timeline), middles)
    tiles = [
        Tile(picture, scene.id, _span(scene.start_frame, scene.frames, timeline.fps))
        for picture, scene in zip(pictures, timeline.scenes, strict=True)
    ]
    return draw_sheet(tiles, title, _facts(timeline))


def _prepared(request: Request) -> Prepared:
    prepared = prepare_quietly(request)
    refuse_unsafe_targets(request.film_path, (), {*prepared.files.values(), *prepared.refs})
    return prepared


def _drawn(prepared: Prepared, segments: Sequence[PlacedSegment], frames: Sequence[int]) -> list[Rgb8]:
    canvases = Canvases(KeptCanvases(prepared.cache))
    with blaming_media(prepared.refs):
        return [yuv_to_rgb(painted_frame(segments, frame, prepared.files, canvases)) for frame in frames]


def _span(start_frame: int, frames: int, fps: Fraction) -> str:
    return f"{float(start_frame / fps):.1f} - {float((start_frame + frames) / fps):.1f} s"


def _facts(timeline: Timeline) -> str:
    seconds, fps = float(timeline.frames / timeline.fps), float(timeline.fps)
    return f"{timeline.width} x {timeline.height}, {fps:g} fps, {seconds:.1f} s"
