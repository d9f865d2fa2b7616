"""Title cards: set large, inside the safe area, readable, rising in."""

from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pytest

from src.engines.visuals.palettes import PALETTES
from src.engines.visuals.procedural import open_procedural
from src.engines.visuals.title import entrances, open_title
from src.engines.visuals.titleset import WIDTH_SHARE, merge, set_title
from src.media.planes import Yuv, blend
from src.models.planned import Rgb
from src.models.timeline import PPM, ProceduralSource, TitleSource

FPS = Fraction(30)
SIZE = (270, 480)
BACKGROUND = ProceduralSource(family="plasma", seed=3, palette=PALETTES["midnight"], speed_ppm=PPM)
LONG = "A title that goes on and on because nobody told its author that fewer words are read by more people"


def _title(text: str, subtitle: str = "", color: Rgb = (255, 255, 255)) -> TitleSource:
    return TitleSource(text=text, subtitle=subtitle, color=color, background=BACKGROUND)


def _frame(source: TitleSource, frame: int, size: tuple[int, int] = SIZE, frames: int = 90) -> Yuv:
    picture = Yuv.empty(*size)
    opened = open_title(source, open_procedural(source.background, *size, FPS), size, FPS, frames, {})
    opened.draw(frame, picture)
    opened.close()
    return picture


def _background(frame: int, size: tuple[int, int] = SIZE) -> Yuv:
    picture = Yuv.empty(*size)
    open_procedural(BACKGROUND, *size, FPS).draw(frame, picture)
    return picture


def _lit(picture: Yuv) -> npt.NDArray[np.bool_]:
    return picture.y > 200


@pytest.mark.parametrize(
    "text", ["Hi", "Five facts about the sea", LONG, "Donaudampfschifffahrtsgesellschaft", "W" * 300]
)
@pytest.mark.parametrize("size", [(270, 480), (480, 270), (320, 320), (144, 144)])
def test_text_stays_inside_the_safe_width_and_above_the_captions(text: str, size: tuple[int, int]) -> None:
    width, height = size
    over_black = Yuv.filled(*size)
    for piece in set_title(_title(text), width, height, {}):
        blend(piece.text, over_black)
    rows, columns = np.nonzero(over_black.y > 60)

    assert columns.size
    assert columns.min() >= (1 - WIDTH_SHARE) / 2 * width - 3
    assert columns.max() <= (1 + WIDTH_SHARE) / 2 * width + 3
    if len(text) < 200:
        assert rows.max() < 0.70 * height


def test_a_short_title_fills_much_of_the_width() -> None:
    columns = np.nonzero(_lit(_frame(_title("Deep ocean"), 60)).any(axis=0))[0]

    assert np.ptp(columns) > 0.55 * SIZE[0]


def test_the_block_stands_a_little_above_the_middle() -> None:
    rows = np.nonzero(_lit(_frame(_title("Deep ocean"), 60)).any(axis=1))[0]

    assert (rows.min() + rows.max()) / 2 == pytest.approx(0.42 * SIZE[1], abs=0.03 * SIZE[1])


def test_a_title_of_usual_length_has_at_most_four_lines() -> None:
    assert len(set_title(_title("Why do cats always land on their feet?"), *SIZE, {})) <= 4


def test_a_subtitle_is_smaller_and_below() -> None:
    *title, subtitle = set_title(_title("Deep ocean", "Part two"), *SIZE, {})

    assert subtitle.text.y > max(piece.text.y for piece in title)
    assert subtitle.text.color.size[1] < title[0].text.color.size[1]


def test_it_starts_empty_and_comes_in_within_a_second() -> None:
    source = _title("Five facts about the sea", "Part two")

    first, second_later = _frame(source, 0), _frame(source, 30)

    assert all(np.array_equal(a, b) for a, b in zip(first, _background(0), strict=True))
    assert _lit(second_later).sum() > 20 * max(1, _lit(_background(30)).sum())


def test_lines_come_in_one_after_the_other_from_below() -> None:
    source = _title("Five facts about the sea")
    lines = len(set_title(source, *SIZE, {}))
    early, settled = _frame(source, 5), _frame(source, 60)
    change = [
        np.abs(_frame_luma(p) - _frame_luma(_background(f))).sum(axis=1)
        for p, f in ((early, 5), (settled, 60))
    ]
    middle = [float((rows * np.arange(SIZE[1])).sum() / rows.sum()) for rows in change]

    assert lines > 1
    assert middle[0] < middle[1]  # the upper lines are there first
    assert change[0].sum() < change[1].sum()


def test_what_opens_a_film_is_read_from_its_first_frame_and_still_moves() -> None:
    opening = _title("A headline of several lines of text", "And more").model_copy(
        update={"opens_film": True}
    )
    first, settled = _frame(opening, 0), _frame(opening, 60)
    white = [int((picture.y > 220).sum()) for picture in (first, settled)]

    assert white[0] == pytest.approx(white[1], rel=0.1)
    assert not np.array_equal(first.y > 220, settled.y > 220)


def _frame_luma(picture: Yuv) -> npt.NDArray[np.float64]:
    return picture.y.astype(np.float64)


def test_there_is_no_jump_when_the_entrance_ends() -> None:
    source = _title("Five facts about the sea", "Part two")
    opened = open_title(source, open_procedural(source.background, *SIZE, FPS), SIZE, FPS, 90, {})
    last_s = max(
        entrance.start_s + entrance.duration_s
        for entrance in entrances(len(set_title(source, *SIZE, {})), 3.0)
    )
    before, after = Yuv.empty(*SIZE), Yuv.empty(*SIZE)

    opened.draw(int(last_s * 30), before)
    opened.draw(int(last_s * 30) + 1, after)

    assert np.abs(_frame_luma(after) - _frame_luma(before)).mean() < 1


def test_in_a_short_shot_everything_comes_in_sooner() -> None:
    long, short = entrances(4, 5.0), entrances(4, 0.8)

    assert long[-1].progress(0.85) == 1
    assert short[-1].progress(0.4) == 1
    assert long[-1].progress(0.2) == 0


def test_text_has_the_colour_of_the_job() -> None:
    picture = _frame(_title("Deep ocean", color=(255, 40, 40)), 60)

    assert picture.v.max() > 190


def test_shadows_darken_the_background_around_text() -> None:
    picture, background = _frame(_title("Deep ocean"), 60), _background(60)
    darker = picture.y.astype(int) < background.y.astype(int) - 8

    assert darker.sum() > 1000


def test_merged_sprites_look_as_blended_one_by_one() -> None:
    pieces = set_title(_title("Five facts", "Part two"), *SIZE, {})
    sprites = [*(piece.shadow for piece in pieces), *(piece.text for piece in pieces)]
    one_by_one, at_once = _background(0), _background(0)

    for sprite in sprites:
        blend(sprite, one_by_one)
    blend(merge(sprites), at_once)

    for first, second in zip(one_by_one, at_once, strict=True):
        difference = np.abs(first.astype(int) - second.astype(int))
        assert difference.max() <= 10  # dither, twice
        assert difference.mean() < 0.6


def test_frames_are_the_same_in_any_order() -> None:
    source = _title("Five facts")
    opened = open_title(source, open_procedural(source.background, *SIZE, FPS), SIZE, FPS, 90, {})
    picture = Yuv.empty(*SIZE)

    for frame in (80, 3, 10):
        opened.draw(frame, picture)

    assert all(np.array_equal(a, b) for a, b in zip(picture, _frame(source, 10), strict=True))
