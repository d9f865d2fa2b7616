"""What files are, and what is wrong with them."""

import struct
import zlib
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import GifImagePlugin, Image, ImageFile

from src.media.probe import (
    PictureFacts,
    TooManyPixels,
    UnreadableFile,
    open_container,
    probe_picture,
    probe_video,
    sha256_of,
)
from src.models.timeline import SAMPLE_RATE
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


def test_sound_that_outlasts_the_pictures_does_not_lengthen_the_clip(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.mkv"), "w") as container:
        video = container.add_stream("libx264", rate=10)
        video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        sound = container.add_stream("pcm_s16le", rate=SAMPLE_RATE, layout="stereo")
        for _ in range(10):
            container.mux(video.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8))))
        container.mux(video.encode(None))
        frame = av.AudioFrame.from_ndarray(tone(3.0).reshape(1, -1), format="s16", layout="stereo")
        frame.sample_rate = SAMPLE_RATE
        container.mux(sound.encode(frame))
        container.mux(sound.encode(None))
    assert probe_video(tmp_path / "a.mkv", 10**6).duration_ms == 1000


def test_a_clip_that_starts_late_is_measured_from_its_own_start(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "a.flv", frames=5, times=[500, 600, 700, 800, 900])
    assert probe_video(clip, 10**6).duration_ms == 500


@pytest.mark.parametrize("ending", ["tiff", "mpo"])
def test_pages_and_views_are_no_frames(tmp_path: Path, ending: str) -> None:
    pages = [Image.new("RGB", (16, 16), color) for color in ("red", "lime")]
    pages[0].save(tmp_path / f"a.{ending}", save_all=True, append_images=pages[1:])
    assert probe_picture(tmp_path / f"a.{ending}", 1000) == PictureFacts(16, 16, 1)


def test_the_frames_of_an_animation_are_counted(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (16, 16), color) for color in ("red", "lime", "blue")]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert probe_picture(tmp_path / "a.gif", 1000).frames == 3


@pytest.mark.parametrize("broken", ["getexif", "n_frames"])
def test_a_header_that_breaks_while_it_is_read_is_told_with_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail(_: ImageFile.ImageFile) -> int:
        raise IndexError("index out of range")

    file = write_picture(tmp_path / "a.gif", gradient_rgb(8, 8))
    replaced = property(fail) if broken == "n_frames" else fail
    monkeypatch.setattr(GifImagePlugin.GifImageFile, broken, replaced)
    with pytest.raises(UnreadableFile, match="damaged: index out of range") as caught:
        probe_picture(file, 1000)
    assert caught.value.file == file


def test_postscript_is_no_picture(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.eps")
    with pytest.raises(UnreadableFile, match="not a picture"):
        probe_picture(tmp_path / "a.eps", 1000)


@pytest.mark.parametrize(
    "header",
    [
        struct.pack("<IiiHHIIiiII", 40, 30_000, -20_000, 1, 24, 0, 0, 0, 0, 0, 0),
        struct.pack("<IHHHH", 12, 30_000, 20_000, 1, 24),
    ],
)
def test_a_bitmap_beyond_the_limit_is_refused_with_its_size(tmp_path: Path, header: bytes) -> None:
    (tmp_path / "a.bmp").write_bytes(b"BM" + struct.pack("<IHHI", 0, 0, 0, 14 + len(header)) + header)
    with pytest.raises(TooManyPixels, match="30000 x 20000 pixels"):
        probe_picture(tmp_path / "a.bmp", 100_000_000)


def test_a_picture_too_large_for_its_header_to_be_read_is_refused_without_numbers(tmp_path: Path) -> None:
    file = write_picture(tmp_path / "a.gif", gradient_rgb(8, 8))
    data = bytearray(file.read_bytes())
    data[6:10] = struct.pack("<HH", 60_000, 60_000)
    file.write_bytes(data)
    with pytest.raises(TooManyPixels, match=r"^far more pixels$"):
        probe_picture(file, 100_000_000)


def test_tags_in_latin_1_are_no_reason_to_refuse(tmp_path: Path) -> None:
    file = write_wav(tmp_path / "a.wav", tone(0.1))
    tags = b"INFOINAM" + struct.pack("<I", 4) + b"\xe9t\xe9\0"
    file.write_bytes(file.read_bytes() + b"LIST" + struct.pack("<I", len(tags)) + tags)
    with open_container(file) as container:
        assert container.streams.audio


def test_a_missing_clip_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no such file"):
        open_container(tmp_path / "a.mp4")
