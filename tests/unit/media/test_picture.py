"""Pictures of every mode, depth, orientation and kind of animation."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from src.media.picture import BACKDROP, PictureReader
from src.media.probe import UnreadableFile
from tests.synthetic import gradient_rgb, write_picture


def read(file: Path) -> np.ndarray:
    with PictureReader(file) as reader:
        return np.asarray(reader.opaque())


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_is_turned_upright(tmp_path: Path, orientation: int) -> None:
    upright = Image.fromarray(gradient_rgb(48, 32))
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(turn[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(tmp_path / "a.png", exif=exif)
    assert np.array_equal(read(tmp_path / "a.png"), np.asarray(upright))


def test_cmyk_comes_back_as_the_colour_it_shows(tmp_path: Path) -> None:
    Image.new("CMYK", (32, 32), (0, 255, 255, 0)).save(tmp_path / "a.jpg", quality=100)
    red, green, blue = read(tmp_path / "a.jpg")[16, 16].astype(int)
    assert red > 200
    assert max(green, blue) < 60


def test_sixteen_bit_gray_is_scaled_not_clipped(tmp_path: Path) -> None:
    Image.fromarray(np.linspace(0, 65535, 256).astype(np.uint16).reshape(16, 16)).save(tmp_path / "a.png")
    gray = read(tmp_path / "a.png")[:, :, 0].reshape(-1)
    assert np.abs(gray.astype(int) - np.arange(256)).max() <= 1


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA"])
def test_every_mode_becomes_rgb(tmp_path: Path, mode: str) -> None:
    Image.fromarray(gradient_rgb(20, 20)).convert(mode).save(tmp_path / "a.png")
    assert read(tmp_path / "a.png").shape == (20, 20, 3)


def test_transparent_parts_show_the_backdrop(tmp_path: Path) -> None:
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(tmp_path / "a.png")
    assert tuple(read(tmp_path / "a.png")[4, 4]) == BACKDROP


def test_an_embedded_profile_is_applied(tmp_path: Path) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    lab_like = Image.new("RGB", (8, 8), (120, 200, 40))
    lab_like.save(tmp_path / "a.png", icc_profile=srgb)
    assert tuple(read(tmp_path / "a.png")[0, 0]) == (120, 200, 40)


def test_a_damaged_profile_does_not_stop_the_picture(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8), (120, 200, 40)).save(tmp_path / "a.png", icc_profile=b"nonsense")
    assert tuple(read(tmp_path / "a.png")[0, 0]) == (120, 200, 40)


@pytest.mark.parametrize("ending", ["gif", "webp", "png"])
def test_animations_play_by_their_own_times_and_repeat(tmp_path: Path, ending: str) -> None:
    frames = [Image.new("RGB", (16, 16), color) for color in ((250, 0, 0), (0, 250, 0), (0, 0, 250))]
    file = tmp_path / f"a.{ending}"
    durations = [100, 200, 100]
    frames[0].save(file, save_all=True, append_images=frames[1:], duration=durations, loop=0, lossless=True)
    with PictureReader(file) as reader:
        shown = [reader.frame_at(ms) for ms in (0, 99, 100, 299, 300, 399, 400, 500)]
        assert shown == [0, 0, 1, 1, 2, 2, 0, 1]
        strongest = [int(np.asarray(reader.opaque(index))[8, 8].argmax()) for index in (2, 0, 1)]
    assert strongest == [2, 0, 1]


def test_a_cut_off_picture_is_an_error_not_half_a_picture(tmp_path: Path) -> None:
    data = write_picture(tmp_path / "whole.jpg", gradient_rgb(200, 200)).read_bytes()
    (tmp_path / "a.jpg").write_bytes(data[: len(data) // 2])
    with PictureReader(tmp_path / "a.jpg") as reader, pytest.raises(UnreadableFile, match="damaged"):
        reader.opaque()


def test_no_picture_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("text")
    with pytest.raises(UnreadableFile):
        PictureReader(tmp_path / "a.png")


def test_a_large_photo_is_decoded_no_larger_than_useful(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.jpg", gradient_rgb(1600, 1600))
    with PictureReader(tmp_path / "a.jpg") as reader:
        width, height = reader.opaque(at_least=(300, 350)).size
    assert 350 <= height < 1600
    assert 300 <= width < 1600


@pytest.mark.parametrize("ending", ["tiff", "mpo"])
def test_of_pages_and_views_the_first_one_stands_still(tmp_path: Path, ending: str) -> None:
    pages = [Image.new("RGB", (16, 16), color) for color in ((250, 0, 0), (0, 250, 0))]
    pages[0].save(tmp_path / f"a.{ending}", save_all=True, append_images=pages[1:])
    with PictureReader(tmp_path / f"a.{ending}") as reader:
        assert not reader.animated
        assert reader.frame_at(1000) == 0
        assert int(np.asarray(reader.opaque())[8, 8].argmax()) == 0


@pytest.mark.parametrize("ending", ["gif", "webp", "png"])
@pytest.mark.parametrize("kept", [0.5, 0.7, 0.9])
def test_a_cut_off_animation_is_told_with_its_file(tmp_path: Path, ending: str, kept: float) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (3, 64, 64, 3), dtype=np.uint8)
    frames = [Image.fromarray(rgb) for rgb in noise]
    frames[0].save(tmp_path / f"whole.{ending}", save_all=True, append_images=frames[1:], duration=100)
    data = (tmp_path / f"whole.{ending}").read_bytes()
    file = tmp_path / f"a.{ending}"
    file.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(UnreadableFile) as caught:
        PictureReader(file)
    assert caught.value.file == file


def test_postscript_is_no_picture(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.eps")
    with pytest.raises(UnreadableFile, match="not a picture"):
        PictureReader(tmp_path / "a.eps")


def test_gray_of_32_bits_is_scaled_as_16_bits_are(tmp_path: Path) -> None:
    Image.fromarray((np.arange(256, dtype=np.int32) * 257).reshape(16, 16)).save(tmp_path / "a.tiff")
    assert np.array_equal(read(tmp_path / "a.tiff")[:, :, 0].reshape(-1), np.arange(256))


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([0.0, 0.2, 0.6], [0, 51, 153]),
        ([-1.0, 0.0, 4.0], [0, 51, 255]),
        ([100.0, 200.0, 600.0], [0, 51, 255]),
        ([np.nan, -np.inf, np.inf], [0, 0, 255]),
        ([0.0, np.nan, np.inf], [0, 0, 255]),
        ([7.0, 7.0, 7.0], [7, 7, 7]),
    ],
)
def test_gray_of_real_numbers_is_scaled_by_its_range(
    tmp_path: Path, values: list[float], shown: list[int]
) -> None:
    Image.fromarray(np.array([values], np.float32)).save(tmp_path / "a.tiff")
    assert read(tmp_path / "a.tiff")[0, :, 0].tolist() == shown
