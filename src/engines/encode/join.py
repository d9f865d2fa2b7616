"""Segments and sound joined into one film at packet level: nothing is encoded again."""

import heapq
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from ...errors import RenderFailed
from ...media.probe import QUICK_OPEN
from ...models.timeline import SAMPLE_RATE, Timeline

AnyPacket: TypeAlias = "Packet[VideoStream] | Packet[AudioStream]"

#: Ticks of a frame in the film's track; divisible by what players and editors like to divide by.
_TICKS_A_FRAME = 512
#: Frames by which decoding runs ahead of showing: what x264's pyramid of B-frames needs.
_DELAY_FRAMES = 2


def join(segments: Sequence[Path], sound: Path, timeline: Timeline, film: Path) -> None:
    """Write the film: the segments' pictures in order beside the sound, index first (faststart).

    Raises:
        RenderFailed: a segment has other encoder headers than the first, or a frame is missing.
    """
    # The movie's clock counts samples, so that no edit list has to round where the sound ends.
    options = {"movflags": "+faststart", "fflags": "+bitexact", "movie_timescale": str(SAMPLE_RATE)}
    with (
        av.open(str(film), "w", format=timeline.container, options=options) as output,
        av.open(str(segments[0]), options=QUICK_OPEN) as first,
        av.open(str(sound)) as heard,
    ):
        first_video = first.streams.video[0]
        video = output.add_stream_from_template(first_video)
        audio = output.add_stream_from_template(heard.streams.audio[0])
        video.time_base = Fraction(1, _TICKS_A_FRAME) / timeline.fps
        headers = bytes(first_video.codec_context.extradata or b"")
        pictures = _video_packets(segments, headers, timeline, video)
        tracks = (pictures, _audio_packets(heard, audio))
        for packet in heapq.merge(*tracks, key=_decode_seconds):
            output.mux(packet)


def _decode_seconds(packet: AnyPacket) -> float:
    dts, time_base = packet.dts, packet.time_base  # each is made anew for whoever asks
    assert dts is not None
    assert time_base is not None
    return dts * time_base.numerator / time_base.denominator


def _video_packets(
    segments: Sequence[Path], headers: bytes, timeline: Timeline, stream: VideoStream
) -> Iterator[AnyPacket]:
    """Move each segment's packets to their place in the film.

    Frames last equally long, so the decode time of a packet is its number less a constant delay.
    """
    written, start_frame = 0, 0
    time_base = Fraction(1, _TICKS_A_FRAME) / timeline.fps
    for file in segments:
        with av.open(str(file), options=QUICK_OPEN) as container:
            source = container.streams.video[0]
            if bytes(source.codec_context.extradata or b"") != headers:
                raise RenderFailed(
                    f"{file.name} was encoded with other settings than the film's first segment"
                )
            assert source.time_base is not None
            frame_ticks = float(1 / (timeline.fps * source.time_base))
            for packet in container.demux(source):
                if packet.pts is None:
                    continue
                packet.pts = (start_frame + round(packet.pts / frame_ticks)) * _TICKS_A_FRAME
                packet.dts = (written - _DELAY_FRAMES) * _TICKS_A_FRAME
                packet.duration = _TICKS_A_FRAME
                packet.time_base = time_base
                packet.stream = stream
                written += 1
                yield packet
        start_frame = written
    if written != timeline.frames:
        raise RenderFailed(f"the segments hold {written} frames, the film needs {timeline.frames}")


def _audio_packets(heard: InputContainer, stream: AudioStream) -> Iterator[AnyPacket]:
    for packet in heard.demux(audio=0):
        if packet.dts is not None:
            packet.stream = stream
            yield packet
