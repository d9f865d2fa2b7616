"""What lines of Advanced SubStation Alpha say."""

import pytest

from src.models.subtitles import StyledLine
from src.text.substation_text import families_in, is_moving, is_placed, said_lines


def test_overrides_and_drawings_are_not_said() -> None:
    text = r"{\an8\c&HFF&}One{comment} {\b1}two{\b0}\N{\p1}m 0 0 l 5 5{\p0}three\hfour"
    assert said_lines(text, 0) == (StyledLine("One two", ((4, 7),)), StyledLine("three four"))


def test_syllables_of_karaoke_are_times_of_words() -> None:
    lines = said_lines(r"{\k50}One {\kf25}two\N{\K100}three", 1000)
    assert lines == (StyledLine("One two", (), ((0, 1000), (4, 1500))), StyledLine("three", (), ((0, 1750),)))


@pytest.mark.parametrize(
    ("text", "moves", "stands"),
    [
        (r"plain \move(1,2,3,4)", False, False),
        (r"{\pos(1,2)\b1}x", False, True),
        (r"{\move(0,0,9,9)}x", True, True),
        (r"{\t(\fscx200)}x", True, False),
        (r"{\fad(200,200)}x", True, False),
        (r"{\k20}x", True, False),
        (r"{\blur5\be1\frz30}x", False, False),
    ],
)
def test_what_moves_and_what_is_placed_is_told(text: str, moves: bool, stands: bool) -> None:
    assert (is_moving(text), is_placed(text)) == (moves, stands)


def test_families_of_overrides_are_listed() -> None:
    assert families_in(r"{\fnArial Black\b1}x{\fn}y{\fn Inter }z\fnNo") == ("Arial Black", "Inter")
