"""Clips decoded to BT.709 limited-range planes, by time, in order or not."""

from fractions import Fraction
from pathlib import Path
from typing import Self

import av
import cv2
import numpy as np
from av.error import FFmpegError
from av.video.reformatter import ColorRange, Colorspace

from .planes import Plane, Yuv, view_of
from .probe import UnreadableFile, open_container, shown_size

#: AVColorSpace numbers that mean BT.709.
_BT709 = 1
#: AVColorSpace number of a stream that does not say.
_UNSPECIFIED = 2
#: Above this height an untagged stream is BT.709, below it BT.601, as players assume.
_HD_LINES = 576
#: Seconds that are decoded forward rather than sought.
_SEEK_BEYOND_SECONDS = Fraction(3)
#: Seconds before the wanted time that are tried in turn: some containers land behind the time that is sought.
_BACK_SECONDS = (0, 1, 2, 4, 8, 16)
#: Demuxers whose times after a seek differ from those when reading on: MPEG program streams.
_NEVER_SOUGHT = frozenset({"mpeg"})
_ROTATIONS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}


class VideoReader:
    """The pictures of a clip by time; holds one decoded frame. Used by one thread at a time."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._container = open_container(file)
        self._current: av.VideoFrame | None = None
        self._next: av.VideoFrame | None = None
        self._planes: Yuv | None = None
        self._open()

    def _open(self) -> None:
        """Stand at the first picture."""
        self._stream = self._container.streams.video[0]
        self._stream.codec_context.thread_count = 1
        self._time_base = self._stream.time_base or Fraction(1, 1000)
        self._start = (self._stream.start_time or 0) * self._time_base
        self._begin()
        if self._current is None:
            raise UnreadableFile("its pictures cannot be decoded", self._file)

    def _begin(self) -> None:
        """Decode the first two pictures from where the container stands."""
        self._frames = self._container.decode(self._stream)
        self._next = self._decode()
        self._advance()

    def at(self, time: Fraction) -> Yuv:
        """Return the picture that shows `time` seconds after the clip's start; past its end the last one.

        The planes belong to the reader until the next call.

        Raises:
            UnreadableFile: the clip is damaged there.
        """
        shown = self._time_of(self._current)
        if time < shown or time > shown + _SEEK_BEYOND_SECONDS:
            self._seek(time)
        while self._next is not None and self._time_of(self._next) <= time:
            self._advance()
        if self._planes is None:
            assert self._current is not None
            self._planes = _planes_of(self._current)
        return self._planes

    @property
    def position(self) -> Fraction:
        """Seconds from the clip's start at which the current picture shows first."""
        return self._time_of(self._current)

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height in square pixels, upright."""
        assert self._current is not None
        return shown_size(self._stream, self._current)

    def _time_of(self, frame: av.VideoFrame | None) -> Fraction:
        if frame is None or frame.pts is None or frame.time_base is None:
            return Fraction(-1)
        return frame.pts * frame.time_base - self._start

    def _seek(self, time: Fraction) -> None:
        """Stand at a picture that is shown at a time or before, as one would by reading on from the start."""
        if self._container.format.name not in _NEVER_SOUGHT:
            for back in _BACK_SECONDS:
                if time - back <= 0:
                    break
                self._container.seek(int((time - back + self._start) / self._time_base), stream=self._stream)
                self._begin()
                if self._current is not None and self._time_of(self._current) <= time:
                    return
        self._container.close()
        self._container = open_container(self._file)
        self._open()

    def _advance(self) -> None:
        self._current, self._next, self._planes = self._next, self._decode(), None

    def _decode(self) -> av.VideoFrame | None:
        try:
            return next(self._frames, None)
        except FFmpegError as error:
            raise UnreadableFile(f"damaged: {error.strerror}", self._file) from error

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _planes_of(frame: av.VideoFrame) -> Yuv:
    picture = view_of(_normalised(frame))
    turn = _ROTATIONS.get(round(frame.rotation / 90) * 90 % 360)
    if turn is None:
        return picture
    return Yuv(*(_plane(cv2.rotate(plane, turn)) for plane in picture))


def _normalised(frame: av.VideoFrame) -> av.VideoFrame:
    """Convert to 8-bit 4:2:0 BT.709 limited range, where it is not that already."""
    untagged = frame.colorspace == _UNSPECIFIED
    is_709 = frame.colorspace == _BT709 or (untagged and frame.height > _HD_LINES)
    full_range = frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj")
    if frame.format.name == "yuv420p" and is_709 and not full_range:
        return frame
    is_rgb = frame.format.is_rgb
    return frame.reformat(
        format="yuv420p",
        src_colorspace=Colorspace.ITU709 if is_709 or is_rgb else Colorspace.ITU601,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG if full_range or is_rgb else ColorRange.MPEG,
        dst_color_range=ColorRange.MPEG,
        interpolation="BICUBIC",
    )


def _plane(array: object) -> Plane:
    return np.asarray(array, dtype=np.uint8)
