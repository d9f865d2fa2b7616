"""Words found in narration that does not tell when they are said, unless an earlier render found them."""

from pathlib import Path

from ..engines.audio.alignment.timer import Alignment, WordTimer
from ..media.sound import sound_blocks
from ..models.words import TimedWord, Utterance
from .cache import Cache, key_of


class Listener:
    """Listens to narration."""

    def __init__(self, cache: Cache, timer: WordTimer) -> None:
        self._cache, self._timer = cache, timer

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
        found = self._timer.align(sound_blocks(file), utterance, language)
        self._cache.keep("alignment", key, found._asdict(), b"")
        return found
