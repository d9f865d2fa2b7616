"""Video clips on screen, looped when they are shorter than their shot."""

from fractions import Fraction
from pathlib import Path

from ...media.planes import Yuv
from ...media.video import VideoReader
from ...models.timeline import PPM, Shot, VideoSource
from .fit import fit_yuv


class ClipSource:
    """A clip from its trim point, again from there when it ends."""

    def __init__(self, shot: Shot, source: VideoSource, file: Path, fps: Fraction) -> None:
        self._trim = Fraction(source.trim_ms, 1000)
        self._play = Fraction(source.play_ms, 1000)
        self._reader = VideoReader(file)
        self._shot = shot
        self._fps = fps

    def draw(self, frame: int, out: Yuv) -> None:
        """Draw the clip's picture in the middle of a frame's time, so that equal rates match one to one."""
        time = (frame + Fraction(1, 2)) / self._fps % self._play
        picture = self._reader.at(self._trim + time)
        focus = self._shot.focus_x_ppm / PPM, self._shot.focus_y_ppm / PPM
        fit_yuv(picture, self._reader.shown_size, self._shot.fit, focus, out)

    def close(self) -> None:
        """Close the file."""
        self._reader.close()
