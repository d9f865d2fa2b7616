"""Changes from one picture to the next.

A transition is a function `(leaving, coming, progress, out)`: both pictures and `out` have the same size,
progress runs inside 0-1, `out` is never one of the two. Adding one: write the function, and add it to
`TRANSITIONS` by the name that jobs use: whatever lists, describes or checks names asks there.
"""

import math
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import cv2
import numpy as np

from ...media.planes import BLACK, Plane, Yuv
from .fit import Box, part_of
from .resample import draw_view, with_margin

Transition = Callable[[Yuv, Yuv, float, Yuv], None]

#: Width of a wipe's soft edge as a fraction of the frame.
WIPE_EDGE = 0.12
#: How much closer a zoom transition goes at its turning point.
ZOOM_DEPTH = 0.35
#: For how much of a transition the shutter of a fast one is open: a frame of those that last 0.3 s.
SHUTTER = 0.12
#: Share of a flash in which it flares up; it dies down in the rest.
FLASH_ATTACK = 0.4
#: How far a fast zoom goes into the leaving picture, and begins before the coming one.
DIVE = 2.5
#: How far a spin turns each of both pictures, in radians, and how much closer it goes meanwhile.
TURN, TURN_CLOSER = math.pi / 2, 1.25
#: Pixels of blur, measured in a corner, that a shrunken picture keeps: fewer would show its pixels.
_LEAST_BLUR_PX = 8
#: Most that a picture is shrunken while it is blurred.
_MOST_SHRUNKEN = 8
#: Pixels between the copies that a blur is made of.
_STRIDE_PX = 3
_WHITE_Y = 235
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


def rush(progress: float) -> tuple[float, float]:
    """Ease a progress 0-1 as a camera that is thrown around; return how fast it moves there, too."""
    left = 1 - progress
    eased = progress**3 * (10 - 15 * progress + 6 * progress * progress)
    return eased, 30 * progress * progress * left * left


def whip(leaving: Yuv, coming: Yuv, progress: float, out: Yuv, *, towards: str) -> None:
    """Throw the camera around, so that both pictures smear past `towards` a side."""
    width, height = out.size
    eased, pace = rush(progress)
    dx, dy = _DIRECTIONS[towards]
    length = width if dx else height
    moved = round(eased * length / 2) * 2
    _paste(leaving, dx * moved, dy * moved, out)
    _paste(coming, dx * (moved - width), dy * (moved - height), out)
    for index, plane in enumerate(out):
        blur_px = int(SHUTTER * pace * length / (2 if index else 1)) | 1
        if blur_px > 1:
            cv2.blur(
                plane, (blur_px, 1) if dx else (1, blur_px), dst=plane, borderType=cv2.BORDER_REFLECT_101
            )


def flash(leaving: Yuv, coming: Yuv, progress: float, out: Yuv) -> None:
    """Overexpose the leaving picture until all is white; the coming one emerges from that."""
    if progress < FLASH_ATTACK:
        picture, light = leaving, (progress / FLASH_ATTACK) ** 2
    else:
        picture, light = coming, ((1 - progress) / (1 - FLASH_ATTACK)) ** 2
    # Bright parts burn out first: light multiplies, before it washes out what is left.
    levels = (np.arange(256, dtype=np.float32) - BLACK[0]) * (1 + 2 * light)
    burnt = np.minimum(levels + BLACK[0], _WHITE_Y)
    table = np.clip(burnt + (_WHITE_Y - burnt) * light, 0, 255).astype(np.uint8)
    cv2.LUT(picture.y, table, dst=out.y)
    for plane, target in ((picture.u, out.u), (picture.v, out.v)):
        cv2.convertScaleAbs(plane, dst=target, alpha=1 - light, beta=BLACK[1] * light)


def zoom_blur(leaving: Yuv, coming: Yuv, progress: float, out: Yuv) -> None:
    """Shoot through the leaving picture into the coming one, blurred by the speed."""
    eased, pace = rush(progress)
    depth = 2 * math.log(DIVE)
    if eased < 0.5:
        _thrown(leaving, (0, eased * depth), (0, pace * depth), out)
    else:
        _thrown(coming, (0, (eased - 1) * depth), (0, pace * depth), out)


def spin(leaving: Yuv, coming: Yuv, progress: float, out: Yuv) -> None:
    """Spin the leaving picture away and the coming one into place, blurred by the speed."""
    eased, pace = rush(progress)
    nearness = math.log(TURN_CLOSER) * (1 - abs(2 * eased - 1))
    angle = 2 * TURN * (eased if eased < 0.5 else eased - 1)
    _thrown(leaving if eased < 0.5 else coming, (angle, nearness), (2 * TURN * pace, 0), out)


def _thrown(picture: Yuv, pose: tuple[float, float], pace: tuple[float, float], out: Yuv) -> None:
    """Draw a picture at a pose (radians clockwise, logarithm of its size) that changes at a pace.

    Beyond its edges it is mirrored. What is blurred is computed on few pixels; what hardly is, on its own.
    """
    width, height = out.size
    turned, grown = (SHUTTER * one for one in pace)
    blur_px = math.hypot(turned, grown) * math.hypot(width, height) / 2
    shrunken = 1
    while shrunken < _MOST_SHRUNKEN and blur_px >= 2 * shrunken * _LEAST_BLUR_PX:
        shrunken *= 2
    size = max(2, round(width / shrunken)), max(2, round(height / shrunken))
    half_size = (width // 2, height // 2) if shrunken == 1 else size
    doublings = max(1, math.ceil(math.log2(max(2.0, blur_px / shrunken / _STRIDE_PX))))
    for plane, target, drawn in zip(picture, out, (size, half_size, half_size), strict=True):
        small = _turned(_shrunk(plane, drawn), *pose)
        for doubling in range(1, doublings + 1):
            share = 0.5**doubling
            cv2.addWeighted(small, 0.5, _turned(small, turned * share, grown * share), 0.5, 0, dst=small)
        cv2.resize(small, target.shape[::-1], dst=target, interpolation=cv2.INTER_CUBIC)


def _shrunk(plane: Plane, size: tuple[int, int]) -> Plane:
    """Average a plane, by halves as long as that goes: OpenCV is fast at those."""
    while plane.shape[1] >= 4 * size[0] and plane.shape[1] % 2 == plane.shape[0] % 2 == 0:
        plane = np.asarray(cv2.resize(plane, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.uint8)


def _turned(plane: Plane, angle: float, growth: float) -> Plane:
    """Turn a plane clockwise around its middle, and scale it by e to the power of `growth`."""
    height, width = plane.shape
    middle = (width - 1) / 2, (height - 1) / 2
    moves = cv2.getRotationMatrix2D(middle, -math.degrees(angle), math.exp(growth))
    turned = cv2.warpAffine(plane, moves, (width, height), borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(turned, np.uint8)


def cut(leaving: Yuv, coming: Yuv, progress: float, out: Yuv) -> None:
    """Change at the middle at once."""
    (leaving if progress < 0.5 else coming).copy_to(out)


#: Transitions by the name that jobs use.
TRANSITIONS: Mapping[str, Transition] = MappingProxyType(
    {
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
        "whip_left": partial(whip, towards="left"),
        "whip_right": partial(whip, towards="right"),
        "whip_up": partial(whip, towards="up"),
        "whip_down": partial(whip, towards="down"),
        "zoom": zoom,
        "zoom_blur": zoom_blur,
        "spin": spin,
        "flash": flash,
        "black": black,
    }
)
