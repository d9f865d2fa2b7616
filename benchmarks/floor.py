"""The floor: x264 alone on the finished frames of the film, nothing else.

Run as `python -m benchmarks.floor RAW FILM SETTINGS`; only this process is measured. Frames are read
into one buffer and handed to x264 where they lie.
"""

import json
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

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
    threads: int
    """0 lets x264 choose."""


def encode(raw: Path, film: Path, settings: FloorSettings) -> int:
    """Encode raw yuv420p frames; returns their number."""
    # x264 copies what it is given, so one buffer serves all frames.
    pixels = np.empty((settings.height * 3 // 2, settings.width), np.uint8)
    number = 0
    fps = Fraction(settings.fps)
    with (
        raw.open("rb", buffering=0) as frames,
        av.open(film, "w", format="mp4", options={"fflags": "+bitexact"}) as container,
    ):
        stream = container.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = settings.width, settings.height, "yuv420p"
        stream.codec_context.thread_count = settings.threads
        stream.options = {
            "preset": settings.preset,
            "crf": str(settings.crf),
            "profile": "high",
            "x264-params": settings.x264_params,
        }
        while frames.readinto(pixels.data) == pixels.nbytes:
            frame = av.VideoFrame.from_numpy_buffer(pixels, "yuv420p")
            frame.pts, frame.time_base = number, 1 / fps
            container.mux(stream.encode(frame))
            number += 1
        container.mux(stream.encode(None))
    return number


def main(raw: str, film: str, settings: str) -> None:
    """Encode, and print the frames and the CPU seconds without the start of the interpreter."""
    before = time.process_time()
    frames = encode(Path(raw), Path(film), FloorSettings(**json.loads(settings)))
    print(json.dumps({"frames": frames, "encode_cpu_s": time.process_time() - before}))


if __name__ == "__main__":
    main(*sys.argv[1:])
