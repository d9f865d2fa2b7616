"""What a media file is, told from its header and its ends, before anything is decoded in full."""

import errno
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
from PIL import Image

#: Demuxers that a clip or a sound may use. Playlists and concatenations open other files and are refused.
SAFE_FORMATS = frozenset(
    (
        *("mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "avi", "mpegts", "mpeg", "mpegvideo"),
        *(
            "ac3",
            "eac3",
            "au",
            "wv",
            "flv",
            "asf",
            "ogg",
            "wav",
            "w64",
            "aiff",
            "flac",
            "mp3",
            "aac",
            "gif",
            "nut",
            "caf",
            "amr",
        ),
    )
)
#: Nothing but the file itself is opened, and opening decodes no picture: a keyframe takes 50 ms, and what it
#: would tell (rate, pixel format) is read from the first frame that is wanted anyway.
QUICK_OPEN = {"skip_frame": "all", "fpsprobesize": "0"}
_SAFE_OPEN = {
    "protocol_whitelist": "file",
    "enable_drefs": "0",
    # Checked again after opening, but a concatenation would have touched its files by then.
    "format_whitelist": ",".join(sorted(SAFE_FORMATS)),
}
#: Bytes in which FFmpeg looks for other codecs hidden in a WAV file; its own 5 MB cost 20 ms of CPU a file.
_WAV_PROBE_BYTES = 65_536
#: Transfer functions of HDR pictures, by the numbers of ITU-T H.273: PQ and HLG.
HDR_TRANSFERS = frozenset({16, 18})
#: Decoders of pictures that a file is tried with; that of JPEG opens MPO too. Others of Pillow's start
#: programs: EPS runs Ghostscript. Those that Pillow loads first stand first.
PICTURE_FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF")
#: Formats whose further frames are an animation; those of a TIFF are pages, those of an MPO other views.
ANIMATED_FORMATS = frozenset({"GIF", "WEBP", "PNG"})
#: EXIF tag of the orientation; 1 is upright, from 5 on width and height are swapped.
ORIENTATION = 0x0112
#: What Pillow raises at a damaged picture, by the decoder and by the place of the damage.
PICTURE_DAMAGES = (
    *(OSError, EOFError, SyntaxError, ValueError, TypeError, LookupError),
    *(struct.error, Image.DecompressionBombError),
)


class UnreadableFile(ValueError):
    """A file that is not what it claims to be; the message is the reason, for people."""

    def __init__(self, reason: str, file: Path | None = None) -> None:
        super().__init__(reason)
        self.file = file


class TooManyPixels(UnreadableFile):
    """A picture larger than the limit; a size of 0 x 0 is one too large for its header to be read."""

    def __init__(self, width: int, height: int) -> None:
        known = width > 0 and height > 0
        super().__init__(f"{width} x {height} pixels" if known else "far more pixels")


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


def open_container(file: Path, *, quick: bool = True) -> InputContainer:
    """Open a clip or a sound with the safe demuxers only.

    A `quick` opening does not tell when each track starts.

    Raises:
        UnreadableFile: no such container, or one that would open other files.
    """
    try:
        # Old WAV files have tags in Latin-1, which are nothing to fail for.
        container = av.open(str(file.resolve()), options=_open_options(file, quick), metadata_errors="ignore")
    except FFmpegError as error:
        raise UnreadableFile(_open_reason(file, error), file) from error
    if not SAFE_FORMATS & set(container.format.name.split(",")):
        container.close()
        raise UnreadableFile(f"the format {container.format.name!r} is not accepted", file)
    return container


def _open_options(file: Path, quick: bool) -> dict[str, str]:
    options = _SAFE_OPEN | QUICK_OPEN if quick else _SAFE_OPEN
    if file.suffix.lower() == ".wav":
        return options | {"probesize": str(_WAV_PROBE_BYTES)}
    return options


def _open_reason(file: Path, error: FFmpegError) -> str:
    if not file.is_file():
        return "there is no such file"
    if file.stat().st_size == 0:
        return "the file is empty"
    if error.errno == errno.EINVAL:
        return "its format is not accepted: bring MP4, MOV, MKV, WebM, WAV, MP3, FLAC or the like"
    return f"not a film or sound that can be read ({error.strerror})"


def probe_picture(file: Path, max_pixels: int) -> PictureFacts:
    """Read a picture's header.

    Raises:
        TooManyPixels: more than `max_pixels` in one frame.
        UnreadableFile: not a picture, or one with a damaged header.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(file, formats=PICTURE_FORMATS)
    except Image.DecompressionBombError as error:
        raise TooManyPixels(*_stored_size(file)) from error
    except PICTURE_DAMAGES as error:
        reason = "the file is empty" if file.is_file() and file.stat().st_size == 0 else "not a picture"
        raise UnreadableFile(reason, file) from error
    with picture:
        width, height = picture.size
        if width * height > max_pixels:
            raise TooManyPixels(width, height)
        try:
            if picture.getexif().get(ORIENTATION, 1) >= 5:
                width, height = height, width
            return PictureFacts(width, height, frame_count(picture))
        except PICTURE_DAMAGES as error:
            raise UnreadableFile(f"damaged: {error}", file) from error


def frame_count(picture: Image.Image) -> int:
    """Count the frames of an animation; anything else is one picture, however many it holds."""
    return int(getattr(picture, "n_frames", 1)) if picture.format in ANIMATED_FORMATS else 1


def _stored_size(file: Path) -> tuple[int, int]:
    """Read width and height from the header of a PNG or BMP; (0, 0) for other formats."""
    with file.open("rb") as opened:
        head = opened.read(26).ljust(26, b"\0")
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        width, height = struct.unpack_from(">II", head, 16)
    elif head.startswith(b"BM"):
        # The first header of OS/2 is 12 bytes long and has 16-bit sizes; a negative height means top down.
        is_os2 = head[14] == 12
        width, height = struct.unpack_from("<HH" if is_os2 else "<ii", head, 18)
    else:
        width, height = 0, 0
    return abs(width), abs(height)


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
    """Tell how long the pictures last; a container's own duration is that of its longest track."""
    whole_ms = (container.duration or 0) // 1000
    if stream.duration and stream.time_base:
        duration_ms = round(stream.duration * stream.time_base * 1000)
        # FFmpeg gives a track without a duration that of the container. MP4 and MOV always have one a track.
        alone = len(container.streams) == 1 or "mov" in container.format.name
        if alone or abs(duration_ms - whole_ms) > 1:
            return max(1, duration_ms)
    counted_ms = _counted_duration_ms(container, stream)
    if counted_ms is not None:
        return max(1, counted_ms)
    if whole_ms:
        return whole_ms
    raise UnreadableFile("it has no duration")


def _counted_duration_ms(container: InputContainer, stream: VideoStream) -> int | None:
    """Walk the packets, decoding none, to the end of the last picture; None without any times."""
    durations: dict[int, int] = {}
    try:
        container.seek(0)
        for packet in container.demux(stream):
            time = packet.dts if packet.pts is None else packet.pts
            if time is not None:
                durations[time] = packet.duration or 0
    except FFmpegError as error:
        raise UnreadableFile(f"damaged: {error.strerror}") from error
    if not durations or stream.time_base is None:
        return None
    # Packets come in the order of decoding, hence sorted.
    times = sorted(durations)
    # A last picture that does not say how long it lasts is taken to last as long as the one before.
    end = times[-1] + (durations[times[-1]] or times[-1] - times[max(0, len(times) - 2)])
    return round((end - (stream.start_time or 0)) * stream.time_base * 1000)
