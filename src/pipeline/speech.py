"""What is said in each scene: spoken by a voice, or brought along."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ..errors import RejectedJob
from ..models.job import Scene
from ..models.timeline import SAMPLE_RATE
from ..plan.facts import SpokenFact
from ..plan.support import captions_speech
from ..stopping import raise_if_stopped
from .listening import Listener
from .media import FoundMedia
from .request import Progress, Report, Request
from .supplied import supplied, with_words_heard
from .transcripts import Transcripts
from .voices import Voices


class Narrations(NamedTuple):
    """What is said, and where the sound of it lies."""

    facts: tuple[SpokenFact | None, ...]
    files: dict[str, Path]

    @property
    def are_estimated(self) -> bool:
        """Whether nobody has spoken some of them yet."""
        return any(fact.is_estimated for fact in self.facts if fact)


def narrate(request: Request, found: FoundMedia, report: Report, stop: threading.Event) -> Narrations:
    """Speak or read the narration of every scene.

    Args:
        request: with the models that the job names.
        found: the media of the job, the narrations that it brings among them.
        report: is told how far it is.
        stop: set when nobody wants it any more.

    Raises:
        RejectedJob: the voice or language does not exist, or supplied words do not fit their sound.
        SpeechFailed: the voice gave no usable sound.
        TranscriptFailed: a narration without a text could not be written down.
    """
    job = request.job
    facts: list[SpokenFact | None] = []
    files: dict[str, Path] = {}
    with Voices(request, stop) as voices, Transcripts(request, found.files, stop) as transcripts:
        listener = Listener(request.cache, voices.timer)
        voices.begin([index for index, scene in enumerate(job.scenes) if _is_spoken(scene)])
        for index, scene in enumerate(job.scenes):
            raise_if_stopped(stop)
            _refuse_too_long(facts, request)
            report(Progress("speaking", index, len(job.scenes)))
            here = f"scenes[{index}].audio"
            if scene.audio and scene.audio.transcribe and captions_speech(job):
                medium = found.facts[f"{here}.src"]
                # A model listens for longer than the sound lasts.
                _refuse_too_long([*facts, SpokenFact(medium.sha256, medium.samples, ())], request)
                facts.append(transcripts.fact(scene.audio.transcribe, medium, here))
            elif scene.audio:
                fact = supplied(scene, found.facts, here)
                _refuse_too_long([*facts, fact], request)
                facts.append(with_words_heard(job, index, fact, found.files[fact.sha256], listener))
            elif _is_spoken(scene):
                said = voices.spoken(index)
                files[said.fact.sha256] = said.file
                facts.append(said.fact)
            else:
                facts.append(None)
    report(Progress("speaking", len(job.scenes), len(job.scenes)))
    return Narrations(tuple(facts), files)


def _is_spoken(scene: Scene) -> bool:
    return bool(scene.text.strip()) and not scene.audio


def _refuse_too_long(facts: Sequence[SpokenFact | None], request: Request) -> None:
    """Stop speaking once the narration alone is longer than a film may be."""
    said = [fact for fact in facts if fact]
    seconds = sum(fact.samples for fact in said) / SAMPLE_RATE
    longest_seconds = request.longest_seconds(is_estimated=any(fact.is_estimated for fact in said))
    if seconds > longest_seconds:
        told = f"what is said lasts {seconds:.0f} s already; the limit of a film is {longest_seconds:g} s"
        raise RejectedJob(told, path="scenes")
