"""What a voice is asked for, what it gives back, and why it gives nothing."""

from typing import NamedTuple, Protocol

from ...errors import SpeechFailed
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
            Interrupted: nobody wants it any more.
        """
        ...


class SpeechNotSetUp(SpeechFailed):
    """A provider that the operator has given no key or address."""

    code = "speech_not_set_up"


class SpeechRefused(SpeechFailed):
    """A provider that does not speak this text with this voice, or not for us."""

    code = "speech_refused"


class SpeechUnavailable(SpeechFailed):
    """A provider that is away, busy or broken, for as long as it was tried."""

    code = "speech_unavailable"
    retryable = True


class SpeechBroken(SpeechFailed):
    """An answer of a provider that is no whole speech of the text."""

    code = "speech_broken"
    retryable = True
