"""Words found by comparing a sound with the same text spoken by espeak, which knows its own word times."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from ....errors import NotSupported
from ....media.sound import Pcm
from ....models.timeline import SAMPLE_RATE
from ....models.words import TimedWord, Utterance
from ..espeak_scripts import unspeakable
from ..speech import SpeechProvider
from ..word_times import MIN_WORD_SAMPLES
from .features import HOP_SAMPLES, WAVE_RATE, Features, Wave, features_of, wave_of
from .score import Numbers, score_of
from .timer import Alignment
from .warp import warp
from .windows import windows_for

#: Voices that are compared, a low and a high one; the one that the sound is more like decides.
_VOICES = ("", "+f4")
#: Samples of a sound to a frame.
_HOP = HOP_SAMPLES * SAMPLE_RATE // WAVE_RATE


class _Reference(NamedTuple):
    """A text, spoken by espeak."""

    wave: Wave
    starts: tuple[int, ...]
    """Frames at which its words begin."""


class _Heard(NamedTuple):
    borders: Numbers
    """(words, 2): first frame of each word and the one after its last."""
    likeness: float
    """Mean product of what is said and what is heard, over the words."""


class EspeakTimer:
    """A `WordTimer`, for every language that espeak speaks."""

    def __init__(self, espeak: SpeechProvider) -> None:
        self._espeak = espeak

    def align(self, sound: Pcm | Iterable[Pcm], utterance: Utterance, language: str) -> Alignment:
        """Find when each part of an utterance is heard; see `WordTimer`."""
        refuse_untimeable(utterance.text, language)
        wave = wave_of(sound)
        if not utterance.spans:
            return Alignment((), 0.0)
        features = features_of(wave)
        references = [self._spoken(utterance, voice, language) for voice in _VOICES]
        compared = [(_heard_in(features, reference), reference) for reference in references]
        heard, reference = max(compared, key=lambda pair: pair[0].likeness)
        words = _timed(utterance.parts, heard.borders * _HOP, len(wave) * SAMPLE_RATE // WAVE_RATE)
        chance = _heard_in(features, _backwards(reference)).likeness
        return Alignment(words, (heard.likeness - chance) / (1 - chance))

    def _spoken(self, utterance: Utterance, voice: str, language: str) -> _Reference:
        spoken = self._espeak.synthesize(utterance, voice, language, 1.0)
        return _Reference(
            wave_of(spoken.pcm), tuple(round(word.start_sample / _HOP) for word in spoken.words)
        )


def _backwards(reference: _Reference) -> _Reference:
    """Play speech backwards: as much like any speech as it was, and it says nothing."""
    frames = -(-len(reference.wave) // HOP_SAMPLES)
    starts = (max(0, frames - end) for end in (*reference.starts[1:], frames))
    return _Reference(reference.wave[::-1], tuple(sorted(starts)))


def refuse_untimeable(text: str, language: str) -> None:
    """Refuse a text whose words espeak cannot tell apart.

    Raises:
        NotSupported: the language or the script is Japanese or Thai.
    """
    if name := unspeakable(text, language):
        what = f"finding the words of a narration in {name}"
        raise NotSupported(what, path="voice.language", instead="give their times in scenes[].audio.words")


def _heard_in(sound: Features, reference: _Reference) -> _Heard:
    """Find a reference in a sound."""
    score = score_of(features_of(reference.wave), reference.starts)
    path = warp(score, sound, windows_for(score, sound))
    alike = np.einsum("ij,ij->i", score.vectors[path.rows], sound.vectors[path.frames])
    borders, likeness = [], []
    for word in score.words:
        first, after = np.searchsorted(path.rows, (word.start, word.stop))
        # The sound of a row that is left out belongs to the row after it.
        end = path.frames[after] if after < len(path.rows) else path.frames[-1] + 1
        borders.append((path.frames[first], end))
        likeness.append(float(alike[first:after].mean()))
    return _Heard(np.array(borders, np.int64), sum(likeness) / len(likeness))


def _timed(parts: Sequence[str], borders: Numbers, samples: int) -> tuple[TimedWord, ...]:
    """Give every word its time, and some to those that were not heard."""
    room = max(1, min(MIN_WORD_SAMPLES, samples // len(parts)))
    timed: list[TimedWord] = []
    for index, (part, (start, end)) in enumerate(zip(parts, borders.tolist(), strict=True)):
        earliest = timed[-1].end_sample if timed else 0
        latest = max(0, samples - (len(parts) - index) * room)
        start = min(max(start, earliest), latest)
        end = min(max(end, start + room), latest + room)
        timed.append(TimedWord(part, start, end))
    return tuple(timed)
