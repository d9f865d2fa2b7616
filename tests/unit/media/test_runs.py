"""A line taken apart into runs of one font and one direction, from left to right."""

import pytest

from src.media.bidi import levels_of, visual_order
from src.media.faces import FontFace, FontStack
from src.media.fonts import font_file, has_raqm
from src.media.runs import Run, runs_of

_STACK = FontStack(
    tuple(FontFace(font_file(name), 700) for name in ("Montserrat", "Heebo", "Noto Sans Arabic"))
)
_needs_raqm = pytest.mark.skipif(not has_raqm(), reason="without FriBiDi: apt-get install libfribidi0")


@pytest.mark.parametrize("text", ["Hello there, 12!", "Größe", "Привет"])
def test_what_the_lead_has_is_one_run(text: str) -> None:
    assert runs_of(text, _STACK) == (Run(text, 0, None),)


def test_a_word_of_one_other_font_is_one_run_that_tells_its_own_direction() -> None:
    assert runs_of("שלום", _STACK) == (Run("שלום", 1, None),)


@_needs_raqm
def test_runs_of_a_line_from_right_to_left_stand_in_reverse() -> None:
    assert runs_of("שלום Ana", _STACK) == (
        Run("Ana", 0, "ltr"),
        Run(" ", 0, "rtl"),
        Run("שלום", 1, "rtl"),
    )


@_needs_raqm
def test_digits_stay_in_order_inside_of_arabic() -> None:
    texts = [run.text for run in runs_of("عام 2024 في", _STACK)]

    assert [text for text in texts if text.strip()] == ["في", "2024", "عام"]


def test_what_no_font_has_and_controls_are_left_out() -> None:
    assert runs_of("a日\tb", _STACK) == (Run("ab", 0, None),)
    assert runs_of("日", _STACK) == ()


def test_text_without_right_to_left_letters_is_all_level_zero() -> None:
    assert levels_of("Hello 12") == (0,) * 8
    assert levels_of("") == ()


@_needs_raqm
def test_levels_are_those_of_the_standard() -> None:
    # The digits stand two deep in a line from right to left.
    assert levels_of("אב 12") == (1, 1, 1, 2, 2)


def test_runs_are_turned_level_by_level() -> None:
    assert visual_order([0, 1, 2, 1, 0]) == [0, 3, 2, 1, 4]
    assert visual_order([]) == []
