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
from .features import HOP_SAMPLES, WAVE_RATE, Features, features_of, wave_of
from .score import Numbers, Score, score_of
from .timer import Alignment
from .warp import Path, warp
from .windows import windows_for

#: Voices that are compared; the one that the sound is more like decides.
_VOICES = ("", "+f4")
_HOP = HOP_SAMPLES * SAMPLE_RATE // WAVE_RATE


class _Heard(NamedTuple):
    borders: Numbers
    """(words, 2): first frame of each word and the one after its last."""
    likeness: float


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
        heard = max(
            (self._compared(features, utterance, voice, language) for voice in _VOICES),
            key=lambda found: found.likeness,
        )
        samples = len(wave) * SAMPLE_RATE // WAVE_RATE
        return Alignment(_timed(utterance.parts, heard.borders * _HOP, samples), heard.likeness)

    def _compared(self, sound: Features, utterance: Utterance, voice: str, language: str) -> _Heard:
        spoken = self._espeak.synthesize(utterance, voice, language, 1.0)
        reference = features_of(wave_of(spoken.pcm))
        score = score_of(reference, [round(word.start_sample / _HOP) for word in spoken.words])
        return _heard(score, sound, warp(score, sound, windows_for(score, sound)))


def refuse_untimeable(text: str, language: str) -> None:
    """Refuse a text whose words espeak cannot tell apart.

    Raises:
        NotSupported: the language or the script is Japanese or Thai.
    """
    if name := unspeakable(text, language):
        what = f"finding the words of a narration in {name}"
        raise NotSupported(what, path="voice.language", instead="give their times in scenes[].audio.words")


def _heard(score: Score, sound: Features, path: Path) -> _Heard:
    """Read the words' borders off a path, and how much they are like the score."""
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
