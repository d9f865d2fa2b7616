"""Text measured and drawn in several fonts."""

import numpy as np
import pytest

from src.media.faces import FontFace, FontStack
from src.media.fonts import font_file
from src.media.lettering import Lettering, font_stack
from src.models.caption_plan import FallbackFont
from tests.system_fonts import EMOJI, needs_system_fonts

_LATIN = FontFace(font_file("Montserrat ExtraBold"), 800)
_STACK = FontStack((_LATIN, FontFace(font_file("Heebo"), 800)))


def test_parts_of_a_word_add_up() -> None:
    lettering = Lettering(_STACK, 60)

    whole = lettering.length("Hiשלום")

    assert whole == pytest.approx(lettering.length("Hi") + lettering.length("שלום"), abs=0.5)
    assert lettering.ink("Hiשלום")[2] > lettering.length("Hi")


def test_text_that_no_font_has_takes_no_room_and_draws_nothing() -> None:
    lettering = Lettering(_STACK, 60)

    assert lettering.length("日") == 0
    assert lettering.ink("日") == (0, 0, 0, 0)
    assert not lettering.draw("日", (80, 80), (10, 60), 4).outline.any()


@pytest.mark.parametrize(("text", "stroke_px"), [("Hagשץ", 0), ("Hagשץ", 5)])
def test_nothing_is_drawn_outside_of_the_ink_and_its_outline(text: str, stroke_px: int) -> None:
    lettering = Lettering(_STACK, 60)
    left, top, right, bottom = lettering.ink(text)

    drawn = lettering.draw(text, (400, 200), (100, 120), stroke_px)

    rows, columns = np.nonzero(drawn.outline)
    assert columns.min() >= 100 + int(left) - stroke_px - 1
    assert columns.max() <= 100 + right + stroke_px + 1
    assert rows.min() >= 120 + int(top) - stroke_px - 1
    assert rows.max() <= 120 + bottom + stroke_px + 1
    assert drawn.picture is None
    assert (drawn.outline is drawn.fill) == (stroke_px == 0)


def test_fonts_that_step_in_look_as_large_as_the_lead() -> None:
    heights = []
    for lead in ("Anton", "Montserrat ExtraBold"):
        stack = FontStack((FontFace(font_file(lead), 400), FontFace(font_file("Heebo"), 800)))
        lettering = Lettering(stack, 100)
        heights.append(-lettering.ink("ם")[1] / -lettering.ink("H")[1])

    assert heights[0] == pytest.approx(heights[1], abs=0.05)


@needs_system_fonts
def test_emoji_are_pictures_beside_letters() -> None:
    lettering = Lettering(FontStack((_LATIN, FontFace(EMOJI, 800))), 64)

    drawn = lettering.draw("Hi🔥", (300, 120), (10, 90), 4)

    start = round(10 + lettering.length("Hi"))
    assert drawn.picture is not None
    assert drawn.picture.shape == (120, 300, 4)
    assert not drawn.picture[:, :start].any()
    assert drawn.picture[:, start:, 3].max() == 255
    assert (drawn.picture[:, :, :3] <= drawn.picture[:, :, 3:]).all(), "premultiplied"
    assert not drawn.fill[:, start:].any()
    assert drawn.outline[:, start:].any()


@needs_system_fonts
@pytest.mark.parametrize(
    "sequence",
    ["👩‍🚀", "🇩🇪", "👍🏽", "1️⃣", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"],
)
def test_a_sequence_of_emoji_is_one_picture(sequence: str) -> None:
    lettering = Lettering(FontStack((_LATIN, FontFace(EMOJI, 800))), 64)

    assert lettering.length(sequence) == lettering.length("🔥")


@needs_system_fonts
def test_emoji_are_clipped_at_the_canvas() -> None:
    lettering = Lettering(FontStack((_LATIN, FontFace(EMOJI, 800))), 64)

    drawn = lettering.draw("🔥", (20, 20), (-30, 20), 0)

    assert drawn.picture is not None
    assert drawn.picture.shape == (20, 20, 4)


def test_fallbacks_of_a_plan_stand_behind_the_lead() -> None:
    sha256 = "a" * 64
    fallback = FallbackFont(sha256=sha256, number=0, weight=700, characters="ש")

    stack = font_stack("Montserrat ExtraBold", {sha256: font_file("Heebo")}, [fallback])

    assert stack == FontStack((_LATIN, FontFace(font_file("Heebo"), 700, 0)))
