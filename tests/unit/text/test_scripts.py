"""Which script a character belongs to, and whose shapes of Chinese characters are meant."""

import pytest

from src.text.scripts import needs_shaping, region_of, script_of


@pytest.mark.parametrize(
    ("grapheme", "script"),
    [
        ("a", ""),
        ("Ж", ""),
        ("ế", ""),
        ("7", ""),
        ("🔥", ""),
        ("م", "Arabic"),
        ("،", "Arabic"),
        ("क्ष", "Devanagari"),
        ("।", "Devanagari"),
        ("日", "Han"),
        ("！", "Han"),
        ("ー", "Hiragana"),
        ("한", "Hangul"),
        ("ৰ", "Bengali"),
        ("་", "Tibetan"),
    ],
)
def test_a_grapheme_belongs_to_the_script_that_has_fonts_for_it(grapheme: str, script: str) -> None:
    assert script_of(grapheme) == script


def test_scripts_that_join_stack_or_run_from_the_right_need_shaping() -> None:
    assert [needs_shaping(letter) for letter in "مשकกམ"] == [True] * 5
    assert [needs_shaping(letter) for letter in "aЖ日한ა."] == [False] * 6


@pytest.mark.parametrize(
    ("text", "language", "region"),
    [
        ("你好", "zh", "SC"),
        ("你好", "zh-Hant", "TC"),
        ("你好", "zh_TW", "TC"),
        ("你好", "zh-HK", "HK"),
        ("體", "zh-CN", "SC"),
        ("日本", "ja", "JP"),
        ("你好", "yue", "HK"),
        ("日本です", "zh", "SC"),
        ("한국 韓國", "ja", "JP"),
        ("日本です", "en", "JP"),
        ("한국 韓國", "en", "KR"),
        ("电脑和软件", "en", "SC"),
        ("電腦和軟體", "en", "TC"),
        ("電腦和軟體", "zh", "TC"),
    ],
)
def test_language_then_letters_then_characters_tell_the_region(text: str, language: str, region: str) -> None:
    assert region_of(text, language) == region


@pytest.mark.parametrize(
    ("text", "around", "region"),
    [
        ("東京", "これは東京です", "JP"),
        ("电脑", "これは東京です", "SC"),
        ("韓國", "서울 한국", "KR"),
        ("これ", "서울 한국", "JP"),
        ("你好", "電腦和軟體", "TC"),
    ],
)
def test_what_stands_around_a_text_tells_where_it_does_not_itself(
    text: str, around: str, region: str
) -> None:
    assert region_of(text, "en", around) == region
