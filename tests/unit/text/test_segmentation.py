"""Words of scripts that put no space between them."""

import pytest

from src.text.segmentation import breakable, joins, parted, segmented
from src.text.words import words_of


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Hello there, you", "en", ["Hello", "there,", "you"]),
        ("한국어 텍스트입니다.", "ko", ["한국어", "텍스트입니다."]),
        ("我喜欢Python编程，真的。", "zh", ["我", "喜欢", "Python", "编程，", "真的。"]),
        ("我們今天去，好嗎？", "zh-Hant", ["我們", "今天", "去，", "好嗎？"]),
        ("今日は「天気」が良いですね！", "ja", ["今日は", "「天気」が", "良いですね！"]),
        ("สวัสดีครับ วันนี้อากาศดี", "th", ["สวัสดี", "ครับ", "วัน", "นี้", "อากาศ", "ดี"]),
        ("他说“你好”。", "zh", ["他", "说", "“你", "好”。"]),
    ],
)
def test_a_text_is_parted_into_words(text: str, language: str, words: list[str]) -> None:
    assert segmented(text, language) == words


@pytest.mark.parametrize(
    "text", ["ສະບາຍດີຊາວໂລກທັງໝົດ", "ភាសាខ្មែរគឺជាភាសាផ្លូវការ", "မြန်မာဘာသာစကားဖြစ်ပါသည်"]
)
def test_scripts_without_a_model_are_parted_between_graphemes_when_they_are_long(text: str) -> None:
    parts = parted(text, "")

    assert len(parts) > 1
    assert "".join(parts) == text
    assert parted(text[:3], "") == (text[:3],)


@pytest.mark.parametrize("token", ["「『", "。。。", "😀", "—", "ๆ"])
def test_signs_alone_are_one_part(token: str) -> None:
    assert parted(token, "zh") == (token,)


def test_no_part_begins_with_a_closing_mark_or_ends_with_an_opening_one() -> None:
    for text in ("（你好）、「再见」！", "きゃっ、「東」京。", "コーヒー…っていい"):
        parts = breakable(text)
        assert "".join(parts) == text
        assert not any(part[0] in "）、」！っゃー。…" for part in parts)
        assert not any(part[-1] in "（「" for part in parts)


def test_vowels_that_stand_before_their_consonant_stay_with_it() -> None:
    assert breakable("เแกไข") == ["เแก", "ไข"]


def test_words_stand_joined_where_the_scripts_at_their_border_have_no_spaces() -> None:
    assert joins("我们", "今天。")
    assert joins("「東」", "京")
    assert not joins("我们", "Python")
    assert not joins("", "今天")
    assert not joins("한국어", "텍스트")


def test_words_of_a_text_are_joined_but_behind_a_space() -> None:
    words = words_of("我喜欢你 **真的很好** ok", "zh")

    assert [(word.shown, word.joined, word.emphasised) for word in words] == [
        ("我", False, False),
        ("喜欢", True, False),
        ("你", True, False),
        ("真的", False, True),
        ("很", True, True),
        ("好", True, True),
        ("ok", False, False),
    ]
