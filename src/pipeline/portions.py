"""Texts that are too long for one request: parted where sentences end, and their speech put together."""

from collections.abc import Sequence

import numpy as np

from ..engines.audio.speech import Spoken
from ..engines.subtitle.tokens import ends_sentence
from ..models.timeline import SAMPLE_RATE
from ..models.words import Utterance

#: Rest between two sentences, beside what is left of each service's own: 0.3 s.
_REST_SAMPLES = SAMPLE_RATE * 3 // 10


def portions(utterance: Utterance, most_characters: int | None) -> tuple[Utterance, ...]:
    """Part a text where sentences end, or else between two words; one longer word stays whole.

    Together the portions have all parts of the text, and none is empty.
    """
    if most_characters is None or len(utterance.text) <= most_characters:
        return (utterance,)
    found, first = list[Utterance](), 0
    while first < len(utterance.spans):
        after = _after(utterance, first, most_characters)
        found.append(_portion(utterance, first, after))
        first = after
    return tuple(found) or (utterance,)


def joined(parts: Sequence[Utterance], spoken: Sequence[Spoken]) -> Spoken:
    """Put the speech of portions together; without word times unless all of them have some."""
    if len(spoken) == 1:
        return spoken[0]
    sounds, words, at = [], [], 0
    for part, each in zip(parts, spoken, strict=True):
        words += [
            word._replace(start_sample=word.start_sample + at, end_sample=word.end_sample + at)
            for word in each.words
        ]
        is_last = part is parts[-1]
        rest = _REST_SAMPLES if not is_last and ends_sentence(part.parts[-1], has_following=True) else 0
        sounds += [each.pcm, np.zeros((rest, 2), np.int16)]
        at += len(each.pcm) + rest
    return Spoken(np.concatenate(sounds), tuple(words) if all(each.words for each in spoken) else ())


def _after(utterance: Utterance, first: int, most_characters: int) -> int:
    """Find the part after the last one of a portion that begins with the `first`."""
    begin = utterance.spans[first][0]
    fitting = [
        index
        for index, (_, end) in enumerate(utterance.spans[first:], first)
        if end - begin <= most_characters
    ]
    if not fitting:
        return first + 1
    if fitting[-1] == len(utterance.spans) - 1:
        return len(utterance.spans)
    parts = utterance.parts
    ending = [index for index in fitting if ends_sentence(parts[index], has_following=True)]
    return (ending or fitting)[-1] + 1


def _portion(utterance: Utterance, first: int, after: int) -> Utterance:
    begin, end = utterance.spans[first][0], utterance.spans[after - 1][1]
    spans = tuple((start - begin, stop - begin) for start, stop in utterance.spans[first:after])
    return Utterance(utterance.text[begin:end], spans)
