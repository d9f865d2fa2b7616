"""Balanced lines."""

import random

import pytest

from src.media.linebreak import balanced_lines, unbreakable, wrap_lines


def test_what_fits_stays_on_one_line() -> None:
    assert wrap_lines("to be", len, 5) == ["to be"]


def test_lines_are_balanced_instead_of_filled() -> None:
    assert wrap_lines("the quick brown fox jumps", len, 20) == ["the quick", "brown fox jumps"]


def test_no_word_is_left_over() -> None:
    lines = wrap_lines("one two three four five six", len, 22)

    assert [len(line.split()) for line in lines] == [3, 3]


def test_a_word_wider_than_the_line_is_broken_between_graphemes() -> None:
    thumb = "👍🏽"

    assert wrap_lines(thumb * 3, len, 4) == [thumb * 2, thumb]


def test_line_breaks_of_the_text_are_kept_and_blank_lines_dropped() -> None:
    assert wrap_lines("a b\n\nc", len, 10) == ["a b", "c"]


def test_no_break_spaces_hold() -> None:
    assert wrap_lines("about 20\u00a0km away", len, 9) == ["about", "20\u00a0km", "away"]


@pytest.mark.parametrize("text", ["", " \n "])
def test_nothing_gives_no_lines(text: str) -> None:
    assert wrap_lines(text, len, 10) == []


@pytest.mark.parametrize("seed", range(20))
def test_lines_keep_all_words_in_order_and_fit(seed: int) -> None:
    chance = random.Random(seed)
    words = ["x" * chance.randint(1, 9) for _ in range(chance.randint(1, 40))]
    width = chance.randint(9, 30)

    lines = wrap_lines(" ".join(words), len, width)

    assert " ".join(lines).split() == words
    assert max(map(len, lines)) <= width
    assert len(lines) == _greedy_count(words, width)


def _greedy_count(words: list[str], width: int) -> int:
    lines, here = 1, -1
    for word in words:
        if here + 1 + len(word) > width:
            lines, here = lines + 1, -1
        here += 1 + len(word)
    return lines


def test_a_word_of_unbreakable_width_stands_alone() -> None:
    assert balanced_lines([3, 50, 3], [1, 1, 1], 10) == [(0, 1), (1, 2), (2, 3)]


def test_chinese_and_japanese_break_between_words_without_a_space() -> None:
    assert wrap_lines("我喜欢Python编程，真的。", len, 10) == ["我喜欢Python", "编程，真的。"]
    assert wrap_lines("今日は「天気」が良いですね！", len, 9) == ["今日は「天気」が", "良いですね！"]


@pytest.mark.parametrize("width", range(1, 12))
def test_no_line_begins_with_a_closing_mark_while_there_is_room(width: int) -> None:
    lines = wrap_lines("東京、「きょう」は。ok", len, width)

    assert "".join(lines).replace(" ", "") == "東京、「きょう」は。ok"
    assert max(map(len, lines)) <= width
    if width > 4:
        assert not any(line[0] in "、」ょ。" for line in lines)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("Great news 🔥", 11, ["Great", "news 🔥"]),
        ("Great news 🔥 🎉 today", 12, ["Great", "news 🔥 🎉", "today"]),
        ("go 👩‍🚀! now", 9, ["go 👩‍🚀!", "now"]),
        ("今日は天気が良い🔥とても嬉しい", 7, ["今日は", "天気が良い🔥", "とても嬉しい"]),
        ("see 🔥fire", 6, ["see", "🔥fire"]),
        ("🔥 fire", 5, ["🔥", "fire"]),
        ("I ❤ you", 4, ["I ❤", "you"]),
    ],
)
def test_emoji_stay_with_the_word_that_they_follow(text: str, width: int, lines: list[str]) -> None:
    assert wrap_lines(text, len, width) == lines


def test_emoji_that_do_not_fit_beside_their_word_stand_alone() -> None:
    assert wrap_lines("incredible 🔥", len, 10) == ["incredible", "🔥"]


def test_what_stays_together_is_told_for_any_width() -> None:
    assert unbreakable("Great news 🔥\nnow") == ["Great", "news 🔥", "now"]


def test_joined_words_have_no_space_between_them() -> None:
    assert balanced_lines([4, 4, 4], [4, 0, 0], 12) == [(0, 3)]
    assert len(balanced_lines([4, 4, 4], [4, 4, 4], 12)) == 2


def test_lines_of_a_paragraph_run_as_its_first_letter_does() -> None:
    assert wrap_lines("שלום Python (50%)", len, 6) == ["שלום", "\u200fPython", "\u200f(50%)"]
    assert wrap_lines("Python שלום (50%)", len, 6) == ["Python", "שלום", "(50%)"]


def test_tied_words_share_a_line_where_that_takes_no_more_lines() -> None:
    assert balanced_lines([4, 4, 2, 4], [1, 1, 1, 1], 12) == [(0, 2), (2, 4)]
    assert balanced_lines([4, 4, 2, 4], [1, 1, 1, 1], 12, [False, True, False, False]) == [(0, 1), (1, 4)]
    assert balanced_lines([9, 9], [1, 1], 12, [True, False]) == [(0, 1), (1, 2)]


@pytest.mark.parametrize(
    ("text", "held", "width", "lines"),
    [
        ("it is 300 m high", (2,), 9, ["it is", "300 m", "high"]),
        ("one\nit is 300 m high", (3,), 9, ["one", "it is", "300 m", "high"]),
        ("a cost of 5 million dollars", (3, 4), 17, ["a cost of", "5 million dollars"]),
    ],
)
def test_words_that_are_held_share_a_line_where_both_fit(
    text: str, held: tuple[int, ...], width: int, lines: list[str]
) -> None:
    assert wrap_lines(text, len, width, held) == lines
    assert wrap_lines(text, len, width) != lines


def test_words_that_are_held_but_do_not_fit_stand_on_two_lines() -> None:
    assert wrap_lines("it is 10,000 kilometres", len, 10, (2,)) == ["it is", "10,000", "kilometres"]
