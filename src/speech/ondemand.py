"""Voices of services for processes most of which ask none: what it takes is imported when it is needed."""

from functools import cached_property
from typing import TYPE_CHECKING

from ..engines.audio.speech import Spoken
from ..models.words import Utterance
from ..plan.voices import Speaker
from ..settings import Settings
from ..stopping import Stop

if TYPE_CHECKING:
    from .calls import Calls
    from .remote import ServiceVoices


class OnDemandVoices:
    """The `RemoteVoices` of the pipeline."""

    def __init__(self, settings: Settings, calls: "Calls | None" = None) -> None:
        """Prepare to ask.

        Args:
            settings: the operator's; with the keys, unless somebody else asks.
            calls: who asks the services; by default they are asked from this process.
        """
        self._settings, self._calls = settings, calls

    @cached_property
    def _voices(self) -> "ServiceVoices":
        from .remote import ServiceVoices

        if self._calls is None:
            from .attempts import DirectCalls

            return ServiceVoices(self._settings, DirectCalls(self._settings))
        return ServiceVoices(self._settings, self._calls)

    def synthesize(self, utterance: Utterance, speaker: Speaker, stop: Stop) -> Spoken:
        """Have a text spoken."""
        return self._voices.synthesize(utterance, speaker, stop)
