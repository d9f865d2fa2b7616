"""Words of right-to-left lines."""

import pytest

from src.engines.subtitle.direction import Direction, courses, direction_of, leaning, visual_order
from src.models.caption_plan import Passage


@pytest.mark.parametrize(
    ("text", "direction"), [("abc", "ltr"), ("123 שלום", "rtl"), ("مرحبا", "rtl"), ("42!", None), ("", None)]
)
def test_the_first_letter_decides(text: str, direction: str | None) -> None:
    assert direction_of(text) == direction


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["one", "two", "three"], [0, 1, 2]),
        (["שלום", "עולם", "טוב"], [2, 1, 0]),
        (["שלום", "New", "York", "טוב"], [3, 1, 2, 0]),
        (["say", "שלום", "עולם", "now"], [0, 2, 1, 3]),
        (["שלום", "2024", "10"], [2, 1, 0]),
        (["1", "2"], [0, 1]),
        (["קניתי", "iPhone", "15", "Pro", "חדש"], [4, 1, 2, 3, 0]),
        (["עלה", "15", "Pro"], [2, 1, 0]),
        (["hello", "שלום", "15", "world"], [0, 2, 1, 3]),
        (["שלום", "New", "-", "York"], [1, 2, 3, 0]),
    ],
)
def test_words_stand_in_reading_order_of_their_line(texts: list[str], order: list[int]) -> None:
    assert visual_order(courses([texts])[0]) == order


def test_a_line_runs_as_its_caption_does_whatever_it_begins_with() -> None:
    first, second = courses([["קניתי", "אתמול"], ["iPhone", "חדש"]])
    _, continued = courses([["קניתי", "iPhone"], ["15", "Pro", "חדש"]])

    assert visual_order(first) == [1, 0]
    assert visual_order(second) == [1, 0]
    assert visual_order(continued) == [2, 0, 1]


@pytest.mark.parametrize("base", ["ltr", "rtl"])
def test_a_text_does_not_change_how_the_one_below_it_runs(base: Direction) -> None:
    lines = [["שלום", "iPhone"], ["15", "10", "שלום"]]
    passages = [Passage(lines=1, direction="rtl"), Passage(lines=1, direction=base)]

    (alone,) = courses(lines[1:], passages[1:])

    assert courses(lines, passages)[1] == alone


def test_a_line_of_another_script_is_read_as_it_is_written() -> None:
    assert visual_order(courses([["שלום"], ["3", "dogs"]])[1]) == [0, 1]


def test_words_without_letters_lean_to_where_their_caption_runs() -> None:
    assert [direction_of(leaning(text, "rtl")) for text in ("2025!", "(50%)", "New", "שלום")] == [
        "rtl",
        "rtl",
        "ltr",
        "rtl",
    ]
    assert [leaning("2025!", base) for base in ("ltr", None)] == ["2025!", "2025!"]
