"""What of a text is spoken."""

import pytest

from src.text.soundless import is_emoji, is_spoken, spoken_form


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("plain, text — don't!", "plain, text — don't!"),
        ("hi 😀 you", "hi   you"),
        ("a👨‍👩‍👧b", "a     b"),
        ("👍🏽ok", "  ok"),
        ("🇩🇪 flag", "   flag"),
        ("5️⃣ ways, #️⃣", "5   ways,    "),
        ("© 2024 ™", "© 2024 ™"),
        ("❤️x", "  x"),
        ("tab\tline\nnul\0end\ud800", "tab line nul end "),
        ("می‌خواهم", "می‌خواهم"),  # Persian needs its zero-width non-joiner
    ],
)
def test_what_is_not_spoken_is_blanked_in_place(text: str, spoken: str) -> None:
    assert spoken_form(text) == spoken
    assert len(spoken_form(text)) == len(text)


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("word", True),
        ("3,5", True),
        ("中文", True),
        ("5️⃣", True),
        ("—", False),
        ("...", False),
        ("😀", False),
        ("", False),
    ],
)
def test_a_token_is_spoken_if_it_has_a_letter_or_a_digit(token: str, expected: bool) -> None:
    assert is_spoken(token) is expected


@pytest.mark.parametrize("token", ["🔥", "👩‍👩‍👧", "🔥🎉", "🇩🇪!", "❤️"])
def test_emoji_are_only_seen(token: str) -> None:
    assert is_emoji(token)


@pytest.mark.parametrize("token", ["hot🔥", "1️⃣", "%", "©", "5🔥", "!", ""])
def test_what_a_voice_could_name_is_no_emoji(token: str) -> None:
    assert not is_emoji(token)
