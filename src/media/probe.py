"""What a media file is, told from its header and its ends, before anything is decoded in full."""

import hashlib
import struct
import warnings
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream
from PIL import Image, UnidentifiedImageError

#: Demuxers that a clip or a sound may use. Playlists and concatenations open other files and are refused.
SAFE_FORMATS = frozenset(
    (
        *("mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "avi", "mpegts", "mpeg", "mpegvideo"),
        *("flv", "asf", "ogg", "wav", "w64", "aiff", "flac", "mp3", "aac", "gif", "nut", "caf", "amr"),
    )
)
#: Nothing but the file itself is opened, and opening decodes no picture: a keyframe takes 50 ms, and what it
#: would tell (rate, pixel format) is read from the first frame that is wanted anyway.
QUICK_OPEN = {"skip_frame": "all", "fpsprobesize": "0"}
_OPTIONS = {"protocol_whitelist": "file", "enable_drefs": "0"} | QUICK_OPEN
#: Transfer functions of HDR pictures, by the numbers of ITU-T H.273: PQ and HLG.
HDR_TRANSFERS = frozenset({16, 18})


class UnreadableFile(ValueError):
    """A file that is not what it claims to be; the message is the reason, for people."""

    def __init__(self, reason: str, file: Path | None = None) -> None:
        super().__init__(reason)
        self.file = file


class TooManyPixels(UnreadableFile):
    """A picture larger than the limit."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__(f"{width} x {height} pixels")


class PictureFacts(NamedTuple):
    """A picture file as it is meant to be seen, EXIF orientation applied."""

    width: int
    height: int
    frames: int


class VideoFacts(NamedTuple):
    """A clip as it is meant to be seen, rotation and pixel aspect applied."""

    width: int
    height: int
    duration_ms: int
    has_sound: bool


def sha256_of(file: Path) -> str:
    """Hash the bytes of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def open_container(file: Path) -> InputContainer:
    """Open a clip or a sound with the safe demuxers only.

    Raises:
        UnreadableFile: no such container, or one that would open other files.
    """
    try:
        container = av.open(str(file), options=_OPTIONS)
    except FFmpegError as error:
        raise UnreadableFile(_open_reason(file, error)) from error
    if not SAFE_FORMATS & set(container.format.name.split(",")):
        container.close()
        raise UnreadableFile(f"the format {container.format.name!r} is not accepted")
    return container


def _open_reason(file: Path, error: FFmpegError) -> str:
    if file.stat().st_size == 0:
        return "the file is empty"
    return f"not a film or sound that can be read ({error.strerror})"


def probe_picture(file: Path, max_pixels: int) -> PictureFacts:
    """Read a picture's header.

    Raises:
        TooManyPixels: more than `max_pixels` in one frame.
        UnreadableFile: not a picture.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(file)
    except Image.DecompressionBombError as error:
        raise TooManyPixels(*_png_size(file)) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise UnreadableFile("the file is empty" if file.stat().st_size == 0 else "not a picture") from error
    with picture:
        width, height = picture.size
        if width * height > max_pixels:
            raise TooManyPixels(width, height)
        if picture.getexif().get(0x0112, 1) >= 5:
            width, height = height, width
        return PictureFacts(width, height, getattr(picture, "n_frames", 1))


def _png_size(file: Path) -> tuple[int, int]:
    """Read width and height of a PNG's IHDR; (0, 0) for other formats."""
    with file.open("rb") as opened:
        head = opened.read(24)
    return struct.unpack(">II", head[16:24]) if head[:8] == b"\x89PNG\r\n\x1a\n" else (0, 0)


def probe_video(file: Path, max_pixels: int) -> VideoFacts:
    """Read a clip's header, its first picture and its last packet.

    Raises:
        TooManyPixels: more than `max_pixels` in one frame.
        UnreadableFile: no pictures in it, cut off, damaged, or HDR.
    """
    with open_container(file) as container:
        if not container.streams.video:
            raise UnreadableFile("there is no picture in it")
        stream = container.streams.video[0]
        if stream.width * stream.height > max_pixels:
            raise TooManyPixels(stream.width, stream.height)
        _refuse_truncated(stream, file)
        try:
            frame = next(container.decode(stream))
        except (FFmpegError, StopIteration) as error:
            raise UnreadableFile("its pictures cannot be decoded") from error
        if int(frame.color_trc) in HDR_TRANSFERS:
            raise UnreadableFile("HDR (PQ or HLG) is not supported: export the clip as SDR (BT.709)")
        width, height = shown_size(stream, frame)
        duration_ms = _duration_ms(container, stream)
        return VideoFacts(width, height, duration_ms, bool(container.streams.audio))


def shown_size(stream: VideoStream, frame: av.VideoFrame) -> tuple[int, int]:
    """Tell a clip's width and height in square pixels, turned upright."""
    aspect = stream.sample_aspect_ratio or Fraction(1)
    width, height = max(1, round(frame.width * aspect)), frame.height
    return (height, width) if frame.rotation % 180 else (width, height)


def _refuse_truncated(stream: VideoStream, file: Path) -> None:
    """Compare the container's own index with the file's length, where there is an index."""
    size_bytes = file.stat().st_size
    end = max((entry.pos + entry.size for entry in stream.index_entries), default=0)
    if end > size_bytes:
        raise UnreadableFile(f"cut off: its index reaches to byte {end}, the file ends at {size_bytes}")


def _duration_ms(container: InputContainer, stream: VideoStream) -> int:
    if stream.duration and stream.time_base:
        return max(1, round(stream.duration * stream.time_base * 1000))
    if container.duration:
        return max(1, container.duration // 1000)
    return _counted_duration_ms(container, stream)


def _counted_duration_ms(container: InputContainer, stream: VideoStream) -> int:
    """Walk the packets of a container without a duration in its header."""
    container.seek(0)
    ends = [
        (packet.pts + (packet.duration or 0)) * packet.time_base
        for packet in container.demux(stream)
        if packet.pts is not None
    ]
    if not ends:
        raise UnreadableFile("it has no duration")
    return max(1, round(max(ends) * 1000))
