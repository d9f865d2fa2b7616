"""What files are, and what is wrong with them."""

import struct
import zlib
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from src.media.probe import (
    PictureFacts,
    TooManyPixels,
    UnreadableFile,
    open_container,
    probe_picture,
    probe_video,
    sha256_of,
)
from tests.synthetic import gradient_rgb, tone, write_clip, write_picture, write_wav


def huge_png(file: Path, side_px: int) -> Path:
    """Write a PNG whose header promises more than its data holds."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side_px, side_px, 8, 2, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + data)
    return file


def test_a_picture_is_told_from_its_header(tmp_path: Path) -> None:
    file = write_picture(tmp_path / "a.png", gradient_rgb(40, 30))
    assert probe_picture(file, 10_000) == PictureFacts(40, 30, 1)


def test_a_sideways_photo_is_told_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(gradient_rgb(40, 30)).save(tmp_path / "a.jpg", exif=exif)
    assert probe_picture(tmp_path / "a.jpg", 10_000) == PictureFacts(30, 40, 1)


@pytest.mark.parametrize("side_px", [12_000, 50_000])
def test_a_picture_beyond_the_limit_is_refused_unread(tmp_path: Path, side_px: int) -> None:
    with pytest.raises(TooManyPixels, match=f"{side_px} x {side_px}"):
        probe_picture(huge_png(tmp_path / "a.png", side_px), 100_000_000)


@pytest.mark.parametrize("content", [b"", b"not a picture at all"])
def test_no_picture_is_told_as_such(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"not a picture|empty"):
        probe_picture(tmp_path / "a.png", 1000)


def test_a_clip_is_told_with_its_length_and_sound(tmp_path: Path) -> None:
    silent = probe_video(write_clip(tmp_path / "a.mp4", frames=45), 10**6)
    heard = probe_video(write_clip(tmp_path / "b.mp4", frames=45, sound=True), 10**6)
    assert (silent.width, silent.height, silent.duration_ms, silent.has_sound) == (64, 96, 1500, False)
    assert heard.has_sound


def test_a_container_without_a_duration_is_measured(tmp_path: Path) -> None:
    assert 900 <= probe_video(write_clip(tmp_path / "a.ts"), 10**6).duration_ms <= 1100


@pytest.mark.parametrize("content", [b"", b"just some text\n" * 20])
def test_no_clip_is_told_as_such(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.mp4").write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"not a film|empty"):
        probe_video(tmp_path / "a.mp4", 1000)


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_clip_that_is_cut_off_is_refused(tmp_path: Path, kept: float) -> None:
    data = write_clip(tmp_path / "whole.mp4").read_bytes()
    (tmp_path / "a.mp4").write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(UnreadableFile):
        probe_video(tmp_path / "a.mp4", 10**6)


def test_a_cut_off_clip_with_its_index_first_is_refused(tmp_path: Path) -> None:
    write_clip(tmp_path / "whole.mp4", frames=60)
    options = {"movflags": "+faststart"}
    with (
        av.open(str(tmp_path / "whole.mp4")) as source,
        av.open(str(tmp_path / "fast.mp4"), "w", options=options) as out,
    ):
        stream = out.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    data = (tmp_path / "fast.mp4").read_bytes()
    (tmp_path / "a.mp4").write_bytes(data[:-200])
    with pytest.raises(UnreadableFile, match="cut off"):
        probe_video(tmp_path / "a.mp4", 10**6)


def test_a_playlist_is_not_opened(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "a.ts")
    (tmp_path / "a.m3u8").write_text(
        f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{clip.name}\n#EXT-X-ENDLIST\n"
    )
    with pytest.raises(UnreadableFile):
        open_container(tmp_path / "a.m3u8")


def test_equal_bytes_have_equal_digests(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256_of(tmp_path / "a").startswith("ba7816bf")


def test_a_sound_is_no_clip(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no picture"):
        probe_video(write_wav(tmp_path / "a.wav", tone(0.1)), 1000)


def test_a_clip_larger_than_the_limit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooManyPixels):
        probe_video(write_clip(tmp_path / "a.mp4"), 1000)


def test_pixel_aspect_counts_into_the_size(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(3, 2)
        for _ in range(3):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8))))
        container.mux(stream.encode(None))
    assert probe_video(tmp_path / "a.mp4", 10**6).width == 96
