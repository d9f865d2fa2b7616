"""Scripts of Advanced SubStation Alpha drawn by libass, in the ffmpeg that the imageio-ffmpeg wheel brings.

Each frame is drawn twice, over black and over white: what ffmpeg draws over a transparent canvas has the
alpha of translucent colours squared. Over black the picture is premultiplied; how far white is darkened more
than black is lightened is its alpha.
"""

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, Self, cast

import av
import cv2
import imageio_ffmpeg
import numpy as np
from av.error import FFmpegError

from ..errors import RejectedJob, RenderFailed
from .colour import Rgb8
from .planes import Plane
from .script_fonts import CONFIGURATION

_log = logging.getLogger(__name__)

#: Seconds that one drawing may be waited for, and more for each of its frames: a hundred times what is usual.
_MOST_SECONDS, _MOST_SECONDS_A_FRAME = 20.0, 0.5
#: Seconds in which white is drawn once.
_MOST_SECONDS_OF_WHITE = 20.0
#: Most memory of the drawing program, and more for each pixel: a stranger's drawings may ask for any.
_MOST_BYTES, _MOST_BYTES_A_PIXEL = 2 * 1024**3, 200
_SCRIPT, _COMPLAINTS = "script.ass", "complaints.txt"
#: Frames leave as they are drawn: the output cannot be gone back in.
_AS_A_STREAM = "empty_moov+default_base_moof+frag_every_frame"
#: What newer programs draw black with, and how far white is above it.
_LIMITED_BLACK, _LIMITED_SPAN = 16, 219
#: A white square.
_WHITE = """\
[Script Info]
PlayResX: 16
PlayResY: 16
[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Outline, Shadow, Alignment
Style: A,Inter,9,&H00FFFFFF,0,0,7
[Events]
Format: Start, End, Style, Text
Dialogue: 0:00:00.00,0:00:09.00,A,{\\pos(0,0)\\p1}m 0 0 l 16 0 16 16 0 16
"""
#: Microseconds between a frame over black and the same over white: frames need an order.
_APART_US = 100


class ScriptNotDrawn(RejectedJob):
    """The captions of a script could not be drawn."""

    code = "captions_not_drawn"

    def __init__(self, reason: str) -> None:
        super().__init__(f"the captions cannot be drawn: {reason}", path="captions.src")


class Canvas(NamedTuple):
    """The frames of a script's own clock that are drawn."""

    width: int
    height: int
    fps: Fraction
    frames: Sequence[int]
    """In order, none negative."""


class Drawing(NamedTuple):
    """What is drawn on one frame; a picture of 0 pixels where that is nothing."""

    x: int
    """Of its left top corner, even as `y`."""
    y: int
    rgba: Rgb8
    """(H, W, 4), premultiplied; H and W are even."""


_NOTHING = Drawing(0, 0, np.empty((0, 0, 4), np.uint8))


class ScriptDrawings:
    """Draws the frames of a script one after the other, in a process of its own; used by one thread."""

    def __init__(self, script: str, fonts: Path, canvas: Canvas) -> None:
        """Start drawing; `fonts` is a folder that `gather_fonts` made."""
        self._canvas = canvas
        self._timed_out = threading.Event()
        self._folder = TemporaryDirectory(prefix="script-", dir=fonts)
        (Path(self._folder.name) / _SCRIPT).write_text(script, encoding="utf-8")
        program, configuration = imageio_ffmpeg.get_ffmpeg_exe(), (fonts / CONFIGURATION).absolute()
        self._is_limited = _draws_limited(program, configuration)
        command = drawing_command(program, canvas)
        _log.debug("drawing_started", extra={"command": subprocess.list2cmdline(command)})
        with (Path(self._folder.name) / _COMPLAINTS).open("wb") as complaints:
            self._process = subprocess.Popen(
                command,
                cwd=self._folder.name,
                env={"FONTCONFIG_FILE": str(configuration)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=complaints,
            )
        _bound_memory(self._process.pid, _MOST_BYTES + _MOST_BYTES_A_PIXEL * canvas.width * canvas.height)
        self._left_seconds = _MOST_SECONDS + _MOST_SECONDS_A_FRAME * len(canvas.frames)

    def drawings(self) -> Iterator[Drawing]:
        """Give what is drawn on each frame that was asked for.

        Raises:
            ScriptNotDrawn: the program takes too long, or fails.
        """
        count, frames = 0, self._frames()
        try:
            while frame := self._waited_for(frames):
                yield _drawing(frame, self._canvas.width, is_limited=self._is_limited)
                count += 1
        except (FFmpegError, OSError) as error:
            raise self._failure() from error
        if count != len(self._canvas.frames):
            raise self._failure()

    def _frames(self) -> Iterator[av.VideoFrame]:
        with av.open(self._process.stdout, "r", format="mov") as container:
            yield from container.decode(video=0)

    def _waited_for(self, frames: Iterator[av.VideoFrame]) -> av.VideoFrame | None:
        """Take the next frame; only waiting for it counts, not what is done with the frames between."""
        watch, started = threading.Timer(self._left_seconds, self._end_late), time.monotonic()
        watch.daemon = True
        watch.start()
        try:
            return next(frames, None)
        finally:
            watch.cancel()
            self._left_seconds -= time.monotonic() - started

    def _failure(self) -> ScriptNotDrawn:
        if self._timed_out.is_set():
            return ScriptNotDrawn("it takes too long: leave out blurs, clips and drawings of many points")
        self._process.kill()
        complaints = (Path(self._folder.name) / _COMPLAINTS).read_bytes()[-400:].decode("utf-8", "replace")
        _log.warning("drawing_failed", extra={"status": self._process.wait(), "complaints": complaints})
        return ScriptNotDrawn("the drawing program ended; leave out blurs, clips and large drawings")

    def _end_late(self) -> None:
        self._timed_out.set()
        self._process.kill()

    def close(self) -> None:
        """End the process and remove its files."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@lru_cache(maxsize=1)
def _draws_limited(program: str, configuration: Path) -> bool:
    """Find out whether white is drawn as 235, as newer programs do, or as 255."""
    graph = f"color=black:size=16x16,format=rgb24,ass=filename={_SCRIPT}"
    output = ("-frames:v", "1", "-f", "rawvideo", "pipe:1")
    command = [program, "-hide_banner", "-nostdin", "-loglevel", "error", "-filter_complex", graph, *output]
    with TemporaryDirectory(prefix="script-", dir=configuration.parent) as folder:
        (Path(folder) / _SCRIPT).write_text(_WHITE, encoding="utf-8")
        try:
            drawn = subprocess.run(
                command,
                cwd=folder,
                env={"FONTCONFIG_FILE": str(configuration)},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_MOST_SECONDS_OF_WHITE,
                check=True,
            ).stdout
        except (OSError, subprocess.SubprocessError) as error:
            raise RenderFailed(f"the ffmpeg of imageio-ffmpeg does not draw captions: {error}") from error
    return max(drawn, default=0) < 255


def drawing_command(program: str, canvas: Canvas) -> list[str]:
    """Write the command that draws `script.ass` of its folder to its output, as QuickTime.

    Its run lengths cost little where most is empty, and next to nothing for equal frames.
    """
    return [
        *(program, "-hide_banner", "-nostdin", "-loglevel", "error", "-filter_complex_threads", "1"),
        *("-filter_complex", drawing_graph(canvas), "-fps_mode", "passthrough"),
        *("-c:v", "qtrle", "-g", "1000000", "-f", "mov", "-movflags", _AS_A_STREAM, "pipe:1"),
    ]


def drawing_graph(canvas: Canvas) -> str:
    """Write the filters: both canvases in turn through one libass, then side by side."""
    rate, frames = canvas.fps, canvas.frames
    first, count = frames[0], frames[-1] - frames[0] + 1
    wanted = "+".join(f"between(n\\,{start - first}\\,{end - first})" for start, end in _runs(frames))
    # libass counts milliseconds, cut off: half of one more keeps a frame on its side of them.
    ms = f"floor((N+{first})*{1000 * rate.denominator}/{rate.numerator}+0.000001)"

    def side(color: str, later_us: int) -> str:
        # What is drawn is full range only if the canvas says so.
        source = f"color={color}:size={canvas.width}x{canvas.height}:rate={rate.numerator}/{rate.denominator}"
        clock = f"settb=1/1000000,setpts={ms}*1000+{500 + later_us}"
        chain = f"trim=end_frame={count},format=rgb24,setrange=full,{clock},select={wanted}"
        return f"{source},{chain}[{color}]"

    both = "[black][white]interleave=nb_inputs=2"
    drawn = f"ass=filename={_SCRIPT},tile=layout=2x1,settb=1/25,setpts=N"
    return ";".join([side("black", 0), side("white", _APART_US), f"{both},{drawn}"])


def _runs(frames: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Join numbers that follow each other: first and last of each run."""
    start = before = frames[0]
    for frame in frames[1:]:
        if frame != before + 1:
            yield start, before
            start = frame
        before = frame
    yield start, before


def _drawing(frame: av.VideoFrame, width: int, *, is_limited: bool) -> Drawing:
    """Cut out what is drawn, and tell colour and coverage."""
    plane = frame.planes[0]
    rows = np.frombuffer(cast(memoryview, plane), np.uint8).reshape(frame.height, plane.line_size)
    both: Rgb8 = rows[:, : width * 6].reshape(frame.height, width * 2, 3)
    green = cv2.extractChannel(both, 1)
    alpha = cast(Plane, cv2.bitwise_not(cv2.subtract(green[:, width:], green[:, :width])))
    x, y, across, down = cv2.boundingRect(alpha)
    if not across or not down:
        return _NOTHING
    x, y, right, bottom = x & ~1, y & ~1, x + across + 1 & ~1, y + down + 1 & ~1
    part = np.s_[y:bottom, x:right]
    return Drawing(x, y, _rgba(both[:, :width][part], alpha[part], is_limited=is_limited))


def _rgba(drawn: Rgb8, alpha: Plane, *, is_limited: bool) -> Rgb8:
    """Put colour and coverage together; what is brighter than it covers is rounding."""
    covered = cv2.merge([alpha, alpha, alpha])
    rgb = drawn
    if is_limited:
        # Black is in what is drawn only, as much as that covers.
        rgb = cast(
            Rgb8, cv2.addWeighted(rgb, 255 / _LIMITED_SPAN, covered, -_LIMITED_BLACK / _LIMITED_SPAN, 0)
        )
    return cast(Rgb8, cv2.merge([*cv2.split(cv2.min(rgb, covered)), alpha]))


def _bound_memory(pid: int, most_bytes: int) -> None:
    if sys.platform == "linux":
        import resource

        resource.prlimit(pid, resource.RLIMIT_AS, (most_bytes, most_bytes))
