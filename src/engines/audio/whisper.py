"""What a narration says, written down by faster-whisper in a helper process."""

import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from ...errors import RenderFailed, SpeechFailed
from ...media.sound import Filter, filtered, sound_blocks, sound_frames
from ...models.timeline import SAMPLE_RATE
from ...models.words import TimedWord
from ...stopping import Stop
from .conversation import Conversation
from .extras import refuse_missing
from .word_times import MIN_WORD_SAMPLES

#: What the helper process runs.
TRANSCRIPT_SCRIPT = Path(__file__).with_name("whisper_process.py")
#: What a model has to hold, and what it may hold besides.
MODEL_FILES = frozenset({"model.bin", "config.json", "tokenizer.json"})
OTHER_FILES = frozenset({"vocabulary.json", "vocabulary.txt", "preprocessor_config.json"})
#: Time limit: for loading a large model, and of each second of sound on a slow machine.
_LIMIT_SECONDS, _LIMIT_SECONDS_PER_SECOND = 120.0, 20.0
#: What the model hears: 16 kHz, mono.
_EAR = Filter("aformat", "sample_fmts=s16:sample_rates=16000:channel_layouts=mono")
#: What computes its words.
_PACKAGES = ("faster-whisper", "ctranslate2")


class TranscriptFailed(RenderFailed):
    """A narration could not be written down."""

    code = "transcript_failed"


class Transcript(NamedTuple):
    """What a sound says."""

    words: tuple[TimedWord, ...]
    """In order: they do not overlap, none is empty, all lie inside of the sound."""
    language: str
    certainty: float
    """How sure the model is about the language, 0 to 1."""


def refuse_without_whisper(path: str) -> None:
    """Make sure that narration can be written down here.

    Raises:
        NotInstalled: telling how to install what is missing.
    """
    refuse_missing("faster_whisper", engine="writing down a narration", extra="whisper", path=path)


def whisper_versions() -> tuple[str, ...]:
    """Tell what computes the words, beside the model."""
    return tuple(f"{package} {version(package)}" for package in _PACKAGES)


class Transcriber:
    """Writes down what sounds say; `close` leaves no process behind."""

    def __init__(self, model_folder: Path, name: str, *, limit_seconds: float = _LIMIT_SECONDS) -> None:
        """Take a model.

        Args:
            model_folder: what its archive held.
            name: of the model, for errors.
            limit_seconds: for loading it.
        """
        # Isolated: nothing of the folder it is started in, or of the user's own, is imported.
        command = [sys.executable, "-I", str(TRANSCRIPT_SCRIPT), str(model_folder)]
        self._conversation = Conversation(f"the model {name!r}", command, task="write down the narration")
        self._limit_seconds = limit_seconds

    def transcript(
        self, sound: Path, samples: int, work_file: Path, language: str | None, stop: Stop | None = None
    ) -> Transcript:
        """Write down a sound.

        Args:
            sound: any sound file.
            samples: its length.
            work_file: where what the model hears is kept meanwhile.
            language: code of it, such as `en`; None for the model to find out.
            stop: set when nobody wants it any more.

        Raises:
            TranscriptFailed: the model is damaged, does not know the language, crashed or took too long.
            Interrupted: `stop` was set.
        """
        _write_heard(sound, work_file)
        limit_seconds = self._limit_seconds + _LIMIT_SECONDS_PER_SECOND * samples / SAMPLE_RATE
        try:
            request = {"file": str(work_file), "language": language}
            about = self._conversation.ask(request, limit_seconds, stop).about
        except SpeechFailed as error:
            raise TranscriptFailed(error.message) from error
        finally:
            work_file.unlink(missing_ok=True)
        return Transcript(timed_words(about["words"], samples), about["language"], about["certainty"])

    def close(self) -> None:
        """End the process."""
        self._conversation.close()


def timed_words(told: Sequence[tuple[str, float, float]], samples: int) -> tuple[TimedWord, ...]:
    """Put words that a model has heard in order, inside of their sound.

    Args:
        told: text with the space before it, and the seconds between which it is heard.
        samples: length of the sound.
    """
    words: list[TimedWord] = []
    for text, start, end in told:
        first = max(round(start * SAMPLE_RATE), words[-1].end_sample if words else 0)
        last = min(max(round(end * SAMPLE_RATE), first + MIN_WORD_SAMPLES), samples)
        if text.strip() and first < last:
            joined = bool(words) and not text[0].isspace()
            words.append(TimedWord(text.strip(), first, last, joined=joined))
    return tuple(words)


def _write_heard(sound: Path, work_file: Path) -> None:
    """Write a sound as the model hears it."""
    with work_file.open("wb") as file:
        for part in filtered(sound_frames(sound_blocks(sound)), [_EAR]):
            file.write(part.to_ndarray().tobytes())
