"""Clips by time: any rate, any order, any layout."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.stream import VideoStream

from src.media.video import VideoReader
from tests.synthetic import write_clip


def number_at(reader: VideoReader, seconds: Fraction) -> int:
    """Read the number that `write_clip` painted into the frame."""
    return round((float(reader.at(seconds).y.mean()) - 20) / 6)


def test_frames_are_found_by_time_in_any_order(tmp_path: Path) -> None:
    with VideoReader(write_clip(tmp_path / "a.mp4", frames=30)) as reader:
        asked = [0, 1, 2, 20, 5, 29, 0, 12]
        assert [number_at(reader, Fraction(2 * n + 1, 60)) for n in asked] == asked


def test_a_variable_rate_shows_each_frame_as_long_as_it_lasts(tmp_path: Path) -> None:
    times = [0, 100, 120, 500, 540]
    with VideoReader(write_clip(tmp_path / "a.mkv", frames=5, times=times)) as reader:
        shown = [number_at(reader, Fraction(ms, 1000)) for ms in (0, 99, 110, 130, 490, 510, 545, 9000)]
    assert shown == [0, 0, 1, 2, 2, 3, 4, 4]


def test_odd_sizes_are_cut_to_even_ones(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.mkv"), "w") as container:
        stream = container.add_stream("ffv1", rate=10)
        stream.width, stream.height, stream.pix_fmt = 63, 41, "yuv444p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.full((41, 63, 3), 200, np.uint8))))
        container.mux(stream.encode(None))
    with VideoReader(tmp_path / "a.mkv") as reader:
        assert reader.at(Fraction(0)).size == (62, 40)


def test_rgb_and_full_range_come_out_as_limited_bt709(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.mkv"), "w") as container:
        stream = container.add_stream("ffv1", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "bgr0"
        rgb = np.full((64, 64, 3), (138, 51, 240), np.uint8)
        container.mux(stream.encode(av.VideoFrame.from_ndarray(rgb)))
        container.mux(stream.encode(None))
    with VideoReader(tmp_path / "a.mkv") as reader:
        picture = reader.at(Fraction(0))
    for plane, wanted in zip(picture, (87, 202, 159), strict=True):
        assert abs(int(plane[10, 10]) - wanted) <= 2


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_clip_is_shown_upright(tmp_path: Path, degrees: int) -> None:
    upright = np.zeros((96, 64, 3), np.uint8)
    upright[:32] = 230
    turned = np.ascontiguousarray(np.rot90(upright, degrees // 90))
    height, width = turned.shape[:2]
    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(turned)))
        container.mux(stream.encode(None))
    _write_rotation(tmp_path / "a.mp4", degrees)
    with VideoReader(tmp_path / "a.mp4") as reader:
        picture = reader.at(Fraction(0))
    assert picture.size == (64, 96)
    assert picture.y[:28].mean() > 180
    assert picture.y[36:].mean() < 40


def _write_rotation(file: Path, degrees: int) -> None:
    """Put a display matrix into the track header: 16.16 fixed point, rows (a b u, c d v, x y w)."""
    cos, sin = {90: (0, 1), 180: (-1, 0), 270: (0, -1)}[degrees]
    data = bytearray(file.read_bytes())
    place = data.index(b"tkhd") + 4 + 40
    fixed = [cos << 16, sin << 16, 0, -sin << 16, cos << 16, 0, 0, 0, 1 << 30]
    data[place : place + 36] = b"".join(value.to_bytes(4, "big", signed=True) for value in fixed)
    file.write_bytes(bytes(data))


def _long_clip(file: Path, codec: str, options: dict[str, str]) -> Path:
    """Write six seconds with a key frame every other second, each frame with a luma of its own."""
    with av.open(str(file), "w") as container:
        stream = container.add_stream(codec, rate=25, options=options)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = 64, 96, "yuv420p"
        stream.gop_size = 50
        for number in range(150):
            frame = av.VideoFrame(64, 96, "yuv420p")
            for plane, value in zip(frame.planes, (30 + number, 128, 128), strict=True):
                plane.update(bytes([value]) * plane.buffer_size)
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("clip.mp4", "libx264", {"crf": "10"}),
        ("clip.mkv", "libx264", {"crf": "10", "x264-params": "open-gop=1"}),
        ("clip.mp4", "libx264", {"crf": "10", "x264-params": "intra-refresh=1:keyint=50"}),
        ("clip.ts", "libx264", {"crf": "10"}),
        ("clip.avi", "mpeg4", {"qscale": "2"}),
        ("clip.mpg", "mpeg2video", {"b": "4M"}),
        ("clip.webm", "libvpx-vp9", {"crf": "20", "deadline": "realtime"}),
    ],
)
def test_a_jump_shows_what_reading_on_shows(
    tmp_path: Path, name: str, codec: str, options: dict[str, str]
) -> None:
    """What a film shows must not depend on whether the segment before was rendered, too."""
    clip = _long_clip(tmp_path / name, codec, options)
    times = [Fraction(number, 25) + Fraction(1, 50) for number in range(0, 149, 7)]
    with VideoReader(clip) as reader:
        in_order = [reader.at(time).y.copy() for time in times]
    for time, expected in zip(times, in_order, strict=True):
        with VideoReader(clip) as reader:
            assert (reader.at(time).y == expected).all()
