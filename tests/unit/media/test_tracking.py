"""Letters at a distance from each other."""

import numpy as np
import pytest

from src.media.faces import FontStack
from src.media.lettering import Lettering, font_stack

_FAMILIES = (
    "Montserrat ExtraBold",
    "Heebo ExtraBold",
    "Noto Sans Arabic ExtraBold",
    "Noto Sans Devanagari ExtraBold",
)
STACK = FontStack(tuple(font_stack(family, {}).faces[0] for family in _FAMILIES))
SIZE_PX = 50
PLAIN, WIDE = Lettering(STACK, SIZE_PX), Lettering(STACK, SIZE_PX, 200)


@pytest.mark.parametrize(
    ("text", "gaps"), [("H", 0), ("HH", 1), ("AVATAR", 5), ("Ёж", 1), ("e\u0301e\u0301", 1), ("12%", 2)]
)
def test_letters_stand_apart_and_keep_their_kerning(text: str, gaps: int) -> None:
    assert WIDE.length(text) == pytest.approx(PLAIN.length(text) + gaps * 10, abs=0.5)


@pytest.mark.parametrize("text", ["مرحبا", "नमस्ते", "क्षमा", "שלום", "\u200f2025!"])
def test_letters_that_join_stack_or_run_from_the_right_stay_together(text: str) -> None:
    assert WIDE.length(text) == PLAIN.length(text)
    canvas = (300, 100)
    drawn, plain = (part.draw(text, canvas, (10, 70), 0).fill for part in (WIDE, PLAIN))
    assert np.array_equal(drawn, plain)


def test_every_letter_is_drawn_at_its_distance() -> None:
    fill = WIDE.draw("III", (300, 100), (10, 70), 0).fill
    inked = np.flatnonzero(fill.any(axis=0))
    columns = inked[np.flatnonzero(np.diff(inked, prepend=-9) > 1)]

    assert len(columns) == 3
    assert np.diff(columns) == pytest.approx(PLAIN.length("I") + 10, abs=1)


def test_words_stand_apart_accordingly() -> None:
    assert WIDE.space_px == PLAIN.space_px + 20
    assert [WIDE.joint_px(text) for text in ("x", "م")] == [10, 0]
    assert PLAIN.joint_px("x") == 0


def test_letters_may_stand_closer() -> None:
    assert Lettering(STACK, SIZE_PX, -40).length("HHH") == pytest.approx(PLAIN.length("HHH") - 4)
