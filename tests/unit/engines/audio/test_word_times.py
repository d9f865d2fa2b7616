"""Word events to word times."""

from itertools import pairwise

import numpy as np
import pytest

from src.engines.audio.word_times import MIN_WORD_SAMPLES, WordEvent, speech_bounds, word_times
from src.media.sound import Pcm
from src.models.words import TimedWord, Utterance


def loud(samples: int) -> Pcm:
    return np.full((samples, 2), 8_000, np.int16)


def starts(words: tuple[TimedWord, ...]) -> list[int]:
    return [word.start_sample for word in words]


def test_each_word_lasts_until_the_next_begins() -> None:
    events = [WordEvent(0, 0), WordEvent(4, 10_000), WordEvent(8, 25_000)]

    words = word_times(Utterance.of("one two three"), events, loud(40_000))

    assert words == (
        TimedWord("one", 0, 10_000),
        TimedWord("two", 10_000, 25_000),
        TimedWord("three", 25_000, 40_000),
    )


def test_several_events_in_a_token_make_one_word() -> None:
    events = [WordEvent(0, 0), WordEvent(2, 8_000), WordEvent(4, 16_000)]

    assert starts(word_times(Utterance.of("3,5 cm"), events, loud(20_000))) == [0, 16_000]


def test_an_event_in_the_token_before_is_the_next_words() -> None:
    """The engine joins "of it" and reports the first half one token early."""
    events = [WordEvent(0, 0), WordEvent(1, 9_000), WordEvent(8, 15_000)]

    assert starts(word_times(Utterance.of("most of it"), events, loud(20_000))) == [0, 9_000, 15_000]


def test_a_word_without_event_shares_the_time_by_its_length() -> None:
    words = word_times(Utterance.of("abc abc x"), [WordEvent(0, 0), WordEvent(8, 12_000)], loud(20_000))

    assert starts(words) == [0, 6_000, 12_000]


def test_a_dash_takes_hardly_any_time() -> None:
    words = word_times(Utterance.of("left — right"), [WordEvent(0, 0), WordEvent(7, 34_000)], loud(60_000))

    assert words[1] == TimedWord("—", 32_000, 34_000)


def test_a_quote_ahead_of_the_first_word_does_not_push_it_away() -> None:
    words = word_times(Utterance.of("— hello"), [WordEvent(2, 500)], loud(20_000))

    assert starts(words)[0] == 500
    assert starts(words)[1] < 2_500


def test_a_word_ends_where_its_sound_does() -> None:
    pcm = loud(48_000)
    pcm[12_000:24_000] = 0

    words = word_times(Utterance.of("one two"), [WordEvent(0, 0), WordEvent(4, 24_000)], pcm)

    assert words[0].end_sample == 12_000


@pytest.mark.parametrize(
    "events",
    [
        [],
        [WordEvent(0, 90_000)],
        [WordEvent(-5, -100), WordEvent(500, 3)],
        [WordEvent(9, 100), WordEvent(4, 90), WordEvent(0, 200)],
        [WordEvent(0, 50), WordEvent(4, 50), WordEvent(9, 50)],
    ],
)
@pytest.mark.parametrize("samples", [5 * MIN_WORD_SAMPLES, 30_000])
def test_words_never_overlap_nor_leave_the_sound_whatever_the_events(
    events: list[WordEvent], samples: int
) -> None:
    text = "one two, — three 😀"

    words = word_times(Utterance.of(text), events, loud(samples))

    assert [word.text for word in words] == text.split()
    assert all(word.start_sample < word.end_sample for word in words)
    assert all(left.end_sample <= right.start_sample for left, right in pairwise(words))
    assert words[0].start_sample >= 0
    assert words[-1].end_sample <= samples


def test_no_words_no_times() -> None:
    assert word_times(Utterance.of("  "), [], loud(1_000)) == ()


def test_speech_is_found_between_silence() -> None:
    pcm = np.zeros((48_000, 2), np.int16)
    pcm[9_600:24_000] = 5_000

    assert speech_bounds(pcm) == (9_600, 24_000)


def test_silence_is_all_of_itself() -> None:
    assert speech_bounds(np.zeros((1_000, 2), np.int16)) == (0, 1_000)
