"""From which side words are read."""

import pytest

from src.engines.subtitle.reading import spans_of
from src.media.faces import FontStack
from src.media.lettering import Lettering, font_stack

LETTERING = Lettering(
    FontStack((*font_stack("Montserrat ExtraBold", {}).faces, *font_stack("Heebo ExtraBold", {}).faces)), 60
)
#: What stands before numbers in a line from right to left.
MARK = "\u200f"


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("night", ["ltr"]),
        ("2025", ["ltr"]),
        ("שלום,", ["rtl"]),
        (f"{MARK}2025", ["ltr"]),
        (f"{MARK}2025!", ["ltr", "rtl"]),
        ("ב2025", ["rtl", "ltr"]),
        ("iPhone", ["ltr"]),
    ],
)
def test_numbers_are_read_from_the_left_in_any_line(text: str, order: list[str]) -> None:
    assert ["rtl" if span.is_rtl else "ltr" for span in spans_of(text, LETTERING)] == order


def test_what_is_read_first_stands_where_it_is_drawn() -> None:
    letter, number = spans_of("ב2025", LETTERING)

    assert number.left == 0.0
    assert letter.right == pytest.approx(1.0)
    assert number.right == pytest.approx(letter.left)
    assert letter.right - letter.left == pytest.approx(
        LETTERING.length("ב") / (LETTERING.length("ב") + LETTERING.length("2025"))
    )
