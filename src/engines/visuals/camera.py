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


#: How much closer a camera goes that moves over a source of just the frame's pixels: near 1.0 a view cannot
#: be placed between pixels (see `resample`), and a slow zoom would tremble.
CLOSER = 1.05
#: All of a canvas.
WHOLE = View(0.0, 0.0, 1.0, 1.0)
#: Share of a canvas's sides that has to be in sight all along a move for a picture to be fitted into that: in
#: less it would be too small.
_LEAST_SEEN = 0.5


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


def moves(start: Camera, end: Camera) -> bool:
    """Tell whether a canvas is seen otherwise than as it is."""
    return start != end or start.zoom_ppm != PPM


def always_seen(start: Camera, end: Camera, closer: float = 1.0) -> View:
    """Find the part of a canvas that is in sight all along a move that is drawn this much `closer`."""
    if not moves(start, end):
        return WHOLE
    first, last = (_nearer(view_at(start, end, frame, 2), closer) for frame in (0, 1))
    left, top = max(first.left, last.left), max(first.top, last.top)
    width = min(first.left + first.width, last.left + last.width) - left
    height = min(first.top + first.height, last.top + last.height) - top
    return View(left, top, width, height) if min(width, height) >= _LEAST_SEEN / closer else WHOLE


def _nearer(view: View, closer: float) -> View:
    width, height = view.width / closer, view.height / closer
    return View(view.left + (view.width - width) / 2, view.top + (view.height - height) / 2, width, height)
