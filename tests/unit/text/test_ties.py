"""Which neighbours are read as one thing."""

import pytest

from src.text.ties import held_words, is_list_number, ties_of
from src.text.verbal import verbal


def tied(text: str, language: str) -> list[str]:
    words = text.split()
    ties = ties_of(words, language)
    return [f"{words[at]} {words[at + 1]}" for at, is_tied in enumerate(ties) if is_tied]


@pytest.mark.parametrize(
    ("text", "language", "together"),
    [
        ("It is 3,343 m, or 10,968 feet.", "en", ["3,343 m,", "10,968 feet."]),
        ("Only 5 % of 40 °C", "en", ["5 %", "40 °C"]),
        ("almost 5 million dollars a day", "en", ["5 million", "million dollars"]),
        ("für 3 – 4 km und (20-30 kg)", "de", ["4 km", "(20-30 kg)"]),
        ("rund 100 Quadratkilometer", "de", ["100 Quadratkilometer"]),
        ("طوله 150 كيلومترا، و ١٥٠ كم", "ar", ["150 كيلومترا،", "١٥٠ كم"]),
        ("через 12 часов и 500 рублей", "ru", ["12 часов", "500 рублей"]),
        ("for $ 5 or $5 M", "en", ["$ 5", "$5 M"]),
        ("In 1969 men met. Then 7. M is a letter, m too.", "en", []),
        ("3 people and 4 moons", "en", []),
        ("150 xyz", "no-such-language", []),
        ("", "en", []),
    ],
)
def test_a_number_and_what_it_counts_belong_together(text: str, language: str, together: list[str]) -> None:
    assert tied(text, language) == together


@pytest.mark.parametrize("text", ["#4.", "#4", "4.", "12)", "(3)", "5:"])
def test_the_number_of_a_list_is_known(text: str) -> None:
    assert is_list_number(text)


@pytest.mark.parametrize("text", ["1969.", "4", "#tag.", "4th.", "3.5", "four."])
def test_other_numbers_count_no_list(text: str) -> None:
    assert not is_list_number(text)


@pytest.mark.parametrize(("text", "language"), [("50 dB", "en"), ("150 ft", "ar")])
def test_a_unit_without_a_name_in_the_language_is_said_as_it_is_written(text: str, language: str) -> None:
    assert " ".join(verbal(text.split(), language)) == text


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("#4. The tower", (0,)),
        ("Best of all\n2) A roof 300 m high", (3, 6)),
        ("Wait. 3. Go! A room 7. Go", (1,)),
        ("3. 2. 1.", ()),
        ("", ()),
    ],
)
def test_words_of_a_text_that_are_read_together_are_numbered_through_its_lines(
    text: str, held: tuple[int, ...]
) -> None:
    assert held_words(text, "en") == held
