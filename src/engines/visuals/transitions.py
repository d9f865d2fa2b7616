"""Changes from one picture to the next.

A transition is a function `(leaving, coming, progress, out)`: both pictures and `out` have the same size,
progress runs inside 0-1, `out` is never one of the two. Adding one: write the function, add it to
`TRANSITIONS`, its name to `TransitionType` of the job, and a scene to `examples/transitions.json`.
"""

from collections.abc import Callable, Mapping
from functools import partial

import cv2
import numpy as np

from ...media.planes import BLACK, Yuv
from ...models.visual import TransitionType
from .fit import Box, part_of
from .resample import draw_view, with_margin

Transition = Callable[[Yuv, Yuv, float, Yuv], None]

#: Width of a wipe's soft edge as a fraction of the frame.
WIPE_EDGE = 0.12
#: How much closer a zoom transition goes at its turning point.
ZOOM_DEPTH = 0.35
_DIRECTIONS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


def ease_in_out(progress: float) -> float:
    """Ease a progress 0-1 at both ends."""
    return progress * progress * (3 - 2 * progress)


def fade(leaving: Yuv, coming: Yuv, progress: float, out: Yuv) -> None:
    """Dissolve."""
    for a, b, target in zip(leaving, coming, out, strict=True):
        cv2.addWeighted(a, 1 - progress, b, progress, 0, dst=target)


def black(leaving: Yuv, coming: Yuv, progress: float, out: Yuv) -> None:
    """Dissolve to black, and from black."""
    picture, weight = (leaving, 1 - 2 * progress) if progress < 0.5 else (coming, 2 * progress - 1)
    for plane, target, value in zip(picture, out, BLACK, strict=True):
        cv2.convertScaleAbs(plane, dst=target, alpha=weight, beta=value * (1 - weight))


def slide(leaving: Yuv, coming: Yuv, progress: float, out: Yuv, *, towards: str) -> None:
    """Push the leaving picture out; the coming one follows it `towards` a side."""
    width, height = out.size
    eased = ease_in_out(progress)
    dx, dy = _DIRECTIONS[towards]
    moved = round(eased * (width if dx else height) / 2) * 2
    _paste(leaving, dx * moved, dy * moved, out)
    _paste(coming, dx * (moved - width), dy * (moved - height), out)


def _paste(picture: Yuv, x: int, y: int, out: Yuv) -> None:
    width, height = out.size
    part_width, part_height = width - abs(x), height - abs(y)
    if part_width <= 0 or part_height <= 0:
        return
    source = part_of(picture, Box(max(-x, 0), max(-y, 0), part_width, part_height))
    source.copy_to(part_of(out, Box(max(x, 0), max(y, 0), part_width, part_height)))


def wipe(leaving: Yuv, coming: Yuv, progress: float, out: Yuv, *, towards: str) -> None:
    """Uncover the coming picture along a soft edge that moves `towards` a side."""
    dx, dy = _DIRECTIONS[towards]
    for a, b, target in zip(leaving, coming, out, strict=True):
        length = target.shape[1] if dx else target.shape[0]
        share = _wipe_ramp(length, ease_in_out(progress), backwards=dx + dy < 0)
        ramp = share[None, :] if dx else share[:, None]
        weight = np.broadcast_to(ramp, target.shape)
        cv2.blendLinear(b, a, np.ascontiguousarray(weight), np.ascontiguousarray(1 - weight), dst=target)


def _wipe_ramp(
    length: int, progress: float, *, backwards: bool
) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Share of the coming picture along the way of the edge, (length,) float32."""
    place = (np.arange(length, dtype=np.float32) + 0.5) / length
    edge = progress * (1 + WIPE_EDGE)
    ramp = np.clip((edge - (1 - place if backwards else place)) / WIPE_EDGE, 0, 1)
    return ramp.astype(np.float32)


def zoom(leaving: Yuv, coming: Yuv, progress: float, out: Yuv) -> None:
    """Dive into the leaving picture and come out of a close view of the coming one."""
    eased = ease_in_out(progress)
    near, far = Yuv.empty(*out.size), Yuv.empty(*out.size)
    _closer(leaving, 1 + ZOOM_DEPTH * eased, near)
    _closer(coming, 1 + ZOOM_DEPTH * (1 - eased), far)
    fade(near, far, eased, out)


def _closer(picture: Yuv, factor: float, out: Yuv) -> None:
    width, height = out.size
    scale = 1 / factor
    draw_view(with_margin(picture), width * (1 - scale) / 2, height * (1 - scale) / 2, (scale, scale), out)


def cut(leaving: Yuv, coming: Yuv, progress: float, out: Yuv) -> None:
    """Change at the middle at once."""
    (leaving if progress < 0.5 else coming).copy_to(out)


TRANSITIONS: Mapping[TransitionType, Transition] = {
    "none": cut,
    "fade": fade,
    "wipe_left": partial(wipe, towards="left"),
    "wipe_right": partial(wipe, towards="right"),
    "wipe_up": partial(wipe, towards="up"),
    "wipe_down": partial(wipe, towards="down"),
    "slide_left": partial(slide, towards="left"),
    "slide_right": partial(slide, towards="right"),
    "slide_up": partial(slide, towards="up"),
    "slide_down": partial(slide, towards="down"),
    "zoom": zoom,
    "black": black,
}
