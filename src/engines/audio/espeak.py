"""The built-in voice: espeak-ng in a helper process, trimmed, brightened down and timed word by word."""

import sys
from pathlib import Path

import espeakng_loader
import numpy as np

from ...closing import Closing
from ...errors import SpeechFailed
from ...media.sound import Filter, pcm_of_mono
from ...models.words import Utterance
from ...stopping import Stop
from ...text.soundless import spoken_form
from .conversation import Conversation
from .espeak_scripts import refuse_unspeakable
from .espeak_voices import VoiceInfo, engine_voice, voices
from .speech import Spoken
from .spread import silence_for
from .trimming import trimmed
from .word_times import WordEvent

__all__ = ["EspeakVoice", "VoiceInfo", "voices"]

#: Words a minute at speed 1.0: brisk, as in shorts, and still clear. The engine takes 80 to 450.
_WORDS_PER_MINUTE = 168
#: 0 to 100. Slightly lower than the voice's own 50 sounds calmer.
_PITCH = 46
#: 0 to 100. Slightly wider than the voice's own 50 sounds less like reading a list.
_PITCH_RANGE = 58
#: 0 to 200, of the engine's amplitude. At its own 100 some languages clip.
_VOLUME = 70
#: Rumble out, a little less of the buzz at 3 kHz and of the hiss above 6.5 kHz.
_TONE = (
    Filter("highpass", "f=70"),
    Filter("equalizer", "f=3000:width_type=o:width=1.2:gain=-2"),
    Filter("highshelf", "f=6500:gain=-2.5"),
)
#: Time limit of one text: the engine takes some 2 ms a sentence; what takes this long never ends.
SPEECH_LIMIT_SECONDS = 20.0
#: What the helper process runs.
SPEECH_SCRIPT = Path(__file__).with_name("espeak_process.py")


class EspeakVoice(Closing):
    """A `SpeechProvider`; as a context manager it leaves no process behind.

    The process starts with the first text, and anew after one that failed.
    """

    def __init__(
        self,
        *,
        limit_seconds: float = SPEECH_LIMIT_SECONDS,
        script: Path = SPEECH_SCRIPT,
        stop: Stop | None = None,
    ) -> None:
        """Prepare to speak.

        Args:
            limit_seconds: of one text.
            script: what the helper process runs.
            stop: set when nobody wants any of it any more.
        """
        self._limit_seconds, self._stop = limit_seconds, stop
        library, data_folder = espeakng_loader.get_library_path(), espeakng_loader.get_data_path()
        # Isolated and without site-packages: the script needs neither, and starts in 20 ms.
        command = [sys.executable, "-I", "-S", str(script), library, data_folder]
        self._conversation = Conversation("espeak-ng", command)

    def synthesize(self, utterance: Utterance, voice: str, language: str, speed: float) -> Spoken:
        """Speak a text; see `SpeechProvider`."""
        text = utterance.text
        refuse_unspeakable(text, language)
        request = {
            "text": spoken_form(text),
            "voice": engine_voice(voice, language),
            "rate": round(_WORDS_PER_MINUTE * speed),
            "volume": _VOLUME,
            "pitch": _PITCH,
            "range": _PITCH_RANGE,
        }
        if silence := silence_for(utterance):
            return silence
        samples, about = self._conversation.ask(request, self._limit_seconds, self._stop)
        if not np.any(samples):
            raise SpeechFailed(f"espeak-ng said nothing for {text[:80]!r}")
        sample_rate, events = about["sample_rate"], [WordEvent(*word) for word in about["words"]]
        return trimmed(utterance, pcm_of_mono(samples, sample_rate, _TONE), events, sample_rate)

    def close(self) -> None:
        """End the process."""
        self._conversation.close()
