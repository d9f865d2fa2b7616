"""One text spoken by one voice, and the times of its words, unless an earlier render had it spoken."""

import hashlib
import threading
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..closing import Closing
from ..engines.audio.alignment.timer import WordTimer
from ..engines.audio.speech import SpeechNotSetUp, SpeechUnavailable, Spoken
from ..engines.audio.spread import silence_for, spread
from ..engines.audio.word_times import MIN_WORD_SAMPLES
from ..errors import NotSupported, SpeechFailed, UnknownName
from ..media.sound import Pcm, save_wav, sound_blocks
from ..models.sound import ProviderName
from ..models.timeline import SAMPLE_RATE
from ..models.words import TimedWord, Utterance, Word
from ..plan.facts import SpokenFact
from ..plan.services import Service, services
from ..plan.voices import Speaker, completed, longest_text
from ..stopping import Stop
from ..text.words import seen, utterance_of, words_of
from .cache import key_of, lasting_key_of
from .embedded import EmbeddedVoices
from .portions import joined, portions
from .request import RemoteVoices, Request

#: Told where nobody knows when words are said.
_GUESSED = (
    "the times of its words are guessed by their length: {} tells none, and they cannot be listened for"
)
#: Told where a voice probably says something else.
_DOUBT = "what {} says does not sound like the text: listen to it, and see whether voice.language is right"
#: Told where a service is asked later.
_ESTIMATED = "how long {} speaks is estimated: it is asked when the film is rendered"
#: Told where a text has no words.
_SILENT = "nothing is said: no word of its text has a sound; write there what is to be heard"
#: How long a character takes where espeak does not speak the language: Chinese, Japanese and Thai.
_SECONDS_A_CHARACTER = 0.15


class Said(NamedTuple):
    """A text, spoken."""

    fact: SpokenFact
    file: Path


class _Timed(NamedTuple):
    """Speech with the times of its words."""

    pcm: Pcm
    words: tuple[TimedWord, ...]
    warnings: tuple[str, ...] = ()


class Recitals(Closing):
    """Speaks texts for one job; safe to use from several threads."""

    def __init__(self, request: Request, stop: Stop) -> None:
        self._request, self._stop = request, stop
        self._services = services(request.settings)
        self._embedded = EmbeddedVoices(request, stop)
        self._away: set[ProviderName] = set()
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def close(self) -> None:
        """Leave no process behind."""
        self._embedded.close()

    @property
    def timer(self) -> WordTimer:
        """What finds words in the speech of others."""
        return self._embedded

    def said(self, text: str, speaker: Speaker) -> Said:
        """Have a text spoken.

        Raises:
            UnknownName, NotSupported: the voice does not exist, or cannot speak this text.
            SpeechFailed: it gave no usable sound.
            Interrupted: nobody wants it any more.
        """
        request, service = self._request, self._services.get(speaker.provider)
        speaker = completed(speaker, service)
        words = words_of(text, speaker.language)
        utterance = utterance_of(words)
        asked = (*utterance, *speaker.asked, service.base_url if service else "")
        key = key_of(*asked, *self._embedded.made_of(speaker))
        file = request.work_dir / f"speech-{key[:24]}.wav"
        # Of two scenes with one text, the second waits for the first: nobody is asked twice.
        with self._locks[key]:
            notes = request.cache.fetch("speech", key, file)
            if notes is None:
                if service and request.estimates_speech and not self._is_known(utterance, speaker, service):
                    return self._estimated(words, utterance, speaker)
                timed = self._timed(utterance, speaker, service)
                save_wav(timed.pcm, file)
                notes = {
                    "sha256": _digest(timed.pcm),
                    "samples": len(timed.pcm),
                    "heard": timed.words,
                    "warnings": timed.warnings,
                }
                request.cache.keep("speech", key, notes, file)
        heard, samples = [TimedWord(*word) for word in notes["heard"]], notes["samples"]
        warnings = (*notes["warnings"], *([] if utterance.spans else [_SILENT]))
        fact = SpokenFact(notes["sha256"], samples, seen(words, heard, samples), warnings)
        return Said(fact, file)

    def _estimated(self, words: Sequence[Word], utterance: Utterance, speaker: Speaker) -> Said:
        """Guess how long a service speaks, and when it says what, by how espeak does."""
        try:
            guide = Speaker("espeak", "", "", speaker.language, speaker.speed)
            pcm, heard = self._embedded.synthesize(utterance, guide)
        except (NotSupported, UnknownName):
            samples = round(len(utterance.text) * _SECONDS_A_CHARACTER / speaker.speed * SAMPLE_RATE)
            pcm = np.zeros((max(samples, len(utterance.spans) * MIN_WORD_SAMPLES), 2), np.int16)
            heard = spread(utterance, pcm)
        digest = _digest(pcm)
        file = self._request.work_dir / f"guess-{digest[:24]}.wav"
        save_wav(pcm, file)
        warnings = (_ESTIMATED.format(speaker),)
        fact = SpokenFact(digest, len(pcm), seen(words, heard, len(pcm)), warnings, is_estimated=True)
        return Said(fact, file)

    def _timed(self, utterance: Utterance, speaker: Speaker, service: Service | None) -> _Timed:
        if service:
            parts = portions(utterance, longest_text(speaker))
            spoken = joined(parts, [self._by_service(part, speaker, service) for part in parts])
        else:
            spoken = self._embedded.synthesize(utterance, speaker)
        if spoken.words or not utterance.spans:
            return _Timed(spoken.pcm, spoken.words)
        try:
            found = self._embedded.align(spoken.pcm, utterance, speaker.language)
        except (NotSupported, UnknownName):
            # A voice may speak more languages than the one whose speech others are compared with.
            return _Timed(spoken.pcm, spread(utterance, spoken.pcm), (_GUESSED.format(speaker),))
        return _Timed(spoken.pcm, found.words, (_DOUBT.format(speaker),) if found.is_doubtful else ())

    def _is_known(self, utterance: Utterance, speaker: Speaker, service: Service) -> bool:
        """Tell whether nobody has to be asked any more."""
        asked = [part for part in portions(utterance, longest_text(speaker)) if not silence_for(part)]
        return all(self._request.cache.has("voice", _key_of_answer(part, speaker, service)) for part in asked)

    def _by_service(self, utterance: Utterance, speaker: Speaker, service: Service) -> Spoken:
        """Ask a service, unless any version of this renderer has: each answer costs time and money."""
        request = self._request
        if silence := silence_for(utterance):
            return silence
        key = _key_of_answer(utterance, speaker, service)
        file = request.work_dir / f"answer-{key[:24]}.wav"
        if notes := request.cache.fetch("voice", key, file):
            words = tuple(TimedWord(*word) for word in notes["heard"])
            return Spoken(np.concatenate(list(sound_blocks(file))), words)
        if request.remote_voices is None:
            raise SpeechNotSetUp(f"{speaker.provider} cannot be asked here", path="voice.provider")
        spoken = self._asked(request.remote_voices, utterance, speaker)
        save_wav(spoken.pcm, file)
        request.cache.keep("voice", key, {"heard": spoken.words}, file)
        return spoken

    def _asked(self, voices: RemoteVoices, utterance: Utterance, speaker: Speaker) -> Spoken:
        """Ask a service that was there for the scenes before: a film waits for one that is away once."""
        if speaker.provider in self._away:
            raise SpeechUnavailable(f"{speaker.provider} was away already for another scene: try again later")
        try:
            return voices.synthesize(utterance, speaker, self._stop)
        except SpeechFailed as error:
            if error.code == SpeechUnavailable.code:
                self._away.add(speaker.provider)
            raise


def _key_of_answer(utterance: Utterance, speaker: Speaker, service: Service) -> str:
    return lasting_key_of(*utterance, *speaker.asked, service.base_url)


def _digest(pcm: Pcm) -> str:
    """Hash samples piece by piece: a copy of minutes of them is large."""
    digest = hashlib.sha256()
    for start in range(0, len(pcm), SAMPLE_RATE):
        digest.update(pcm[start : start + SAMPLE_RATE].tobytes())
    return digest.hexdigest()
