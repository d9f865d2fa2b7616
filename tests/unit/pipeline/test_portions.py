"""Texts that are too long for one request."""

import numpy as np
import pytest

from src.engines.audio.speech import Spoken
from src.models.timeline import SAMPLE_RATE
from src.models.words import TimedWord, Utterance
from src.pipeline.portions import joined, portions

TEXT = "Dr. Jones came. He saw a very long river! Nobody knows, really"


def test_a_text_that_is_short_enough_stays_whole() -> None:
    utterance = Utterance.of(TEXT)
    assert portions(utterance, len(TEXT)) == portions(utterance, None) == (utterance,)


@pytest.mark.parametrize(
    ("most", "texts"),
    [
        (61, ["Dr. Jones came. He saw a very long river!", "Nobody knows, really"]),
        (40, ["Dr. Jones came.", "He saw a very long river!", "Nobody knows, really"]),
        (20, ["Dr. Jones came.", "He saw a very long", "river!", "Nobody knows, really"]),
        (1, TEXT.split()),
    ],
)
def test_a_text_is_parted_where_sentences_end_or_else_between_words(most: int, texts: list[str]) -> None:
    parted = portions(Utterance.of(TEXT), most)
    assert [part.text for part in parted] == texts
    assert [part.parts for part in parted] == [Utterance.of(text).parts for text in texts]


def test_scripts_without_spaces_are_parted_too() -> None:
    text = "今日は良い天気です。明日は雨です。"
    parted = portions(Utterance(text, ((0, 3), (3, 10), (10, 13), (13, 17))), 12)
    assert [part.text for part in parted] == ["今日は良い天気です。", "明日は雨です。"]
    assert parted[1].parts == ("明日は", "雨です。")


def test_the_speech_of_portions_is_put_together_with_a_rest_between_sentences() -> None:
    parts = portions(Utterance.of("One two. Three four five"), 11)
    assert [part.text for part in parts] == ["One two.", "Three four", "five"]
    spoken = [
        Spoken(np.full((100, 2), 1 + number, np.int16), (TimedWord(part.parts[0], 10, 90),))
        for number, part in enumerate(parts)
    ]

    whole = joined(parts, spoken)

    rest = SAMPLE_RATE * 3 // 10
    assert [(word.text, word.start_sample, word.end_sample) for word in whole.words] == [
        ("One", 10, 90),
        ("Three", 110 + rest, 190 + rest),
        ("five", 210 + rest, 290 + rest),
    ]
    assert whole.pcm[:, 0].tolist() == [1] * 100 + [0] * rest + [2] * 100 + [3] * 100


def test_without_the_times_of_one_portion_there_are_none() -> None:
    parts = portions(Utterance.of("One. Two."), 5)
    sound = np.zeros((100, 2), np.int16)
    assert joined(parts, [Spoken(sound, (TimedWord("One.", 0, 50),)), Spoken(sound, ())]).words == ()
