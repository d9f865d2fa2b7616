"""Texts in letters that their language does not have."""

import pytest

from src.text.alphabets import Foreign, foreign_letters


@pytest.mark.parametrize(
    ("text", "language", "foreign"),
    [
        ("هل تعلم أن الصحراء كانت بحرًا؟", "en", Foreign("Arabic", "ar")),
        ("Горы горят", "en-us", Foreign("Cyrillic", "ru")),
        ("Τα βουνά", "de", Foreign("Greek", "el")),
        ("你知道吗", "en", Foreign("Han", "zh")),
        ("क्या आप जानते हैं", "ta", Foreign("Devanagari", "hi")),
        ("הידעת", "ar", Foreign("Hebrew", "he")),
        ("안녕하세요", "ja", Foreign("Hangul", "ko")),
    ],
)
def test_their_script_and_a_language_of_it_are_named(text: str, language: str, foreign: Foreign) -> None:
    assert foreign_letters(text, language) == foreign


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Mountains burn", "en"),
        ("Mountains burn", "ru"),
        ("Горы горят", "ru-LV"),
        ("Горы горят", "sr"),
        ("Горы горят", "sr-Cyrl-RS"),
        ("你知道吗", "cmn"),
        ("你知道嗎", "yue"),
        ("漢字とかな", "ja"),
        ("한국과 漢字", "ko"),
        ("ਪੰਜਾਬੀ", "pa"),
        ("They said Москва, and went", "en"),
        ("2 × 3 = 6 🎉", "en"),
        ("", "en"),
        ("Горы", "tlh"),
    ],
)
def test_letters_of_the_language_are_at_home(text: str, language: str) -> None:
    assert foreign_letters(text, language) is None
