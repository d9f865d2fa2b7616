"""Narration without a text, written down by a model."""

from collections.abc import Mapping
from pathlib import Path

from ..closing import Closing
from ..engines.audio.whisper import Transcriber, Transcript, refuse_without_whisper, whisper_versions
from ..errors import NeuroShortsError
from ..models.model_files import ModelFile
from ..models.sound import Transcription
from ..models.words import TimedWord
from ..plan.facts import MediaFact, SpokenFact
from ..stopping import Stop
from .cache import key_of
from .request import Request
from .unpacked import unpacked


class Transcripts(Closing):
    """Writes down the narrations of one job; as a context manager it leaves no process behind."""

    def __init__(self, request: Request, sounds: Mapping[str, Path], stop: Stop) -> None:
        """Take the job.

        Args:
            request: with its models.
            sounds: the narrations, by sha256.
            stop: set when nobody wants it any more.
        """
        self._request, self._sounds, self._stop = request, sounds, stop
        self._open: dict[str, Transcriber] = {}

    def close(self) -> None:
        """End their processes."""
        for transcriber in self._open.values():
            transcriber.close()

    def fact(self, wanted: Transcription, medium: MediaFact, path: str) -> SpokenFact:
        """Write down a narration, unless an earlier render did.

        Args:
            wanted: by which model.
            medium: the narration.
            path: of the narration in the job.

        Raises:
            NotInstalled: the library is missing.
            BadSpeechModel: the model is not what it has to be.
            TranscriptFailed: it could not.
            Interrupted: `stop` was set.
        """
        here = f"{path}.transcribe"
        refuse_without_whisper(here)
        model, language = self._request.models[wanted.model], _code(wanted.language)
        key = key_of("transcript", medium.sha256, model.sha256, language, whisper_versions())
        found = self._request.cache.load("transcript", key)
        if found:
            words = tuple(TimedWord(*word) for word in found.notes["words"])
            transcript = Transcript(words, found.notes["language"], found.notes["certainty"])
        else:
            try:
                transcript = self._written_down(wanted.model, model, medium, language)
            except NeuroShortsError as error:
                error.path = error.path or f"{here}.model"
                raise
            self._request.cache.keep("transcript", key, transcript._asdict(), b"")
        return SpokenFact(medium.sha256, medium.samples, transcript.words, (_told(transcript, path),))

    def _written_down(
        self, name: str, model: ModelFile, medium: MediaFact, language: str | None
    ) -> Transcript:
        if name not in self._open:
            self._open[name] = Transcriber(unpacked(model, name, self._request.settings), name)
        work_file = self._request.work_dir / f"heard-{medium.sha256[:24]}.s16"
        sound = self._sounds[medium.sha256]
        return self._open[name].transcript(sound, medium.samples, work_file, language, self._stop)


def _code(language: str | None) -> str | None:
    """Take what the model knows of a tag: the language alone."""
    return language.lower().split("-")[0] if language else None


def _told(transcript: Transcript, path: str) -> str:
    """Tell people where the captions come from."""
    if not transcript.words:
        return f"{path}: no word was heard, so there are no captions"
    sure = f"language {transcript.language!r}, {transcript.certainty:.0%} sure"
    return f"{path}: the captions are what a model heard ({sure}), nobody's own words: read them"
