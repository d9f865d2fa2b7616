"""Narration that a job brings along, and when its words are heard."""

from collections.abc import Mapping

from ..errors import ContradictoryTimes
from ..media.timebase import samples_of_seconds
from ..models.job import Scene
from ..models.words import TimedWord
from ..plan.facts import MediaFact, SpokenFact
from ..text.segmentation import joins

#: Seconds by which a supplied word may end after its narration: rounding in other people's tools.
_WORD_SLACK_SECONDS = 0.1


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
    before = ["", *(word.text for word in scene.audio.words)]
    words = tuple(
        TimedWord(
            word.text,
            min(samples - 1, samples_of_seconds(word.start)),
            min(samples, samples_of_seconds(word.end)),
            joined=joins(last, word.text),
        )
        for word, last in zip(scene.audio.words, before, strict=False)
    )
    return SpokenFact(medium.sha256, samples, words)
