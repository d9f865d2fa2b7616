"""Words found in narration that does not tell when they are said, unless an earlier render found them."""

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from ..engines.audio.alignment.espeak_timer import EspeakTimer
from ..engines.audio.alignment.timer import Alignment
from ..engines.audio.espeak import EspeakVoice
from ..media.sound import sound_blocks
from ..models.words import TimedWord, Utterance
from .cache import Cache, key_of


class Listener:
    """Listens to narration; as a context manager it leaves no process behind.

    Safe to use from several threads, of which one is served at a time.
    """

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._espeak = EspeakVoice()
        self._timer = EspeakTimer(self._espeak)
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._espeak.close()

    def heard(self, file: Path, sha256: str, utterance: Utterance, language: str) -> Alignment:
        """Find when each part of an utterance is heard in a file of sound.

        Raises:
            NotSupported: words of this language or script cannot be found.
            UnknownName: there is no such language.
            SpeechFailed: there was nothing to compare the sound with.
        """
        key = key_of(sha256, *utterance, language)
        if known := self._cache.load("alignment", key):
            words = tuple(TimedWord(*word) for word in known.notes["words"])
            return Alignment(words, known.notes["confidence"])
        with self._lock:
            found = self._timer.align(sound_blocks(file), utterance, language)
        self._cache.keep("alignment", key, found._asdict(), b"")
        return found
