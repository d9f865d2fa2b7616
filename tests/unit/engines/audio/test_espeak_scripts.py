"""Scripts that the built-in voice refuses."""

import pytest

from src.engines.audio.espeak_scripts import refuse_unspeakable
from src.errors import NotSupported


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("konnichiwa", "ja", "Japanese"),
        ("konnichiwa", "JA-jp", "Japanese"),
        ("こんにちは", "en", "Japanese"),
        ("カタカナ", "zh", "Japanese"),
        ("sawasdee", "th-TH", "Thai"),
        ("สวัสดี", "en", "Thai"),
    ],
)
def test_japanese_and_thai_are_refused(text: str, language: str, name: str) -> None:
    with pytest.raises(NotSupported, match=name) as caught:
        refuse_unspeakable(text, language)

    assert caught.value.path == "voice.language"


@pytest.mark.parametrize(("text", "language"), [("hello", "en"), ("你好", "zh"), ("안녕", "ko"), ("", "en")])
def test_other_languages_are_let_through(text: str, language: str) -> None:
    refuse_unspeakable(text, language)


def test_who_wrote_in_another_language_than_the_voices_learns_which_to_set() -> None:
    with pytest.raises(NotSupported) as caught:
        refuse_unspeakable("هل تعلم أن الصحراء كانت بحرًا؟", "en")

    assert caught.value.path == "voice.language"
    assert caught.value.message == (
        "the text is in Arabic letters, which espeak spells one by one in 'en': "
        "set it to the language of the text, such as 'ar'"
    )
