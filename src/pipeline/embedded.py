"""Voices that speak in the process that renders: one line each."""

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from ..closing import Closing
from ..engines.audio.alignment.espeak_timer import EspeakTimer
from ..engines.audio.alignment.timer import Alignment
from ..engines.audio.espeak import EspeakVoice
from ..engines.audio.piper import PiperVoice, made_of
from ..engines.audio.speech import SpeechProvider, Spoken
from ..media.sound import Pcm
from ..models.sound import ProviderName
from ..models.words import Utterance
from ..plan.voices import Speaker
from ..stopping import Stop
from .request import Request


class EmbeddedVoice(SpeechProvider, Protocol):
    """A provider that may hold processes or models."""

    def close(self) -> None:
        """Let go of them; it may be called twice."""
        ...


#: Makes each embedded provider, for one job, when the first text is spoken by it.
EMBEDDED: Mapping[ProviderName, Callable[[Request, Stop], EmbeddedVoice]] = {
    "espeak": lambda request, stop: EspeakVoice(stop=stop),
    "piper": lambda request, stop: PiperVoice(request.models, stop=stop),
}


class EmbeddedVoices(Closing):
    """The embedded providers of one job; safe to use from several threads, of which one speaks at a time."""

    def __init__(self, request: Request, stop: Stop) -> None:
        self._request, self._stop = request, stop
        self._open: dict[ProviderName, EmbeddedVoice] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """End their processes."""
        for voice in self._open.values():
            voice.close()

    def made_of(self, speaker: Speaker) -> tuple[str, ...]:
        """Tell the models and libraries that decide how a voice sounds, beyond what every render has."""
        return made_of(speaker.voice, self._request.models) if speaker.provider == "piper" else ()

    def synthesize(self, utterance: Utterance, speaker: Speaker) -> Spoken:
        """Speak a text; see `SpeechProvider`."""
        with self._lock:
            voice = self._opened(speaker.provider)
            return voice.synthesize(utterance, speaker.voice, speaker.language, speaker.speed)

    def align(self, sound: Pcm | Iterable[Pcm], utterance: Utterance, language: str) -> Alignment:
        """Find the words of a text in the speech of somebody else; see `WordTimer`."""
        with self._lock:
            return EspeakTimer(self._opened("espeak")).align(sound, utterance, language)

    def _opened(self, provider: ProviderName) -> EmbeddedVoice:
        if provider not in self._open:
            self._open[provider] = EMBEDDED[provider](self._request, self._stop)
        return self._open[provider]
