"""The finished film, opened again and held against its plan before anybody gets it."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream

from ...errors import FilmRejected
from ...media.colour import yuv_of_rgb
from ...media.loudness import Loudness
from ...media.planes import view_of
from ...media.probe import QUICK_OPEN
from ...models.sound_plan import AudioPlan
from ...models.timeline import ColorSource, Shot, Timeline
from .segments import BT709, LIMITED
from .watch import BLACK_LUMA, Stretch, Thumbnails, black_stretches, frozen_stretches, thumbnail

#: Mean difference of luma between a composed frame and its decoded self that no encoder setting explains.
_MAX_LUMA_DRIFT = 14.0
#: Keyframes that are decoded; one takes longer than composing three frames.
_MOST_COMPARED = 6
#: Loudness error that is told; a listener notices about 1 LU.
_LOUDNESS_TOLERANCE_LU = 0.5
#: Seconds of black, and of standing still, that people take for a fault.
_BLACK_SECONDS, _FROZEN_SECONDS = 1, 6


def inspect(film: Path, timeline: Timeline, thumbnails: Thumbnails) -> tuple[str, ...]:
    """Check streams, tags, size, times, index and pictures of a film; return what a person should know.

    `thumbnails` are those of the frames as they were composed, (frames, 256) uint8. Some of the frames that
    can be decoded by themselves, spread over the film, are decoded and compared.

    Raises:
        FilmRejected: naming the first thing that is wrong.
    """
    _check_index_first(film)
    with av.open(str(film), options=QUICK_OPEN) as container:
        _check_streams(container, timeline)
        _check_times(container, timeline)
        container.seek(0)
        _check_pictures(container, timeline, thumbnails)
    return _stretch_warnings(timeline, thumbnails)


def check_loudness(audio: AudioPlan, measured: Loudness) -> tuple[str, ...]:
    """Hold what the finished sound measures against its plan; return what a person should know.

    A loudness that the true peak does not allow is missed on the quiet side: a single click in silence has
    no loudness of its own.

    Raises:
        FilmRejected: the true peak is above its limit.
    """
    peak_db, target_lufs = audio.true_peak_mdb / 1000, audio.target_mlufs / 1000
    _require(measured.true_peak_db <= peak_db, f"its true peak is {measured.true_peak_db:.2f} dBTP")
    if measured.is_silence or abs(measured.lufs - target_lufs) <= _LOUDNESS_TOLERANCE_LU:
        return ()
    return (
        f"the sound measures {measured.lufs:.1f} LUFS instead of {target_lufs:.1f}: its peaks allow no more",
    )


def _require(condition: bool, what: str) -> None:
    if not condition:
        raise FilmRejected(f"the finished film is wrong: {what}")


def _check_index_first(film: Path) -> None:
    """Walk the top-level boxes of an ISO base media file until the index or the data comes."""
    size_bytes = film.stat().st_size
    with film.open("rb") as opened:
        place = 0
        while place + 8 <= size_bytes:
            opened.seek(place)
            head = opened.read(16)
            length, kind = int.from_bytes(head[:4], "big"), head[4:8]
            if kind == b"moov":
                return
            _require(kind != b"mdat", "its index stands behind the data (no faststart)")
            place += int.from_bytes(head[8:16], "big") if length == 1 else length
            _require(length != 0, "a box of it has no length")
    raise FilmRejected("the finished film is wrong: it has no index")


def _check_streams(container: InputContainer, timeline: Timeline) -> None:
    _require(len(container.streams.video) == 1 and len(container.streams.audio) == 1, "its streams")
    video = container.streams.video[0]
    context = video.codec_context
    _require((context.width, context.height) == (timeline.width, timeline.height), "its frame size")
    _require(
        context.name == "h264" and context.profile == "High", f"its codec {context.name} {context.profile}"
    )
    tags = (context.color_primaries, context.color_trc, context.colorspace)
    _require(tags == (BT709,) * 3 and context.color_range == LIMITED, "its colour tags")
    _require(video.average_rate == timeline.fps, f"its frame rate {video.average_rate}")
    audio = container.streams.audio[0].codec_context
    _require((audio.name, audio.sample_rate, audio.channels) == ("aac", 48_000, 2), "its sound format")


def _check_times(container: InputContainer, timeline: Timeline) -> None:
    """Require every planned frame exactly once, and sound and picture to end together."""
    frame = 1 / timeline.fps
    video, audio = container.streams.video[0], container.streams.audio[0]
    shown: list[int] = []
    sound_end = Fraction(0)
    for packet in container.demux(video, audio):
        if packet.pts is None or packet.time_base is None:
            continue
        if packet.stream is video:
            shown.append(round(packet.pts * packet.time_base / frame))
        else:
            sound_end = max(sound_end, _end(packet))
    _require(
        sorted(shown) == list(range(timeline.frames)), f"it has {len(shown)} of {timeline.frames} frames"
    )
    picture_end = timeline.frames * frame
    _require(abs(sound_end - picture_end) <= frame, f"sound ends at {float(sound_end):.3f} s")


def _end(packet: "Packet[Stream]") -> Fraction:
    assert packet.pts is not None
    assert packet.time_base is not None
    return (packet.pts + (packet.duration or 0)) * packet.time_base


def _check_pictures(container: InputContainer, timeline: Timeline, thumbnails: Thumbnails) -> None:
    video = container.streams.video[0]
    keyframes = [packet for packet in container.demux(video) if packet.is_keyframe]
    compared = keyframes[:: -(-len(keyframes) // _MOST_COMPARED)]
    context = video.codec_context
    decoded = [frame for packet in (*compared, None) for frame in context.decode(packet)]
    _require(len(decoded) == len(compared), "a keyframe of it cannot be decoded")
    for packet, frame in zip(compared, decoded, strict=True):
        assert packet.pts is not None
        _require(frame.format.name == "yuv420p", f"its pixel format {frame.format.name}")
        index = round(packet.pts * packet.time_base * timeline.fps)
        drift = np.abs(thumbnail(view_of(frame).y).astype(int) - thumbnails[index]).mean()
        _require(bool(drift <= _MAX_LUMA_DRIFT), f"frame {index} is not the picture that was composed")


def _stretch_warnings(timeline: Timeline, thumbnails: Thumbnails) -> tuple[str, ...]:
    fps = timeline.fps
    black = black_stretches(thumbnails, int(_BLACK_SECONDS * fps))
    frozen = frozen_stretches(thumbnails, int(_FROZEN_SECONDS * fps))
    told = [("is black", stretch) for stretch in black if not _asked_for(timeline, stretch, dark=True)]
    told += [("stands still", stretch) for stretch in frozen if not _asked_for(timeline, stretch, dark=False)]
    return tuple(
        f"the picture {what} from {float(stretch.start_frame / fps):.1f} s"
        f" for {float(stretch.frames / fps):.1f} s"
        for what, stretch in told
    )


def _asked_for(timeline: Timeline, stretch: Stretch, *, dark: bool) -> bool:
    """Whether every shot of the stretch is one that is dark, or still, by itself."""
    end = stretch.start_frame + stretch.frames
    seen = [
        s for s in timeline.shots if s.start_frame < end and s.start_frame + s.frames > stretch.start_frame
    ]
    return all(_is_dark(shot) if dark else _is_still(shot) for shot in seen)


def _is_dark(shot: Shot) -> bool:
    return isinstance(shot.source, ColorSource) and yuv_of_rgb(shot.source.color)[0] <= BLACK_LUMA


def _is_still(shot: Shot) -> bool:
    """Computed backgrounds count as still: where they are dark, the few places looked at may not change."""
    if shot.source.kind in {"video", "moviepy"}:
        return False
    return shot.source.kind != "image" or shot.camera_start == shot.camera_end
