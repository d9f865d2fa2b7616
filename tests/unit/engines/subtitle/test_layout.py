"""Where captions stand, and how large they are set."""

import pytest

from src.engines.subtitle.geometry import Rect
from src.engines.subtitle.layout import arrange, caption_measure, caption_width_px, safe_rect
from src.engines.subtitle.presets import presets
from src.engines.subtitle.text import Piece, Texts
from src.media.fonts import CAPTION_FAMILY
from src.media.lettering import FontStack, font_stack
from src.models.caption_plan import CaptionLook, Passage
from src.models.caption_style import CaptionPosition, Mark, Shadow
from src.plan.captions import look_of

RUNNING_LEFT = Passage(lines=1, direction="rtl")
FONTS = FontStack((*font_stack(CAPTION_FAMILY, {}).faces, *font_stack("Heebo ExtraBold", {}).faces))


def look(
    style: str = "highlight",
    size_px: int = 72,
    position: CaptionPosition = "bottom",
    safe: bool = True,
) -> CaptionLook:
    changes = {"size_px": size_px, "position": position, "safe_area": safe}
    return look_of(presets()[style], (1080, 1920), "en").model_copy(update=changes)


def texts(*lines: str) -> Texts:
    return tuple(tuple(map(Piece, line.split())) for line in lines)


def test_a_phone_frame_keeps_clear_of_the_platforms_buttons() -> None:
    assert safe_rect(1080, 1920, safe_area=True) == Rect(130, 268, 950, 1440)
    assert caption_width_px(1080, 1920, safe_area=True) == 820


@pytest.mark.parametrize(
    ("width", "height", "safe"), [(1080, 1920, False), (1920, 1080, True), (1080, 1080, True)]
)
def test_other_frames_have_a_small_margin(width: int, height: int, safe: bool) -> None:
    area = safe_rect(width, height, safe)

    assert width * 0.05 <= area.left < width * 0.05 + 2
    assert height * 0.05 <= height - area.bottom < height * 0.05 + 2


def test_lines_grow_with_every_word_and_with_what_is_drawn_around_them() -> None:
    one, two, three = (caption_measure(look(), FONTS)(text) for text in ("sky", "sky sky", "sky sky sky"))

    assert three - two == two - one > one / 2
    assert caption_measure(look("pop"), FONTS)("sky sky") > two


def test_a_word_that_grows_takes_room_as_far_as_it_grows() -> None:
    def width_px(scale: int) -> float:
        mark = Mark(kind="grow", scale=scale, easing="linear")
        plain = {"mark": mark, "shadow": Shadow(kind="none")}
        return caption_measure(look("pop").model_copy(update=plain), FONTS)("sky")

    assert width_px(100) < width_px(101) < width_px(102) < width_px(110) == width_px(114)
    assert width_px(101) - width_px(100) < 16


def test_what_measures_within_the_line_is_set_at_full_size() -> None:
    text = ("mountains", "burn")
    assert caption_measure(look(), FONTS)(" ".join(text)) <= caption_width_px(1080, 1920, safe_area=True)

    assert arrange(texts(" ".join(text)), look(), FONTS, (1080, 1920)).proportions.size_px == 72


def test_a_word_too_wide_is_set_smaller_until_it_fits() -> None:
    word = "incomprehensibilities" * 2

    placed = arrange(texts(word), look(), FONTS, (1080, 1920))

    assert 15 < placed.proportions.size_px < 40
    assert placed.words[0].x >= placed.area.left
    assert placed.words[0].x + placed.words[0].width_px <= placed.area.right


def test_lines_too_high_for_the_frame_are_set_smaller() -> None:
    placed = arrange(texts("a", "b", "c"), look(size_px=400), FONTS, (1920, 240))

    assert 10 < placed.proportions.size_px < 80


@pytest.mark.parametrize(
    ("position", "low", "high"), [("top", 268, 400), ("center", 900, 1020), ("bottom", 1360, 1440)]
)
def test_position_moves_the_block(position: CaptionPosition, low: int, high: int) -> None:
    (word,) = arrange(texts("sky"), look(position=position), FONTS, (1080, 1920)).words

    assert low < word.baseline < high


def test_lines_are_centred_and_evenly_spaced() -> None:
    words = arrange(texts("mountains", "to fire"), look(), FONTS, (1080, 1920)).words

    middles = [(words[0].x * 2 + words[0].width_px) / 2, (words[1].x + words[2].x + words[2].width_px) / 2]
    assert middles == pytest.approx([540, 540], abs=1)
    assert words[1].baseline - words[0].baseline >= 72


def test_a_caption_that_begins_with_a_foreign_name_runs_as_its_text() -> None:
    first, second = arrange(texts("iPhone חדש"), look(), FONTS, (1080, 1920), [RUNNING_LEFT]).words

    assert first.x > second.x


def test_words_of_a_right_to_left_line_stand_from_right_to_left() -> None:
    first, second = arrange(texts("שלום עולם"), look(), FONTS, (1080, 1920)).words

    assert first.x > second.x + second.width_px
