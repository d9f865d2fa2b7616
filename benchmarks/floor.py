"""The floor: x264 alone on the finished frames of the film, nothing else.

Run as `python -m benchmarks.floor RAW FILM SETTINGS`; only this process is measured. Frames are read
into one buffer and handed to x264 where they lie. Either the whole film goes through one encoder, or, as the
renderer does it, each of its segments through one of its own, several at the same time.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, NamedTuple

import av
import numpy as np


class FloorSettings(NamedTuple):
    """Everything that decides what x264 does."""

    width: int
    height: int
    fps: str
    preset: str
    crf: int
    x264_params: str
    segments: list[int]
    """Frames of each segment; together they are the film."""
    at_once: int
    """Segments that are encoded at the same time, each with one thread."""


class Encoded(NamedTuple):
    """What came out of one encoder."""

    frames: int
    size_bytes: int


def encode(raw: Path, film: Path, settings: FloorSettings) -> Encoded:
    """Encode raw yuv420p frames, segment by segment, each into a file beside `film`."""
    starts = [sum(settings.segments[:number]) for number in range(len(settings.segments))]
    with ThreadPoolExecutor(settings.at_once) as pool:
        parts = list(
            pool.map(lambda number: _encode_one(raw, film, settings, starts, number), range(len(starts)))
        )
    return Encoded(sum(part.frames for part in parts), sum(part.size_bytes for part in parts))


def _encode_one(raw: Path, film: Path, settings: FloorSettings, starts: list[int], number: int) -> Encoded:
    frame_bytes = settings.width * settings.height * 3 // 2
    file = film.with_stem(f"{film.stem}-{number}")
    with raw.open("rb", buffering=0) as frames:
        frames.seek(starts[number] * frame_bytes)
        return _encode_frames(frames, settings.segments[number], file, settings)


def _encode_frames(frames: BinaryIO, count: int, file: Path, settings: FloorSettings) -> Encoded:
    # x264 copies what it is given, so one buffer serves all frames.
    pixels = np.empty((settings.height * 3 // 2, settings.width), np.uint8)
    fps, size_bytes, written = Fraction(settings.fps), 0, 0
    with av.open(file, "w", format="mp4", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = settings.width, settings.height, "yuv420p"
        stream.codec_context.thread_count = 1
        stream.options = {
            "preset": settings.preset,
            "crf": str(settings.crf),
            "profile": "high",
            "x264-params": settings.x264_params,
        }
        for number in range(count):
            if frames.readinto(pixels.data) != pixels.nbytes:  # type: ignore[attr-defined]  # a raw file has it
                break
            frame = av.VideoFrame.from_numpy_buffer(pixels, "yuv420p")
            frame.pts, frame.time_base = number, 1 / fps
            packets = stream.encode(frame)
            size_bytes += sum(packet.size for packet in packets)
            container.mux(packets)
            written += 1
        packets = stream.encode(None)
        container.mux(packets)
    return Encoded(written, size_bytes + sum(packet.size for packet in packets))


def main(raw: str, film: str, settings: str) -> None:
    """Encode, and print frames, bytes, and CPU seconds without the start of the interpreter."""
    before = time.process_time()
    encoded = encode(Path(raw), Path(film), FloorSettings(**json.loads(settings)))
    told = encoded._asdict() | {"encode_cpu_s": time.process_time() - before}
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
