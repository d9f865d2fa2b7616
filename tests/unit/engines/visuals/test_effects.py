"""What is done to the picture of a shot."""

import cv2
import numpy as np
import pytest

from src.engines.visuals.effects import EFFECTS, TreatedSource
from src.media.planes import Yuv

SIZE = 108, 192
#: Effects whose frames differ though the picture stands still.
MOVING = {"grain"}


class Still:
    """One picture, frame after frame."""

    def __init__(self, picture: Yuv) -> None:
        self.picture = picture
        self.is_open = True

    def draw(self, frame: int, out: Yuv) -> None:
        self.picture.copy_to(out)

    def close(self) -> None:
        self.is_open = False


def scene() -> Yuv:
    """Draw ramps: of light to the right, from black to white, and of colour to the right and downwards."""
    width, height = SIZE
    picture = Yuv.empty(width, height)
    picture.y[:] = np.linspace(16, 235, width).astype(np.uint8)[None, :]
    picture.u[:] = np.linspace(128, 90, width // 2).astype(np.uint8)[None, :]
    picture.v[:] = np.linspace(128, 170, height // 2).astype(np.uint8)[:, None]
    return picture


def shown(*effects: str, frame: int = 0, picture: Yuv | None = None) -> Yuv:
    out = Yuv.empty(*SIZE)
    TreatedSource(Still(picture or scene()), effects, SIZE).draw(frame, out)
    return out


def is_same(one: Yuv, other: Yuv) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def saturation(picture: Yuv) -> float:
    return float(np.hypot(picture.u.astype(float) - 128, picture.v.astype(float) - 128).mean())


@pytest.mark.parametrize("name", EFFECTS)
def test_it_is_seen_and_stays_within_the_range_of_video(name: str) -> None:
    treated = shown(name)
    assert not is_same(treated, scene())
    for plane, brightest in zip(treated, (235, 240, 240), strict=True):
        assert plane.min() >= 16
        assert plane.max() <= brightest


@pytest.mark.parametrize("name", EFFECTS)
def test_the_strongest_colours_stay_within_the_range_of_video(name: str) -> None:
    picture = Yuv.empty(*SIZE)
    width, height = SIZE
    picture.y[:] = np.linspace(16, 235, height).astype(np.uint8)[:, None]
    picture.u[:] = np.linspace(16, 240, width // 2).astype(np.uint8)[None, :]
    picture.v[:] = np.linspace(240, 16, height // 2).astype(np.uint8)[:, None]
    for plane, brightest in zip(shown(name, picture=picture), (235, 240, 240), strict=True):
        assert plane.min() >= 16
        assert plane.max() <= brightest


@pytest.mark.parametrize("name", EFFECTS)
def test_a_frame_looks_the_same_whenever_it_is_drawn(name: str) -> None:
    source, out = TreatedSource(Still(scene()), [name], SIZE), Yuv.empty(*SIZE)
    for frame in (7, 3, 30):
        source.draw(frame, out)
        assert is_same(out, shown(name, frame=frame))


@pytest.mark.parametrize("name", EFFECTS)
def test_only_what_is_to_move_moves(name: str) -> None:
    assert is_same(shown(name, frame=0), shown(name, frame=2)) is (name not in MOVING)


@pytest.mark.parametrize("name", EFFECTS)
def test_it_treats_frames_of_any_even_size(name: str) -> None:
    for size in ((2, 2), (16, 4), (50, 88)):
        picture = Yuv.filled(*size, (120, 100, 140))
        EFFECTS[name](size)(picture, 0)
        assert picture.size == size


@pytest.mark.parametrize(
    "name", ["grayscale", "sepia", "warm", "cool", "vivid", "mirror", "fringe", "vignette", "darken"]
)
def test_what_is_about_colour_leaves_black_black(name: str) -> None:
    assert is_same(shown(name, picture=Yuv.filled(*SIZE)), Yuv.filled(*SIZE))


def test_grayscale_has_no_colour_and_all_of_the_light() -> None:
    treated = shown("grayscale")
    assert saturation(treated) == 0
    assert np.array_equal(treated.y, scene().y)


def test_warm_and_cool_go_opposite_ways() -> None:
    white = Yuv.filled(*SIZE, (235, 128, 128))
    warm, cool = shown("warm", picture=white), shown("cool", picture=white)
    assert warm.u.mean() < 120 < 136 < warm.v.mean()
    assert cool.v.mean() < 120 < 136 < cool.u.mean()


def test_vivid_has_more_colour_and_faded_less() -> None:
    assert saturation(shown("vivid")) > 1.2 * saturation(scene())
    assert saturation(shown("faded")) < 0.8 * saturation(scene())
    assert shown("faded").y.min() > 35


def test_darken_makes_room_for_bright_text() -> None:
    assert shown("darken").y.max() < 150


def test_a_vignette_darkens_the_corners_and_not_the_middle() -> None:
    white = shown("vignette", picture=Yuv.filled(*SIZE, (235, 128, 128)))
    assert white.y[96, 54] == 235
    assert max(white.y[0, 0], white.y[0, -1], white.y[-1, 0], white.y[-1, -1]) < 100


def test_blur_takes_detail_away_and_keeps_the_light() -> None:
    picture = scene()
    picture.y[::2] = 40
    treated = shown("blur", picture=picture)
    assert np.abs(np.diff(treated.y.astype(float), axis=0)).mean() < 2
    assert treated.y.mean() == pytest.approx(picture.y.mean(), abs=3)


def test_glow_only_adds_light() -> None:
    assert (shown("glow").y >= scene().y).all()


def test_grain_keeps_the_mean_and_moves_from_frame_to_frame() -> None:
    grey = Yuv.filled(*SIZE, (120, 128, 128))
    frames = [shown("grain", frame=frame, picture=grey).y.astype(float) for frame in range(96)]
    assert all(frame.mean() == pytest.approx(120, abs=1) for frame in frames)
    assert len({frame.tobytes() for frame in frames}) == 48


def test_grain_is_as_strong_in_a_large_frame_as_in_a_draft() -> None:
    strengths = []
    for width, height in ((540, 960), (1080, 1920), (1920, 1080)):
        picture = Yuv.filled(width, height, (120, 128, 128))
        EFFECTS["grain"]((width, height))(picture, 0)
        strengths.append(
            float(cv2.resize(picture.y, (270, 270 * height // width), interpolation=cv2.INTER_AREA).std())
        )
    assert max(strengths) < 1.5 * min(strengths)


def test_mirrored_twice_is_the_picture_itself() -> None:
    assert is_same(shown("mirror", "mirror"), scene())


def test_effects_follow_each_other_in_the_order_of_the_job() -> None:
    assert saturation(shown("grayscale", "warm")) > saturation(shown("warm", "grayscale")) == 0


def test_closing_closes_what_is_treated() -> None:
    still = Still(scene())
    TreatedSource(still, ["blur"], SIZE).close()
    assert not still.is_open
