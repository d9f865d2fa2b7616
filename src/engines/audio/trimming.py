"""Speech of an engine without the silence around it, its words timed in what is left."""

from collections.abc import Sequence

import numpy as np

from ...media.sound import Pcm
from ...models.timeline import SAMPLE_RATE
from ...models.words import Utterance
from .speech import Spoken
from .word_times import MIN_WORD_SAMPLES, WordEvent, speech_bounds, word_times

#: Rest left around the speech, so that no word is clipped and the next does not fall into it.
_LEAD_SAMPLES, _TAIL_SAMPLES = SAMPLE_RATE * 30 // 1000, SAMPLE_RATE * 80 // 1000


def trimmed(utterance: Utterance, pcm: Pcm, events: Sequence[WordEvent] | None, events_rate: int) -> Spoken:
    """Cut the silence around speech and time the words in what is left.

    Args:
        utterance: what is spoken.
        pcm: the whole sound.
        events: where the engine begins words; None when it does not tell: then no word is timed.
        events_rate: samples a second that events count in.
    """
    start, end = speech_bounds(pcm)
    start, end = max(0, start - _LEAD_SAMPLES), min(len(pcm), end + _TAIL_SAMPLES)
    short_by = max(0, len(utterance.spans) * MIN_WORD_SAMPLES - (end - start))
    pcm = np.pad(pcm[start:end], ((0, short_by), (0, 0))) if short_by else pcm[start:end]
    if events is None:
        return Spoken(pcm, ())
    placed = [
        WordEvent(event.character, event.sample * SAMPLE_RATE // events_rate - start) for event in events
    ]
    return Spoken(pcm, word_times(utterance, placed, pcm))
