"""Clips: a hand-held camera moves through a landscape, films it and compresses it as a phone does."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from src.media.colour import rgb_to_yuv
from src.media.planes import Plane, Yuv

from .camera import develop
from .landscape import Scenery, View, view
from .noise import Field, fractal

#: Frames a second of every clip.
FPS = 30
#: Part of the picture beyond the frame's edges, so that the camera has room to move.
MARGIN = 0.10
#: Cells of the land that the camera travels to the side and ahead in a second.
TRUCK_PER_S, DOLLY_PER_S = 0.16, 0.22
#: Widths of the frame that the sky drifts in a second.
CLOUDS_PER_S = 0.003
#: x264's constant quality of a clip: about 8 Mbit/s, what stock sites serve at 1080p.
CLIP_CRF = "22"
#: Deviation of the sensor's grain in 8-bit steps: brightness, and the two of colour.
GRAIN = (1.8, 0.8, 0.8)


def film(scenery: Scenery, size: tuple[int, int], frames: int, file: Path) -> None:
    """Write a clip of `frames` frames; the same scenery gives the same frames."""
    width, height = size
    scene = view(scenery, _even(width * (1 + 2 * MARGIN)), _even(height * (1 + 2 * MARGIN)))
    with av.open(file, "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"preset": "medium", "crf": CLIP_CRF, "g": str(FPS), "threads": "2"}
        context = stream.codec_context
        context.color_primaries = context.color_trc = context.colorspace = 1
        context.color_range = 1
        for number, picture in enumerate(_shoot(scene, size, frames, scenery.seed)):
            container.mux(stream.encode(_video_frame(picture, number)))
        container.mux(stream.encode(None))


def _shoot(scene: View, size: tuple[int, int], frames: int, seed: int) -> Iterator[Yuv]:
    random = np.random.default_rng(seed)
    picture = rgb_to_yuv(develop(scene.light, random, noise=0))
    camera = _HandHeld(scene, size, random)
    grains = [_grain(size, deviation, random) for deviation in GRAIN]
    for number in range(frames):
        x, y = camera.look(number / FPS)
        half_x, half_y = (np.asarray(full[::2, ::2] / 2, np.float32) for full in (x, y))
        maps = [(x, y), (half_x, half_y), (half_x, half_y)]
        planes = [_look_up(plane, *where) for plane, where in zip(picture, maps, strict=True)]
        yield Yuv(*(_expose(plane, grain, random) for plane, grain in zip(planes, grains, strict=True)))


def _look_up(plane: Plane, x: Field, y: Field) -> Plane:
    return np.asarray(cv2.remap(plane, x, y, cv2.INTER_CUBIC, None, cv2.BORDER_REPLICATE), np.uint8)


class _HandHeld:
    """A camera that walks into a scene: near things move more than far ones, nothing is quite steady."""

    def __init__(self, scene: View, size: tuple[int, int], random: np.random.Generator) -> None:
        width, height = size
        self._longest = max(size)
        self._left, self._top = round(width * MARGIN), round(height * MARGIN)
        here = np.s_[self._top : self._top + height, self._left : self._left + width]
        nearness = np.asarray(cv2.GaussianBlur(1 / scene.distance, (0, 0), 1.2), np.float32)
        self._nearness, self._water = nearness[here], scene.water[here]
        self._drift = (self._nearness < 0.001) * np.float32(width * CLOUDS_PER_S)
        self._row, self._column = np.indices((height, width), np.float32)
        self._sway = fractal(512, 1.6, random)[:, :3] * (self._longest / 500)
        self._waves = fractal(512, 1.0, random) * (self._longest / 900)

    def look(self, second: float) -> tuple[Field, Field]:
        """Tell for each pixel of the frame where in the whole picture it lies: columns, rows."""
        height, width = self._row.shape
        sway_x, sway_y, tilt = (float(part) for part in self._sway[round(second * FPS) % 512])
        middle = np.float32(width / 2), np.float32(height / 2)
        ahead = 1 - self._nearness * np.float32(DOLLY_PER_S * second)
        x, y = (self._column - middle[0]) * ahead, (self._row - middle[1]) * ahead
        truck_px = np.float32(TRUCK_PER_S * second * 0.9 * self._longest)
        tilt *= 0.2 / self._longest
        new_x = x + y * np.float32(tilt) + truck_px * self._nearness + self._drift * np.float32(second)
        new_y = y - x * np.float32(tilt)
        if self._water.any():
            new_y += self._water * self._ripples(second)
        new_x += np.float32(sway_x + middle[0] + self._left)
        new_y += np.float32(sway_y + middle[1] + self._top)
        return new_x, new_y

    def _ripples(self, second: float) -> Field:
        travelled = np.float32(second * 22)
        x = np.mod(self._column * np.float32(0.35) + travelled, np.float32(512))
        y = np.mod(self._row * np.float32(1.3) - travelled, np.float32(512))
        return np.asarray(cv2.remap(self._waves, x, y, cv2.INTER_LINEAR, None, cv2.BORDER_WRAP), np.float32)


def _grain(size: tuple[int, int], deviation: float, random: np.random.Generator) -> Field:
    """Make grain larger than the frame, to be cut from at a new place for every frame."""
    width, height = size
    grain = cv2.GaussianBlur(random.standard_normal((height + 256, width + 256), np.float32), (0, 0), 0.7)
    return np.asarray(grain / grain.std() * deviation, np.float32)


def _expose(plane: Plane, grain: Field, random: np.random.Generator) -> Plane:
    height, width = plane.shape
    top, left = random.integers(0, 256, 2)
    noisy = cv2.add(plane, grain[top : top + height, left : left + width], dtype=cv2.CV_8U)
    return np.asarray(noisy, np.uint8)


def _video_frame(picture: Yuv, number: int) -> av.VideoFrame:
    pixels = np.concatenate([plane.reshape(-1) for plane in picture])
    frame = av.VideoFrame.from_ndarray(pixels.reshape(-1, picture.size[0]), "yuv420p")
    frame.pts, frame.time_base = number, Fraction(1, FPS)
    return frame


def _even(value: float) -> int:
    return round(value / 2) * 2
