"""Where the view of a shot stands at each of its frames."""

from typing import NamedTuple

from ...models.timeline import PPM, Camera

#: Share of ease-in and ease-out in a move; the rest is linear, so that it never seems to stop.
EASED_SHARE = 0.6


class View(NamedTuple):
    """The part of a canvas that fills the frame, as fractions of the canvas's width and height."""

    left: float
    top: float
    width: float
    height: float


def ease(progress: float) -> float:
    """Ease a linear progress 0-1 softly at both ends; strictly increasing."""
    smooth = progress * progress * (3 - 2 * progress)
    return EASED_SHARE * smooth + (1 - EASED_SHARE) * progress


def view_at(start: Camera, end: Camera, frame: int, frames: int) -> View:
    """Interpolate between two cameras; zoom moves by equal ratios, so that it looks even."""
    progress = ease(frame / (frames - 1)) if frames > 1 else 0.0
    zoom = (start.zoom_ppm / PPM) * (end.zoom_ppm / start.zoom_ppm) ** progress
    x = (start.x_ppm + (end.x_ppm - start.x_ppm) * progress) / PPM
    y = (start.y_ppm + (end.y_ppm - start.y_ppm) * progress) / PPM
    play = 1 - 1 / zoom
    return View(x * play, y * play, 1 / zoom, 1 / zoom)
