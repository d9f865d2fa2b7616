"""Word times where nothing but the text is known."""

import numpy as np

from src.engines.audio.spread import silence_for, spread
from src.models.timeline import SAMPLE_RATE
from src.models.words import Utterance


def test_words_share_what_is_heard_by_their_length_and_none_lies_in_a_pause() -> None:
    loud = np.full((SAMPLE_RATE, 2), 8000, np.int16)
    pcm = np.concatenate([loud, np.zeros_like(loud), loud])
    first, second = spread(Utterance.of("four word"), pcm)
    assert (first.text, first.start_sample) == ("four", 0)
    assert abs(first.end_sample - SAMPLE_RATE) < SAMPLE_RATE // 50
    assert abs(second.start_sample - 2 * SAMPLE_RATE) < SAMPLE_RATE // 50
    assert second.end_sample == 3 * SAMPLE_RATE


def test_signs_without_spaces_are_parts_like_others() -> None:
    loud = np.full((SAMPLE_RATE, 2), 8000, np.int16)
    utterance = Utterance("今日は良い", ((0, 2), (2, 3), (3, 5)))
    times = [(word.start_sample, word.end_sample) for word in spread(utterance, loud)]
    assert [round(start / SAMPLE_RATE, 1) for start, _ in times] == [0.0, 0.4, 0.6]
    assert times[-1][1] == SAMPLE_RATE


def test_a_text_without_a_letter_is_silence_and_others_are_not() -> None:
    assert silence_for(Utterance.of("Hi")) is None
    silence = silence_for(Utterance.of("... !"))
    assert silence
    assert not silence.pcm.any()
    assert [word.text for word in silence.words] == ["...", "!"]
