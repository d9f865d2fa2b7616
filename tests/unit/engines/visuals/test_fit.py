"""Cover, contain and blur."""

import pytest
from PIL import Image

from src.engines.visuals.camera import always_seen, view_at
from src.engines.visuals.fit import contain_box, cover_box, fit_picture, fit_yuv, whole_box
from src.media.colour import yuv_of_rgb
from src.media.picture import BACKDROP
from src.media.planes import Yuv
from src.models.timeline import Camera
from src.models.visual import Fit

#: A view of the upper left, half as near again.
CLOSE_TO_A_CORNER = Camera(zoom_ppm=1_500_000, x_ppm=0, y_ppm=0)


@pytest.mark.parametrize(
    ("focus", "left"), [((0.5, 0.5), 1000 - 225), ((0.0, 0.5), 0), ((1.0, 0.5), 1550), ((0.4, 0.5), 575)]
)
def test_cover_keeps_the_focus_in_view(focus: tuple[float, float], left: int) -> None:
    assert cover_box((2000, 800), (1080, 1920), focus) == (left, 0, 450, 800)


def test_contain_centres_on_even_pixels() -> None:
    assert contain_box((1920, 1080), (1080, 1920)) == (0, 656, 1080, 608)
    assert contain_box((10, 10), (100, 50)) == (24, 0, 50, 50)


@pytest.mark.parametrize("fit", ["cover", "contain", "blur"])
@pytest.mark.parametrize("size", [(400, 100), (33, 77), (1, 1)])
def test_any_shape_fills_the_canvas(fit: Fit, size: tuple[int, int]) -> None:
    white = Image.new("RGB", size, "white")
    canvas = fit_picture(white, fit, (90, 160), (0.5, 0.5))
    assert canvas.size == (90, 160)
    assert canvas.y[80, 45] == 235
    corner = {"cover": 235, "contain": yuv_of_rgb(BACKDROP)[0], "blur": 136}[fit]
    if size == (400, 100):
        assert abs(int(canvas.y[2, 2]) - corner) <= 2


@pytest.mark.parametrize("fit", ["cover", "contain", "blur"])
def test_decoded_planes_are_fitted_like_pictures(fit: Fit) -> None:
    picture = Yuv.filled(320, 180, (200, 100, 150))
    out = Yuv.filled(90, 160, (1, 1, 1))
    fit_yuv(picture, (320, 180), fit, (0.5, 0.5), out)
    assert (out.y[80, 44], out.u[40, 22], out.v[40, 22]) == (200, 100, 150)
    assert out.y.min() >= 16


@pytest.mark.parametrize("size", [(400, 100), (100, 100), (100, 150)])
@pytest.mark.parametrize(
    "ends", [(Camera(), Camera(zoom_ppm=1_300_000)), (CLOSE_TO_A_CORNER, Camera(x_ppm=0, y_ppm=0))]
)
def test_a_picture_before_a_blurred_one_is_whole_all_along_a_zoom(
    size: tuple[int, int], ends: tuple[Camera, Camera]
) -> None:
    left, top, width, height = whole_box(size, (900, 1600), always_seen(*ends))
    for frame in range(10):
        view = view_at(*ends, frame, 10)
        assert view.left * 900 - 2 <= left <= left + width <= (view.left + view.width) * 900 + 2
        assert view.top * 1600 - 2 <= top <= top + height <= (view.top + view.height) * 1600 + 2
    assert width / height == pytest.approx(size[0] / size[1], rel=0.02)


def test_a_picture_of_the_frames_own_shape_fills_it_under_any_camera() -> None:
    seen = always_seen(Camera(), Camera(zoom_ppm=1_300_000))
    assert whole_box((450, 801), (900, 1600), seen) == contain_box((450, 801), (900, 1600))


def test_a_picture_throws_a_shadow_on_its_blurred_copy_only() -> None:
    canvas = fit_picture(Image.new("RGB", (320, 320), "white"), "blur", (320, 640), (0.5, 0.5))
    assert canvas.y[162:478].min() == 235
    above, below, far = (int(canvas.y[row].mean()) for row in (150, 490, 630))
    assert below < above < far


def test_a_clip_with_wide_pixels_is_stretched_not_cropped_wrong() -> None:
    picture = Yuv.filled(64, 128, (50, 128, 128))
    picture.y[:, 32:] = 200
    out = Yuv.empty(128, 128)
    fit_yuv(picture, (128, 128), "cover", (0.5, 0.5), out)
    assert out.y[64, 40] == 50
    assert out.y[64, 90] == 200
