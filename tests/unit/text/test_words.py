"""Words of a text, what is said for them, and when they are seen."""

import pytest

from src.models.words import TimedWord, Word
from src.text.emphasis import Marked, marked
from src.text.words import seen, utterance_of, words_of


@pytest.mark.parametrize(
    ("text", "shown", "emphasised"),
    [
        ("one **two** three", ["one", "two", "three"], [False, True, False]),
        ("**all of these**, not", ["all", "of", "these,", "not"], [True, True, True, False]),
        ("**two**! **three**", ["two!", "three"], [True, True]),
        ("2 ** 3 and **open", ["2", "**", "3", "and", "**open"], [False] * 5),
        ("a**b and c**", ["a**b", "and", "c**"], [False] * 3),
        ("** **", ["**", "**"], [False, False]),
        ("", [], []),
    ],
)
def test_marks_are_taken_off_and_what_they_enclose_is_emphasised(
    text: str, shown: list[str], emphasised: list[bool]
) -> None:
    assert marked(text) == tuple(map(Marked, shown, emphasised))


def test_words_are_what_stands_between_white_space() -> None:
    assert words_of(" The **end**\n is near. ", "en") == (
        Word("The", "The"),
        Word("end", "end", emphasised=True),
        Word("is", "is"),
        Word("near.", "near."),
    )


def test_an_utterance_leaves_out_what_is_only_seen_and_joins_what_has_no_space() -> None:
    words = [Word("5%", "five percent"), Word("🎉", ""), Word("你", "你"), Word("好", "好", joined=True)]
    utterance = utterance_of(words)
    assert utterance.text == "five percent 你好"
    assert utterance.parts == ("five percent", "你", "好")


def test_what_is_only_seen_shares_the_time_of_the_word_before_it() -> None:
    words = [Word("«", ""), Word("yes", "yes"), Word("🎉", ""), Word("no", "no", emphasised=True)]
    heard = [TimedWord("yes", 100, 1100), TimedWord("no", 1200, 2000)]
    quote, yes, party, no = seen(words, heard, 2000)
    assert (quote.start_sample, party.end_sample) == (100, 1100)
    assert quote.end_sample == yes.start_sample < yes.end_sample == party.start_sample
    assert no == TimedWord("no", 1200, 2000, emphasised=True)


def test_a_text_that_is_only_seen_lasts_as_long_as_its_silence() -> None:
    first, second = seen([Word("🎉", ""), Word("🎈", "")], [], 1000)
    assert (first.start_sample, first.end_sample, second.end_sample) == (0, 500, 1000)


def test_marks_inside_of_scripts_without_spaces_part_words() -> None:
    assert marked("我**喜欢**你 学**Python**吧") == (
        Marked("我", False),
        Marked("喜欢", True, joined=True),
        Marked("你", False, joined=True),
        Marked("学", False),
        Marked("Python", True, joined=True),
        Marked("吧", False, joined=True),
    )
    assert marked("**「大事」**、です") == (Marked("「大事」、", True), Marked("です", False, joined=True))
    assert marked("**a** 「你」") == (Marked("a", True), Marked("「你」", False))
