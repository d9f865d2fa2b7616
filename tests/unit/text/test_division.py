"""Where words that are too long for a line may be divided."""

from itertools import pairwise

import pytest

from src.text.division import borders


def marks(word: str) -> set[str]:
    return {border.mark for border in borders(word)}


@pytest.mark.parametrize("word", ["Geschwindigkeit", "рентгенография", "ψυχοθεραπεία", "„Überraschung!“"])
def test_words_in_latin_cyrillic_and_greek_get_a_hyphen(word: str) -> None:
    assert "-" in marks(word)


@pytest.mark.parametrize(
    "word",
    [
        "我喜欢学习中文",
        "ภาษาไทยง่าย",
        "مستشفياتنا",
        "https://example.com/path",
        "#SomeLongTag",
        "@someone",
        "100000000",
    ],
)
def test_other_scripts_addresses_tags_and_numbers_get_none(word: str) -> None:
    assert marks(word) == {""}


def test_no_second_hyphen_stands_behind_one() -> None:
    (border,) = (border for border in borders("bitter-sweet") if border.at == len("bitter-"))

    assert (border.mark, border.cost) == ("", 0.0)


def test_nothing_divides_a_grapheme() -> None:
    assert [border.at for border in borders("👩‍👩‍👧क्षe\u0301x")] == [5, 8, 10]


@pytest.mark.parametrize(
    ("word", "best"),
    [
        ("www.example.com/path", ["www.example.com/", "path"]),
        ("first_last@example.com", ["first_", "last@", "example.com"]),
        ("#MakeEveryDayGreat", ["#Make", "Every", "Day", "Great"]),
        ("Donau\u00addampf", ["Donau\u00ad", "dampf"]),
        ("مدرسةكبيرة", ["مد", "ر", "سة", "كبير", "ة"]),
    ],
)
def test_good_places_cost_nothing(word: str, best: list[str]) -> None:
    cuts = [0, *(border.at for border in borders(word) if border.cost == 0), len(word)]

    assert [word[a:b] for a, b in pairwise(cuts)] == best


def test_hardly_a_letter_stands_alone() -> None:
    costs = {border.at: border.cost for border in borders("banana")}

    assert costs[1] == costs[5] > costs[3]


def test_a_dot_of_an_address_is_better_than_a_place_inside_of_a_name_and_worse_than_any_mark() -> None:
    word = "www.example.com/path"
    costs = {word[: border.at]: border.cost for border in borders(word)}

    assert costs["www.example.com/"] < costs["www."] == costs["www.example."]
    assert costs["www."] < min(costs["www.exam"], costs["www.example.com/pa"])
