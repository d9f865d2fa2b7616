"""Clips made with MoviePy by registered factories: the place where others extend the picture.

A package registers a factory in the entry-point group `neuroshorts.visuals`; a job names it and gives its
parameters. The factory is called as

    factory(*, size: tuple[int, int], duration: float, **params) -> moviepy.VideoClip

with the frame's width and height in pixels, the length of its shot without handles in seconds, and the
job's parameters as keyword arguments. A clip of another size is scaled to cover the frame; a shorter one is
played in a loop.
A clip must be a function of the time: frames are asked for in any order, from several processes.
"""

import inspect
import json
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Protocol, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from ...errors import RenderFailed, UnknownName
from ...media.colour import Rgb8, rgb_to_yuv
from ...media.planes import Yuv
from ...models.timeline import MoviePySource, Shot
from .frames import FrameSource

#: Entry-point group of factories.
GROUP = "neuroshorts.visuals"

T = TypeVar("T")


class Clip(Protocol):
    """What is used of a moviepy.VideoClip."""

    duration: float | None

    def get_frame(self, t: float) -> npt.NDArray[np.generic]:
        """Return the picture at a time, (H, W, 3) RGB."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...


@cache
def factories() -> Mapping[str, EntryPoint]:
    """Return the installed factories by name; none of them is imported.

    They are looked for once: reading the metadata of every installed package takes longer than reading a job.
    """
    return {entry.name: entry for entry in sorted(entry_points(group=GROUP))}


def open_moviepy(shot: Shot, source: MoviePySource, size: tuple[int, int], fps: Fraction) -> FrameSource:
    """Open a clip for the own time of its shot at the size of the film's frame.

    Raises:
        UnknownName: when nobody registered the factory.
        RenderFailed: when the factory or its clip breaks; the message names the factory.
    """
    known = factories()
    if source.factory not in known:
        raise UnknownName("moviepy factory", source.factory, tuple(known), path="factory")

    def make() -> Clip:
        factory = known[source.factory].load()
        clip: Clip = factory(
            size=size, duration=float(shot.own_frames / fps), **json.loads(source.params_json)
        )
        return clip

    return _MoviePySource(source.factory, _guarded(source.factory, make), shot, size, fps)


def wrong_params(name: str, params: Mapping[str, Any]) -> str:
    """Tell what is wrong with the parameters of a registered factory; empty when they fit.

    Raises:
        RenderFailed: the factory cannot be loaded.
    """
    factory = _guarded(name, factories()[name].load)
    try:
        inspect.signature(factory).bind(size=(2, 2), duration=1.0, **params)
    except TypeError as error:
        return str(error)
    return ""


def _guarded(name: str, action: Callable[[], T]) -> T:
    """Run foreign code; whatever it raises becomes an error that names it."""
    try:
        return action()
    except Exception as error:  # foreign code may raise anything
        reason = f"{type(error).__name__}: {error}"
        raise RenderFailed(f"the moviepy factory {name!r} failed: {reason}") from error


class _MoviePySource:
    def __init__(self, name: str, clip: Clip, shot: Shot, size: tuple[int, int], fps: Fraction) -> None:
        self._name = name
        self._clip = clip
        self._shot = shot
        self._size = size
        self._fps = fps

    def draw(self, frame: int, out: Yuv) -> None:
        """Draw a frame of the shot over all of `out`; its first or last own one in the handles."""
        own = min(max(0, frame - self._shot.lead_frames), self._shot.own_frames - 1)
        seconds = float(own / self._fps)
        if self._clip.duration:
            seconds %= self._clip.duration
        picture = _guarded(self._name, lambda: np.asarray(self._clip.get_frame(seconds)))
        if picture.ndim != 3 or picture.shape[2] < 3 or 0 in picture.shape:
            raise RenderFailed(
                f"the moviepy factory {self._name!r} gave a frame of shape {picture.shape}, not (H, W, 3)"
            )
        rgb = np.ascontiguousarray(np.clip(picture[:, :, :3], 0, 255), np.uint8)
        rgb_to_yuv(cover_scaled(rgb, self._size)).copy_to(out)

    def close(self) -> None:
        """Close the clip and the files that it holds."""
        _guarded(self._name, self._clip.close)


def cover_scaled(rgb: Rgb8, size: tuple[int, int]) -> Rgb8:
    """Scale an (H, W, 3) picture evenly until it covers a frame, and cut off equal rests on both sides."""
    width, height = size
    has_height, has_width = rgb.shape[:2]
    if (has_width, has_height) == size:
        return rgb
    scale = max(width / has_width, height / has_height)
    scaled_size = max(width, round(has_width * scale)), max(height, round(has_height * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    scaled = np.asarray(cv2.resize(rgb, scaled_size, interpolation=how), np.uint8)
    left, top = (scaled_size[0] - width) // 2, (scaled_size[1] - height) // 2
    return np.ascontiguousarray(scaled[top : top + height, left : left + width])
