"""Text spoken by a voice, unless an earlier render had it spoken."""

import hashlib
from pathlib import Path
from types import TracebackType
from typing import Self

from ..engines.audio.espeak import EspeakVoice
from ..errors import NeuroShortsError
from ..media.sound import Pcm, save_wav
from ..models.job import Scene
from ..models.timeline import SAMPLE_RATE
from ..models.words import TimedWord
from ..plan.facts import SpokenFact
from ..text.words import seen, utterance_of, words_of
from .cache import key_of
from .request import Request


class Voices:
    """Speaks the scenes of one job; as a context manager it leaves no process behind."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._espeak = EspeakVoice()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._espeak.close()

    def spoken(self, scene: Scene, index: int) -> tuple[SpokenFact, Path]:
        """Have the text of a scene spoken.

        Raises:
            RejectedJob: the voice or language does not exist, or cannot speak this text.
            SpeechFailed: the voice gave no usable sound.
        """
        request, wanted = self._request, self._request.job.voice
        words = words_of(scene.text, wanted.language)
        utterance = utterance_of(words)
        key = key_of("espeak", *utterance, wanted.voice, wanted.language, wanted.speed)
        file = request.work_dir / f"speech-{key[:24]}.wav"
        if notes := request.cache.fetch("speech", key, file):
            heard = [TimedWord(*word) for word in notes["heard"]]
            return SpokenFact(notes["sha256"], notes["samples"], seen(words, heard, notes["samples"])), file
        try:
            spoken = self._espeak.synthesize(utterance, wanted.voice, wanted.language, wanted.speed)
        except NeuroShortsError as error:
            error.scene_id = scene.id or f"scene-{index + 1}"
            raise
        sha256, samples = _digest(spoken.pcm), len(spoken.pcm)
        save_wav(spoken.pcm, file)
        request.cache.keep("speech", key, {"sha256": sha256, "samples": samples, "heard": spoken.words}, file)
        return SpokenFact(sha256, samples, seen(words, spoken.words, samples)), file


def _digest(pcm: Pcm) -> str:
    """Hash samples piece by piece: a copy of minutes of them is large."""
    digest = hashlib.sha256()
    for start in range(0, len(pcm), SAMPLE_RATE):
        digest.update(pcm[start : start + SAMPLE_RATE].tobytes())
    return digest.hexdigest()
