"""Cover, contain and blur."""

import pytest
from PIL import Image

from src.engines.visuals.fit import contain_box, cover_box, fit_picture, fit_yuv
from src.media.colour import yuv_of_rgb
from src.media.picture import BACKDROP
from src.media.planes import Yuv
from src.models.visual import Fit


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


def test_a_clip_with_wide_pixels_is_stretched_not_cropped_wrong() -> None:
    picture = Yuv.filled(64, 128, (50, 128, 128))
    picture.y[:, 32:] = 200
    out = Yuv.empty(128, 128)
    fit_yuv(picture, (128, 128), "cover", (0.5, 0.5), out)
    assert out.y[64, 40] == 50
    assert out.y[64, 90] == 200
