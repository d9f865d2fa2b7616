"""Procedural backgrounds: seeded, calm, smooth, the same at any size and in any order."""

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from src.engines.visuals.palettes import PALETTES
from src.engines.visuals.procedural import families, open_procedural
from src.engines.visuals.procedural.arrays import smoothstep
from src.engines.visuals.procedural.grid import PAD, Grid, enlargement
from src.engines.visuals.procedural.sparks import Sparks, draw_sparks
from src.engines.visuals.procedural.tones import Tones
from src.media.colour import yuv_of_rgb
from src.media.planes import Yuv
from src.models.timeline import PPM, ProceduralSource

FPS = Fraction(30)
SIZE = (90, 160)


def _source(family: str, *, seed: int = 7, palette: str = "ocean", speed_ppm: int = PPM) -> ProceduralSource:
    return ProceduralSource(family=family, seed=seed, palette=PALETTES[palette], speed_ppm=speed_ppm)


def _draw(source: ProceduralSource, frame: int, size: tuple[int, int] = SIZE, fps: Fraction = FPS) -> Yuv:
    picture = Yuv.filled(*size, (1, 2, 3))
    opened = open_procedural(source, *size, fps)
    opened.draw(frame, picture)
    opened.close()
    return picture


def _same(first: Yuv, second: Yuv) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def _luma(picture: Yuv) -> npt.NDArray[np.float64]:
    return picture.y.astype(np.float64)


def test_there_is_a_choice() -> None:
    assert len(families()) >= 10


def test_an_unknown_family_is_an_error() -> None:
    with pytest.raises(KeyError):
        open_procedural(_source("wallpaper"), *SIZE, FPS)


@pytest.mark.parametrize("family", families())
def test_a_frame_is_the_same_in_any_order_and_from_any_opening(family: str) -> None:
    opened = open_procedural(_source(family), *SIZE, FPS)
    forwards, backwards = ([Yuv.empty(*SIZE) for _ in range(3)] for _ in range(2))

    for frame in (0, 40, 2000):
        opened.draw(frame, forwards[(0, 40, 2000).index(frame)])
    for frame in (2000, 40, 0):
        opened.draw(frame, backwards[(0, 40, 2000).index(frame)])

    assert all(_same(a, b) for a, b in zip(forwards, backwards, strict=True))
    assert _same(forwards[1], _draw(_source(family), 40))


@pytest.mark.parametrize("family", families())
def test_another_seed_or_palette_is_another_picture(family: str) -> None:
    picture = _draw(_source(family), 10)

    assert not _same(picture, _draw(_source(family, seed=8), 10))
    assert not _same(picture, _draw(_source(family, palette="ember"), 10))


@pytest.mark.parametrize("family", families())
def test_it_moves_and_moves_calmly(family: str) -> None:
    opened = open_procedural(_source(family), *SIZE, FPS)
    pictures = [Yuv.empty(*SIZE) for _ in range(31)]
    for frame, picture in enumerate(pictures):
        opened.draw(frame, picture)
    steps = [float(np.abs(_luma(b) - _luma(a)).mean()) for a, b in pairwise(pictures)]

    assert float(np.abs(_luma(pictures[30]) - _luma(pictures[0])).mean()) > 0.25
    assert max(steps) < 4.0


@pytest.mark.parametrize("family", families())
def test_it_does_not_come_back_within_the_longest_film(family: str) -> None:
    first = _luma(_draw(_source(family), 0))

    assert all(np.abs(_luma(_draw(_source(family), 30 * s)) - first).mean() > 0.4 for s in (30, 45, 60, 90))


@pytest.mark.parametrize("family", families())
def test_speed_changes_the_tempo_alone(family: str) -> None:
    double = _draw(_source(family, speed_ppm=2 * PPM), 25)
    still = open_procedural(_source(family, speed_ppm=0), *SIZE, FPS)
    first, later = Yuv.empty(*SIZE), Yuv.empty(*SIZE)
    still.draw(0, first)
    still.draw(500, later)

    assert _same(double, _draw(_source(family), 50))
    assert _same(_draw(_source(family), 50), _draw(_source(family), 100, fps=Fraction(60)))
    assert _same(first, later)


@pytest.mark.parametrize("family", families())
def test_white_captions_can_be_read_on_it(family: str) -> None:
    lower_third = [_luma(_draw(_source(family, seed=seed), 30))[107:, 9:-9] for seed in range(4)]

    assert float(np.mean(lower_third)) < 110
    assert float(np.percentile(np.stack(lower_third), 90)) < 180


@pytest.mark.parametrize("family", families())
def test_it_stays_within_video_levels_and_is_not_flat(family: str) -> None:
    picture = _draw(_source(family), 12)

    assert picture.y.min() >= 14
    assert picture.y.max() <= 237
    assert float(picture.y.std()) > 3


@pytest.mark.parametrize("family", families())
def test_it_looks_the_same_at_another_size(family: str) -> None:
    small = _luma(_draw(_source(family), 12, (270, 480)))
    large = _luma(_draw(_source(family), 12, (540, 960)))
    reduced = cv2.resize(large, (270, 480), interpolation=cv2.INTER_AREA)

    soft_small, soft_large = (cv2.GaussianBlur(luma, (0, 0), 8) for luma in (small, reduced))

    assert float(np.abs(soft_small - soft_large).mean()) < 4


@pytest.mark.parametrize("family", families())
@pytest.mark.parametrize("size", [(64, 64), (66, 400), (640, 64)])
def test_any_size_of_frame_is_filled(family: str, size: tuple[int, int]) -> None:
    picture = _draw(_source(family), 3, size)

    assert picture.y.min() >= 14  # what is not drawn keeps the 1 it was filled with
    assert picture.u.min() > 10
    assert picture.v.min() > 10


def test_the_largest_frame_is_filled() -> None:
    picture = _draw(_source("plasma"), 3, (4320, 4320))

    assert picture.y.min() >= 14


@pytest.mark.parametrize("colors", [((10, 20, 30),), ((0, 0, 0), (255, 255, 255)), ((9, 9, 9),) * 6])
def test_any_number_of_colours_will_do(colors: tuple[tuple[int, int, int], ...]) -> None:
    source = ProceduralSource(family="aurora", seed=1, palette=colors, speed_ppm=PPM)

    assert _draw(source, 0).y.min() >= 14


def test_threads_draw_what_one_alone_draws() -> None:
    frames = list(range(0, 80, 10))
    alone = [_draw(_source("nebula"), frame) for frame in frames]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda frame: _draw(_source("nebula"), frame), frames))

    assert all(_same(a, b) for a, b in zip(alone, together, strict=True))


def test_slow_gradients_have_no_bands() -> None:
    """Dither mixes neighbouring levels: in a band of one level all pixels of an area would be equal."""
    picture = _draw(_source("plasma", palette="midnight"), 0, (270, 480))
    blocks = picture.y[:480, :264].reshape(60, 8, 33, 8)

    assert float((np.ptp(blocks, axis=(1, 3)) > 0).mean()) > 0.99


def test_a_wide_frame_shows_more_of_the_same_scene() -> None:
    upright, wide = Grid.over(90, 160, 2), Grid.over(160, 90, 2)

    assert upright.half_width == wide.half_height == 0.5
    assert float(upright.x[0, PAD]) == pytest.approx(-0.5 + 1 / 90)
    assert float(wide.y[PAD, 0]) == pytest.approx(-0.5 + 1 / 90)


@pytest.mark.parametrize(("shorter_px", "scale"), [(64, 2), (270, 2), (720, 6), (1080, 8), (4320, 32)])
def test_samples_grow_with_the_frame(shorter_px: int, scale: int) -> None:
    assert enlargement(shorter_px, 135) == scale


def test_tones_start_and_end_with_the_palettes_colours() -> None:
    dark, light = (12, 34, 56), (250, 240, 200)
    luma, u, v = Tones([dark, light]).levels(np.array([[-1.0, 0.0, 1.0, 2.0]], np.float32))
    rounded = np.rint(np.stack([luma[0] + 16, u[0] + 128, v[0] + 128], axis=1)).astype(int).tolist()

    for got, color in zip(rounded, (dark, dark, light, light), strict=True):
        assert got == pytest.approx(yuv_of_rgb(color), abs=1)


def test_smoothstep_falls_when_its_ends_are_swapped() -> None:
    values = np.array([0.0, 0.5, 1.0], np.float32)

    assert smoothstep(0, 1, values).tolist() == [0, 0.5, 1]
    assert smoothstep(1, 0, values).tolist() == [1, 0.5, 0]


def _spark(x: float, y: float, stretch: float = 1.0) -> Sparks:
    one = np.ones(1, np.float32)
    return Sparks(one * np.float32(x), one * np.float32(y), one * np.float32(0.02), one, stretch)


def test_a_spark_glides_by_fractions_of_a_pixel() -> None:
    middles = []
    for x in (0.0, 0.0025, 0.005):
        luma = np.full((100, 100), 16, np.uint8)
        draw_sparks(_spark(x, 0), luma)
        light = luma.astype(float) - 16
        middles.append(float((light.sum(axis=0) * np.arange(100)).sum() / light.sum()))

    assert middles == pytest.approx([49.5, 49.75, 50.0], abs=0.03)


def test_a_spark_beyond_the_frame_draws_nothing() -> None:
    luma = np.full((100, 100), 16, np.uint8)

    draw_sparks(_spark(3, -3), luma)

    assert luma.max() == 16


def test_a_stretched_spark_is_a_streak() -> None:
    luma = np.full((100, 100), 16, np.uint8)

    draw_sparks(_spark(0, 0, stretch=6), luma)

    lit = luma > 60
    assert lit.any(axis=1).sum() > 4 * lit.any(axis=0).sum()
