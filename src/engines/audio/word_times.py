"""From the engine's word events to the times of what is spoken."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...media.sound import Pcm
from ...models.timeline import SAMPLE_RATE
from ...models.words import TimedWord, Utterance
from ...text.soundless import is_spoken

Blocks = npt.NDArray[np.bool_]

#: Samples over which the level is taken: 5 ms.
BLOCK_SAMPLES = SAMPLE_RATE // 200
#: Amplitude below which speech counts as a pause, against its loudest block: -40 dB.
_PAUSE_RATIO = 0.01
#: Shortest time a word gets: one frame at 50 a second.
MIN_WORD_SAMPLES = SAMPLE_RATE // 50
#: Share of time that a token without sound takes when it has to share, in letters.
_SILENT_WEIGHT = 0.25


class WordEvent(NamedTuple):
    """The engine begins a word of its own."""

    character: int
    """Position in the text, from 0."""
    sample: int


def word_times(utterance: Utterance, events: Sequence[WordEvent], pcm: Pcm) -> tuple[TimedWord, ...]:
    """Time the parts of an utterance; `pcm` has at least `MIN_WORD_SAMPLES` for each.

    One part may have several events ("3,5", a URL), none (a dash, an emoji), or its event lies within the
    token before, where the engine runs words together.
    """
    spans, tokens = utterance.spans, utterance.parts
    if not spans:
        return ()
    loud = loud_blocks(pcm)
    speech_start, speech_end = speech_bounds(pcm)
    anchors = _anchors(spans, tokens, sorted(events, key=lambda event: event.sample), speech_start)
    borders = _with_room(_borders(tokens, anchors, speech_end), len(pcm))
    return tuple(
        TimedWord(token, start, _before_pause(loud, start, end))
        for token, (start, end) in zip(tokens, pairwise(borders), strict=True)
    )


def speech_bounds(pcm: Pcm) -> tuple[int, int]:
    """Find where the sound begins and ends; all of it when nothing is heard."""
    loud = np.flatnonzero(loud_blocks(pcm))
    if not len(loud):
        return 0, len(pcm)
    return int(loud[0]) * BLOCK_SAMPLES, min(len(pcm), (int(loud[-1]) + 1) * BLOCK_SAMPLES)


def loud_blocks(pcm: Pcm) -> Blocks:
    """Tell for every 5 ms whether there is speech in it."""
    starts = np.arange(0, len(pcm), BLOCK_SAMPLES)
    if not len(starts):
        return np.zeros(0, np.bool_)
    # The absolute value of the lowest number of 16 bits does not fit into 16 bits.
    highest, lowest = (extreme.reduceat(pcm[:, 0], starts) for extreme in (np.maximum, np.minimum))
    peaks = np.maximum(highest.astype(np.int32), -lowest.astype(np.int32))
    return np.asarray(peaks > max(1.0, peaks.max() * _PAUSE_RATIO))


def _anchors(
    spans: Sequence[tuple[int, int]], tokens: Sequence[str], events: Sequence[WordEvent], speech_start: int
) -> list[tuple[int, int]]:
    """Pair tokens with the sample at which they are known to begin, both rising; the first token has one."""
    own: list[list[int]] = [
        [max(event.sample, speech_start) for event in events if start <= event.character < end]
        for start, end in spans
    ]
    anchors: list[tuple[int, int]] = []
    for index, token in enumerate(tokens):
        if not own[index] and index and len(own[index - 1]) > 1 and is_spoken(token):
            own[index] = [own[index - 1].pop()]
        if own[index] and (not anchors or own[index][0] > anchors[-1][1]):
            anchors.append((index, own[index][0]))
    # Tokens ahead of the first event (a dash, a quote) share the time of the word that has it.
    return [(0, anchors[0][1] if anchors else speech_start), *anchors[1:]]


def _borders(tokens: Sequence[str], anchors: Sequence[tuple[int, int]], speech_end: int) -> list[int]:
    """Start of every token and the end of the last; tokens between two anchors share by their length."""
    borders: list[int] = []
    for (first, start), (last, end) in pairwise([*anchors, (len(tokens), max(speech_end, anchors[-1][1]))]):
        weights = [len(token) if is_spoken(token) else _SILENT_WEIGHT for token in tokens[first:last]]
        shares = np.concatenate([[0.0], np.cumsum(weights)[:-1]]) / sum(weights)
        borders += [start + int((end - start) * share) for share in shares]
    return [*borders, max(speech_end, anchors[-1][1])]


def _with_room(borders: Sequence[int], samples: int) -> list[int]:
    """Move borders as little as needed for every word to last `MIN_WORD_SAMPLES`."""
    count = len(borders) - 1
    moved: list[int] = []
    for index, border in enumerate(borders):
        earliest = moved[-1] + MIN_WORD_SAMPLES if moved else 0
        moved.append(min(max(border, earliest), samples - (count - index) * MIN_WORD_SAMPLES))
    return moved


def _before_pause(loud: Blocks, start: int, end: int) -> int:
    """Move a word's end back to where its sound ends."""
    # The block in which the word ends may already belong to the next one.
    first, last = start // BLOCK_SAMPLES, end // BLOCK_SAMPLES
    heard = np.flatnonzero(loud[first:last])
    if not len(heard) or first + heard[-1] == last - 1:
        return end
    return max(start + MIN_WORD_SAMPLES, (first + int(heard[-1]) + 1) * BLOCK_SAMPLES)
