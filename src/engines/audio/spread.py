"""Word times of speech of which nothing is known but its text."""

import numpy as np

from ...media.sound import Pcm
from ...models.timeline import SAMPLE_RATE
from ...models.words import TimedWord, Utterance
from ...text.soundless import is_spoken
from .speech import Spoken
from .word_times import BLOCK_SAMPLES, MIN_WORD_SAMPLES, WordEvent, loud_blocks, word_times

#: Shortest sound of a text that has nothing to say.
_SILENT_SAMPLES = SAMPLE_RATE * 3 // 10


def silence_for(utterance: Utterance) -> Spoken | None:
    """Give the silence that stands for a text without a letter or digit; nobody has to be asked for it."""
    if is_spoken(utterance.text):
        return None
    silence = np.zeros((max(_SILENT_SAMPLES, len(utterance.spans) * MIN_WORD_SAMPLES), 2), np.int16)
    return Spoken(silence, word_times(utterance, (), silence))


def spread(utterance: Utterance, pcm: Pcm) -> tuple[TimedWord, ...]:
    """Guess: share the time in which something is heard among the parts, by their characters.

    Args:
        utterance: what is said.
        pcm: with at least `MIN_WORD_SAMPLES` for each part.
    """
    voiced = np.flatnonzero(loud_blocks(pcm))
    if not len(voiced) or not utterance.spans:
        return word_times(utterance, (), pcm)
    lengths = [end - start for start, end in utterance.spans]
    shares = np.concatenate([[0.0], np.cumsum(lengths)[:-1]]) / sum(lengths)
    starts = voiced[(shares * len(voiced)).astype(np.int64)] * BLOCK_SAMPLES
    events = [
        WordEvent(first, int(sample)) for (first, _), sample in zip(utterance.spans, starts, strict=True)
    ]
    return word_times(utterance, events, pcm)
