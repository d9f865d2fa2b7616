"""What is said in each scene: spoken by a voice, or brought along."""

import hashlib
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ..engines.audio.espeak import EspeakVoice
from ..engines.audio.speech import SpeechProvider
from ..errors import ContradictoryTimes, NeuroShortsError, RejectedJob
from ..media.sound import Pcm, save_wav
from ..media.timebase import samples_of_seconds
from ..models.job import Scene
from ..models.timeline import SAMPLE_RATE
from ..models.words import TimedWord
from ..plan.facts import MediaFact, SpokenFact
from .cache import key_of
from .request import Progress, Report, Request, raise_if_stopped

#: Seconds by which a supplied word may end after its narration: rounding in other people's tools.
_WORD_SLACK_SECONDS = 0.1


class Narrations(NamedTuple):
    """What is said, and where the sound of it lies."""

    facts: tuple[SpokenFact | None, ...]
    files: dict[str, Path]


def narrate(
    request: Request, media: Mapping[str, MediaFact], report: Report, stop: threading.Event
) -> Narrations:
    """Speak or read the narration of every scene.

    Raises:
        RejectedJob: the voice or language does not exist, or supplied words do not fit their sound.
        SpeechFailed: the voice gave no usable sound.
    """
    job = request.job
    facts: list[SpokenFact | None] = []
    files: dict[str, Path] = {}
    limit = request.settings.max_film_seconds
    with EspeakVoice() as voice:
        for index, scene in enumerate(job.scenes):
            raise_if_stopped(stop)
            _refuse_too_long(facts, limit)
            report(Progress("speaking", index, len(job.scenes)))
            if scene.audio:
                facts.append(_supplied(scene, media, f"scenes[{index}].audio"))
            elif scene.text.strip():
                fact, file = _spoken(voice, scene, index, request)
                files[fact.sha256] = file
                facts.append(fact)
            else:
                facts.append(None)
    report(Progress("speaking", len(job.scenes), len(job.scenes)))
    return Narrations(tuple(facts), files)


def _refuse_too_long(facts: Sequence[SpokenFact | None], longest_seconds: int) -> None:
    """Stop speaking once the narration alone is longer than a film may be."""
    seconds = sum(fact.samples for fact in facts if fact) / SAMPLE_RATE
    if seconds > longest_seconds:
        told = f"what is said lasts {seconds:.0f} s already; the limit of a film is {longest_seconds} s"
        raise RejectedJob(told, path="scenes")


def _digest(pcm: Pcm) -> str:
    """Hash samples piece by piece: a copy of minutes of them is large."""
    digest = hashlib.sha256()
    for start in range(0, len(pcm), SAMPLE_RATE):
        digest.update(pcm[start : start + SAMPLE_RATE].tobytes())
    return digest.hexdigest()


def _supplied(scene: Scene, media: Mapping[str, MediaFact], path: str) -> SpokenFact:
    """Take the words of a narration as they are given, once they are known to fit.

    Raises:
        ContradictoryTimes: a word runs backwards, overlaps the one before, or lies behind the sound.
    """
    assert scene.audio is not None
    medium = media[f"{path}.src"]
    samples = medium.samples
    last_start = last_end = 0.0
    for place, word in enumerate(scene.audio.words):
        here = f"{path}.words[{place}]"
        if word.end <= word.start:
            raise ContradictoryTimes("the word ends before it starts", path=f"{here}.end")
        if word.start < max(last_start, last_end - _WORD_SLACK_SECONDS):
            raise ContradictoryTimes("the word starts before the one before it ends", path=f"{here}.start")
        if word.end > medium.duration_ms / 1000 + _WORD_SLACK_SECONDS:
            lasts = medium.duration_ms / 1000
            raise ContradictoryTimes(f"the sound lasts only {lasts:.2f} s", path=f"{here}.end")
        last_start, last_end = word.start, word.end
    words = tuple(
        TimedWord(
            word.text,
            min(samples - 1, samples_of_seconds(word.start)),
            min(samples, samples_of_seconds(word.end)),
        )
        for word in scene.audio.words
    )
    return SpokenFact(medium.sha256, samples, words)


def _spoken(voice: SpeechProvider, scene: Scene, index: int, request: Request) -> tuple[SpokenFact, Path]:
    """Have a scene's text spoken, unless an earlier render did."""
    wanted = request.job.voice
    key = key_of("espeak", scene.text, wanted.voice, wanted.language, wanted.speed)
    file = request.work_dir / f"speech-{key[:24]}.wav"
    if notes := request.cache.fetch("speech", key, file):
        words = tuple(TimedWord(*word) for word in notes["words"])
        return SpokenFact(notes["sha256"], notes["samples"], words), file
    try:
        spoken = voice.synthesize(scene.text, wanted.voice, wanted.language, wanted.speed)
    except NeuroShortsError as error:
        error.scene_id = scene.id or f"scene-{index + 1}"
        raise
    fact = SpokenFact(_digest(spoken.pcm), len(spoken.pcm), spoken.words)
    save_wav(spoken.pcm, file)
    request.cache.keep("speech", key, fact._asdict(), file)
    return fact, file
