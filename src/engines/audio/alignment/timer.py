"""When the words of a text are heard in a sound."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from ....media.sound import Pcm
from ....models.words import TimedWord, Utterance

#: Confidence below which a sound probably says something else. With narrations by other synthesisers, another
#: text gives up to 0.05, the right one 0.17 (over music) to 0.8; with a few words only it is 0.15 and 0.17.
_DOUBTFUL_CONFIDENCE = 0.12


class Alignment(NamedTuple):
    """A text, found in a sound."""

    words: tuple[TimedWord, ...]
    """The parts of the utterance in order: none is empty, they do not overlap and lie inside of the sound."""
    confidence: float
    """How much more the sound is like the text than like speech that says nothing: 1 at best, 0 by chance."""

    @property
    def is_doubtful(self) -> bool:
        """Whether the sound probably says something else than the text."""
        return bool(self.words) and self.confidence < _DOUBTFUL_CONFIDENCE


class WordTimer(Protocol):
    """Finds words in a sound."""

    def align(self, sound: Pcm | Iterable[Pcm], utterance: Utterance, language: str) -> Alignment:
        """Find when each part of an utterance is heard in a sound, whole or in blocks.

        Raises:
            NotSupported: words of this language or script cannot be found.
        """
        ...
