"""Text spoken by a voice, or by the next one when that fails, unless an earlier render had it spoken."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from ..errors import NeuroShortsError, NotSupported, SpeechFailed, UnknownName
from ..media.sound import Pcm, save_wav
from ..models.timeline import SAMPLE_RATE
from ..models.words import TimedWord
from ..plan.facts import SpokenFact
from ..plan.voices import Speaker, speakers
from ..text.words import seen, utterance_of, words_of
from .cache import key_of
from .embedded import EmbeddedVoices
from .request import Request

#: Characters of a reason that are told beside others: some list all voices there are.
_REASON_CHARACTERS = 300
#: What ends the attempt of one voice, and lets the next one try.
_FAILURES = (SpeechFailed, UnknownName, NotSupported)


class Said(NamedTuple):
    """A scene, spoken."""

    fact: SpokenFact
    file: Path


class Voices:
    """Speaks the scenes of one job; as a context manager it leaves no process behind."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._embedded = EmbeddedVoices(request)

    def __enter__(self) -> Self:
        self._embedded.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._embedded.__exit__(kind, error, trace)

    def spoken(self, index: int) -> Said:
        """Have the text of a scene spoken by the first of its voices that can.

        Raises:
            RejectedJob: the voice or language does not exist, or cannot speak this text.
            SpeechFailed: the voice gave no usable sound.
        """
        chain = speakers(self._request.job, index)
        failures: list[NeuroShortsError] = []
        for speaker in chain:
            try:
                said = self._attempt(index, speaker)
            except _FAILURES as error:
                error.scene_id = self._scene_id(index)
                error.path = _placed(error.path, speaker)
                failures.append(error)
                continue
            told = tuple(_announced(f"scenes[{index}]", chain, failures)) + said.fact.warnings
            return said._replace(fact=said.fact._replace(warnings=told))
        raise failures[0] if len(failures) == 1 else _none_left(chain, failures)

    def _attempt(self, index: int, speaker: Speaker) -> Said:
        request = self._request
        words = words_of(request.job.scenes[index].text, speaker.language)
        utterance = utterance_of(words)
        key = key_of(*utterance, *speaker[: Speaker._fields.index("paths")], *self._embedded.made_of(speaker))
        file = request.work_dir / f"speech-{key[:24]}.wav"
        if notes := request.cache.fetch("speech", key, file):
            heard = [TimedWord(*word) for word in notes["heard"]]
            return Said(
                SpokenFact(notes["sha256"], notes["samples"], seen(words, heard, notes["samples"])), file
            )
        spoken = self._embedded.synthesize(utterance, speaker)
        sha256, samples = _digest(spoken.pcm), len(spoken.pcm)
        save_wav(spoken.pcm, file)
        request.cache.keep("speech", key, {"sha256": sha256, "samples": samples, "heard": spoken.words}, file)
        return Said(SpokenFact(sha256, samples, seen(words, spoken.words, samples)), file)

    def _scene_id(self, index: int) -> str:
        return self._request.job.scenes[index].id or f"scene-{index + 1}"


def _announced(path: str, chain: Sequence[Speaker], failures: Sequence[NeuroShortsError]) -> Sequence[str]:
    """Tell who should have spoken a scene, why not, and who did."""
    if not failures:
        return ()
    spoke = chain[len(failures)]
    return [
        f"{path}: {meant} did not speak ({_reason(error)}); {spoke} spoke instead"
        for meant, error in zip(chain, failures, strict=False)
    ]


def _none_left(chain: Sequence[Speaker], failures: Sequence[NeuroShortsError]) -> NeuroShortsError:
    """Tell the failure of the voice that was meant, and those of all that should have stepped in."""
    first = failures[0]
    others = zip(chain[1:], failures[1:], strict=True)
    first.message = "; ".join([first.message, *(f"{speaker}: {_reason(error)}" for speaker, error in others)])
    return first


def _reason(error: NeuroShortsError) -> str:
    told = error.message
    return told if len(told) <= _REASON_CHARACTERS else f"{told[:_REASON_CHARACTERS]}..."


def _placed(path: str, speaker: Speaker) -> str:
    """Name the field of this voice that a provider means by `voice.` and its name."""
    return speaker.paths.get(path.removeprefix("voice."), path)


def _digest(pcm: Pcm) -> str:
    """Hash samples piece by piece: a copy of minutes of them is large."""
    digest = hashlib.sha256()
    for start in range(0, len(pcm), SAMPLE_RATE):
        digest.update(pcm[start : start + SAMPLE_RATE].tobytes())
    return digest.hexdigest()
