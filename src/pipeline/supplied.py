"""Narration that a job brings along, and when its words are heard."""

from collections.abc import Mapping
from pathlib import Path

from ..errors import ContradictoryTimes, NeuroShortsError
from ..media.timebase import samples_of_seconds
from ..models.job import RenderJob, Scene
from ..models.words import TimedWord
from ..plan.facts import MediaFact, SpokenFact
from ..plan.support import lacks_word_times
from ..plan.voices import voice_of
from ..text.emphasis import marked_words
from ..text.segmentation import joins
from ..text.words import seen, utterance_of, words_of
from .listening import Listener

#: Seconds by which a supplied word may end after its narration: rounding in other people's tools.
_WORD_SLACK_SECONDS = 0.1
#: Told where a narration probably says something else.
_DOUBT = (
    "scenes[{index}].audio: the narration does not sound like the text, so the captions may be off: compare"
    " the two, and voice.language, or give the times of the words in audio.words"
)


def supplied(scene: Scene, media: Mapping[str, MediaFact], path: str) -> SpokenFact:
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
    shown = marked_words([word.text for word in scene.audio.words])
    before = ["", *(word.text for word in shown)]
    words = tuple(
        TimedWord(
            part.text,
            min(samples - 1, samples_of_seconds(word.start)),
            min(samples, samples_of_seconds(word.end)),
            part.emphasised,
            joined=joins(last, part.text),
        )
        for word, part, last in zip(scene.audio.words, shown, before, strict=False)
    )
    return SpokenFact(medium.sha256, samples, words)


def with_words_heard(
    job: RenderJob, index: int, fact: SpokenFact, file: Path, listener: Listener
) -> SpokenFact:
    """Find the words of a scene's text in its narration, if their times are needed and not given.

    Raises:
        RejectedJob: words of this language or script cannot be found.
        SpeechFailed: there was nothing to compare the narration with.
    """
    scene = job.scenes[index]
    if not lacks_word_times(job, scene):
        return fact
    language = voice_of(job.voice, scene.voice).language
    words = words_of(scene.text, language)
    try:
        found = listener.heard(file, fact.sha256, utterance_of(words), language)
    except NeuroShortsError as error:
        error.scene_id = scene.id or f"scene-{index + 1}"
        raise
    told = (_DOUBT.format(index=index),) if found.is_doubtful else ()
    return fact._replace(words=seen(words, found.words, fact.samples), warnings=fact.warnings + told)
