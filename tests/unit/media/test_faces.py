"""Which font draws a grapheme, and what none draws."""

from pathlib import Path

import pytest

from src.media.faces import GRAPHEME, FontFace, FontStack, is_pictured, missing_graphemes
from src.media.fonts import font_file
from tests.system_fonts import CJK, EMOJI, needs_system_fonts

_MONTSERRAT = FontFace(font_file("Montserrat"), 800)
_INTER = FontFace(font_file("Inter"), 600)
_THAI = FontFace(font_file("Noto Sans Thai"), 800)


def test_the_first_font_that_has_all_of_a_grapheme_draws_it() -> None:
    stack = FontStack((_MONTSERRAT, _INTER, _THAI))

    assert [stack.place_of(grapheme) for grapheme in ("a", "ψ", "ที่", "日")] == [0, 1, 2, None]


def test_missing_graphemes_are_listed_once_in_order() -> None:
    assert missing_graphemes("日本 and 日 👍🏽", FontStack((_MONTSERRAT,))) == ("日", "本", "👍🏽")


@pytest.mark.parametrize(
    "text", ["Größe — ça, Ελλάδα", "Жизнь", "a\u200db\ufe0f \u00a0\n\u2060", "e\u0301 ế e\u0302\u0301"]
)
def test_what_the_font_draws_or_nobody_sees_is_not_missing(text: str) -> None:
    assert missing_graphemes(text, FontStack((_INTER,))) == ()


def test_what_only_a_private_font_would_draw_is_missing() -> None:
    assert missing_graphemes("a\U000f1234\U0010fffd", FontStack((_INTER,))) == ("\U000f1234", "\U0010fffd")


@pytest.mark.parametrize(
    "text", ["🔥", "❤️", "1️⃣", "👍🏽", "🇩🇪", "👩‍🚀", "🏴\U000e0067\U000e0062\U000e007f", "☺️"]
)
def test_emoji_are_one_grapheme_and_pictures(text: str) -> None:
    assert GRAPHEME.findall(text) == [text]
    assert is_pictured(text)


@pytest.mark.parametrize("text", ["1", "#", "a", "❤", "™", "🔥\ufe0e", "日"])
def test_letters_digits_and_signs_of_text_are_no_pictures(text: str) -> None:
    assert not is_pictured(text)


@needs_system_fonts
def test_pictures_come_from_the_font_of_pictures_and_nothing_else_does() -> None:
    stack = FontStack((_INTER, FontFace(EMOJI, 600), FontFace(CJK, 600, 2)))

    assert [stack.place_of(grapheme) for grapheme in ("❤", "❤️", "1", "1️⃣", "日", "🦄")] == [
        0,
        1,
        0,
        1,
        2,
        1,
    ]


@needs_system_fonts
def test_fonts_of_a_collection_are_told_by_their_place() -> None:
    assert all(FontFace(CJK, 700, index).draws("直") for index in range(5))


def test_a_place_that_a_collection_does_not_have_is_an_error(tmp_path: Path) -> None:
    from src.media.charmap import FontError, characters_of

    file = tmp_path / "empty.ttc"
    file.write_bytes(b"ttcf" + bytes(20))

    with pytest.raises(FontError):
        characters_of(file, 3)
