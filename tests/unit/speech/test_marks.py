"""Times of a text that was said otherwise than it was given."""

from src.speech.marks import on_given_text
from src.speech.provider import Mark


def test_marks_of_the_same_text_stay_where_they_are() -> None:
    marks = (Mark(0, 0.0), Mark(3, 0.5))
    assert on_given_text("So it", "So it", marks) == marks


def test_words_that_both_texts_have_keep_their_times() -> None:
    said = "Pay five dollars now"
    marks = [Mark(place, place / 10) for place in range(len(said))]
    assert on_given_text("Pay $5 now", said, marks) == (Mark(0, 0.0), Mark(7, 1.7))


def test_case_and_white_space_make_no_other_word() -> None:
    marks = [Mark(0, 0.1), Mark(6, 0.4)]
    assert on_given_text("HELLO  there", "hello there", marks) == (Mark(0, 0.1), Mark(7, 0.4))


def test_marks_that_run_backwards_are_left_out() -> None:
    marks = [Mark(0, 0.0), Mark(2, 0.9), Mark(4, 0.3), Mark(6, 1.2)]
    assert on_given_text("a b c d", "a b c d", marks) == (Mark(0, 0.0), Mark(2, 0.9), Mark(6, 1.2))


def test_texts_that_have_nothing_in_common_have_no_marks() -> None:
    assert on_given_text("你好", "hello", [Mark(0, 0.0)]) == ()
