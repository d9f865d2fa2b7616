"""Video clips on screen, looped when they are shorter than their shot."""

from fractions import Fraction
from pathlib import Path

from ...media.planes import Yuv
from ...media.video import VideoReader
from ...models.timeline import PPM, Shot, VideoSource
from .camera import CLOSER, always_seen
from .fit import fit_yuv
from .readers import Readers

_HALF = Fraction(1, 2)


class ClipSource:
    """A clip from its trim point, again from there when it ends."""

    def __init__(self, shot: Shot, source: VideoSource, file: Path, fps: Fraction, readers: Readers) -> None:
        self._trim = Fraction(source.trim_ms, 1000)
        self._play = Fraction(source.play_ms, 1000)
        self._file = file
        self._readers = readers
        self._reader: VideoReader | None = None
        self._shot = shot
        self._seen = always_seen(shot.camera_start, shot.camera_end, CLOSER)
        self._fps = fps

    def draw(self, frame: int, out: Yuv) -> None:
        """Draw the clip's picture at a frame of the shot."""
        time = self.time_at(frame)
        if self._reader is None:
            self._reader = self._readers.take(self._file, time)
        picture = self._reader.at(time)
        focus = self._shot.focus_x_ppm / PPM, self._shot.focus_y_ppm / PPM
        fit_yuv(picture, self._reader.shown_size, self._shot.fit, focus, out, self._seen)

    def time_at(self, frame: int) -> Fraction:
        """Tell the second of the clip that a frame shows: its middle, so that equal rates match one to one.

        The clip starts with the shot's own time, as its sound does, and loops within it. The handles show
        what the clip has before and after, and hold its first or last picture where it has no more.
        """
        own = frame - self._shot.lead_frames
        last = self._shot.own_frames - 1
        within = (min(own, last) + _HALF) / self._fps
        if own < 0:
            return max(Fraction(0), self._trim + within)
        if own <= last:
            return self._trim + within % self._play
        return self._trim + min(within % self._play + (own - last) / self._fps, self._play)

    def close(self) -> None:
        """Leave the clip to whoever reads on."""
        if self._reader is not None:
            self._readers.give_back(self._file, self._reader)
            self._reader = None
