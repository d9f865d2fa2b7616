"""What a voice is asked for and gives back."""

from typing import NamedTuple, Protocol

from ...media.sound import Pcm
from ...models.words import TimedWord, Utterance


class Spoken(NamedTuple):
    """A text, spoken."""

    pcm: Pcm
    words: tuple[TimedWord, ...]
    """The parts of the utterance in order: they do not overlap, none is empty, all lie inside of `pcm`. There
    are none from a provider that does not tell when it says what."""


class SpeechProvider(Protocol):
    """Turns text into sound and word times."""

    def synthesize(self, utterance: Utterance, voice: str, language: str, speed: float) -> Spoken:
        """Speak a text; an empty voice is the provider's own choice for the language.

        Raises:
            UnknownName: there is no such voice or language.
            NotSupported: the provider cannot speak this text.
            SpeechFailed: the provider gave no usable sound.
        """
        ...
