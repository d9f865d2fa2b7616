"""Voices of services, as the pipeline wants them: an answer made into sound and word times."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from ..engines.audio.speech import Spoken
from ..engines.audio.word_times import WordEvent, word_times
from ..models.timeline import SAMPLE_RATE
from ..models.words import Utterance
from ..plan.voices import Speaker
from ..settings import Settings
from ..stopping import Stop
from .calls import Calls, SpeechOrder
from .hearing import heard
from .provider import Mark, Recorded
from .providers import PROVIDERS


class ServiceVoices:
    """The `RemoteVoices` of the pipeline; safe to use from several threads."""

    def __init__(self, settings: Settings, calls: Calls) -> None:
        self._settings, self._calls = settings, calls

    def synthesize(self, utterance: Utterance, speaker: Speaker, stop: Stop) -> Spoken:
        """Have a text spoken; see `pipeline.request.RemoteVoices`."""
        order = SpeechOrder(
            speaker.provider, utterance.text, speaker.voice, speaker.model, speaker.language, speaker.speed
        )
        reply = self._calls.reply(order, stop)
        recorded = PROVIDERS[speaker.provider](self._settings).recorded(reply, utterance.text)
        return _spoken(recorded, utterance, speaker)


def _spoken(recorded: Recorded, utterance: Utterance, speaker: Speaker) -> Spoken:
    sound = heard(recorded.sound, utterance, speaker.speed, speaker.provider, recorded.ends_at_seconds)
    if not recorded.marks:
        return Spoken(sound.pcm, ())
    events = [
        WordEvent(mark.character, max(0, round(mark.seconds * SAMPLE_RATE) - sound.cut_samples))
        for mark in _first_marks(recorded.marks, utterance)
    ]
    return Spoken(sound.pcm, word_times(utterance, events, sound.pcm) if events else ())


def _first_marks(marks: Sequence[Mark], utterance: Utterance) -> Iterator[Mark]:
    """Find the first mark inside of each part; one that was said otherwise has none."""
    places = [mark.character for mark in marks]
    for start, end in utterance.spans:
        index = bisect_left(places, start)
        if index < len(marks) and places[index] < end:
            yield marks[index]
