"""One segment's frames through x264 into a file that can be joined with others at packet level."""

from pathlib import Path
from types import TracebackType
from typing import Self

import av

from ...media.planes import Yuv, view_of
from ...models.segment import Segment

#: H.273 number of BT.709 for primaries, transfer and matrix alike.
BT709 = 1
#: AVColorRange number of limited range.
LIMITED = 1
#: x264 settings that make segments joinable and their bytes independent of the machine: one thread, no
#: references across an IDR frame, and an IDR frame at least every ten seconds of 30 fps. The 8x8 transform
#: makes the fastest preset High profile, too. Macroblock trees read memory that x264 has not written.
_X264_PARAMS = (
    "mbtree=0:open-gop=0:keyint=300:8x8dct=1:stitchable=1"
    ":colorprim=bt709:transfer=bt709:colormatrix=bt709:range=tv"
)


def x264_params(max_kbps: int) -> str:
    """Write what x264 is told besides its preset; pictures take `max_kbps` at most, in any second."""
    return f"{_X264_PARAMS}:vbv-maxrate={max_kbps}:vbv-bufsize={max_kbps}"


class SegmentEncoder:
    """Encodes frames in order; the caller draws each into `canvas` and then calls `write`."""

    def __init__(self, file: Path, segment: Segment) -> None:
        self._container = av.open(str(file), "w", format="mp4", options={"fflags": "+bitexact"})
        stream = self._container.add_stream("libx264", rate=segment.fps)
        stream.width, stream.height, stream.pix_fmt = segment.width, segment.height, "yuv420p"
        context = stream.codec_context
        context.thread_count = 1
        context.color_primaries = context.color_trc = context.colorspace = BT709
        context.color_range = LIMITED
        stream.options = {
            "preset": segment.encoder.preset,
            "crf": str(segment.encoder.crf),
            "profile": "high",
            "x264-params": x264_params(segment.encoder.max_kbps),
        }
        self._stream = stream
        self._frame = av.VideoFrame(segment.width, segment.height, "yuv420p")
        self._frame.time_base = 1 / segment.fps
        self._written = 0
        #: The picture that `write` encodes next; x264 copies it, so it may be drawn over right after.
        self.canvas: Yuv = view_of(self._frame)

    def write(self) -> None:
        """Encode the canvas as the next frame."""
        self._frame.pts = self._written
        self._written += 1
        self._container.mux(self._stream.encode(self._frame))

    def close(self) -> None:
        """Encode what x264 still holds and finish the file."""
        self._container.mux(self._stream.encode(None))
        self._container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._container.close()
