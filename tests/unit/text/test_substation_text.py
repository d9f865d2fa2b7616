"""What lines of Advanced SubStation Alpha say."""

import pytest

from src.models.subtitles import StyledLine
from src.text.substation_text import changes, families_in, is_placed, said_lines, without


def test_overrides_and_drawings_are_not_said() -> None:
    text = r"{\an8\c&HFF&}One{comment} {\b1}two{\b0}\N{\p1}m 0 0 l 5 5{\p0}three\hfour"
    assert said_lines(text, 0) == (StyledLine("One two", ((4, 7),)), StyledLine("three four"))


def test_syllables_of_karaoke_are_times_of_words() -> None:
    lines = said_lines(r"{\k50}One {\kf25}two\N{\K100}three", 1000)
    assert lines == (StyledLine("One two", (), ((0, 1000), (4, 1500))), StyledLine("three", (), ((0, 1750),)))


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        (r"plain \move(1,2,3,4)", ()),
        (r"{\pos(1,2)\blur5\be1\frz30}x", ()),
        (r"{\move(0,0,9,9)}x", ((0, 2000),)),
        (r"{\move(0,0,9,9,500,900)}x", ((500, 900),)),
        (r"{\move(0,0,9,9,0,0)}x", ((0, 2000),)),
        (r"{\t(\fscx200)}x", ((0, 2000),)),
        (r"{\t(100, 300,2.0,\fscx200)}x", ((100, 300),)),
        (r"{\t(-100,300,\fscx200)}x", ((0, 2000),)),
        (r"{\t(0.5,\clip(0,0,1,1))}x", ((0, 2000),)),
        (r"{\fad(200,300)}x", ((0, 200), (1700, 2000))),
        (r"{\fade(255,0,255,0,100,200,300)}x", ((0, 2000),)),
        (r"{\k50}One {\k70}two{\k999}", ((0, 0), (500, 500), (1200, 1200))),
        (r"{\k50}One {\kf70}two", ((0, 2000),)),
        (r"{\K50}One", ((0, 2000),)),
        (r"{\k50.5}One", ((0, 2000),)),
        (r"{\kt50}One", ((0, 2000),)),
    ],
)
def test_when_a_picture_changes_is_told(text: str, spans: tuple[tuple[int, int], ...]) -> None:
    assert changes(text, 2000) == spans


@pytest.mark.parametrize(
    ("text", "stands"), [(r"{\pos(1,2)}x", True), (r"{\move(0,0,1,1)}x", True), (r"\pos(1,2)", False)]
)
def test_what_is_placed_is_told(text: str, stands: bool) -> None:
    assert is_placed(text) == stands


def test_families_of_overrides_are_listed() -> None:
    assert families_in(r"{\fnArial Black\b1}x{\fn}y{\fn Inter }z\fnNo") == ("Arial Black", "Inter")


def test_what_no_font_has_is_left_out_of_what_is_said_only() -> None:
    assert without("{\\fn☃}a☃b{☃}☃", ["☃"]) == "{\\fn☃}ab{☃}"
    assert without("👩‍👩‍👧 👩 x", ["👩‍👩‍👧"]) == " 👩 x"
    assert without("{\\b1}a", ["☃"]) == "{\\b1}a"
