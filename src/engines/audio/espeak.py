"""The built-in voice: espeak-ng in a helper process, trimmed, brightened down and timed word by word."""

import json
import logging
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Any, NamedTuple, Self

import espeakng_loader
import numpy as np

from ...errors import SpeechFailed
from ...media.sound import Filter, Pcm, pcm_of_mono
from ...models.timeline import SAMPLE_RATE
from ...models.words import Utterance
from ...text.soundless import is_spoken, spoken_form
from .espeak_scripts import refuse_unspeakable
from .espeak_voices import VoiceInfo, engine_voice, voices
from .speech import Spoken
from .word_times import MIN_WORD_SAMPLES, WordEvent, speech_bounds, word_times

__all__ = ["EspeakVoice", "VoiceInfo", "voices"]

log = logging.getLogger(__name__)

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
#: Rest left around the speech, so that no word is clipped and the next does not fall into it.
_LEAD_SAMPLES, _TAIL_SAMPLES = SAMPLE_RATE * 30 // 1000, SAMPLE_RATE * 80 // 1000
#: Shortest sound of a text that has nothing to say.
_SILENT_SAMPLES = SAMPLE_RATE * 3 // 10
#: Time limit of one text: the engine takes some 2 ms a sentence; what takes this long never ends.
SPEECH_LIMIT_SECONDS = 20.0
#: What the helper process runs.
SPEECH_SCRIPT = Path(__file__).with_name("espeak_process.py")
#: Seconds the process is given to leave by itself.
_LEAVE_SECONDS = 2.0


class _Raw(NamedTuple):
    samples: np.ndarray[tuple[int], np.dtype[np.int16]]
    sample_rate: int
    words: list[WordEvent]


class EspeakVoice:
    """A `SpeechProvider`; as a context manager it leaves no process behind.

    The process starts with the first text, and anew after one that failed.
    """

    def __init__(
        self,
        *,
        limit_seconds: float = SPEECH_LIMIT_SECONDS,
        script: Path = SPEECH_SCRIPT,
    ) -> None:
        self._limit_seconds = limit_seconds
        self._script = script
        self._process: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def synthesize(self, utterance: Utterance, voice: str, language: str, speed: float) -> Spoken:
        """Speak a text; see `SpeechProvider`."""
        text, parts = utterance.text, utterance.parts
        refuse_unspeakable(text, language)
        request = {
            "text": spoken_form(text),
            "voice": engine_voice(voice, language),
            "rate": round(_WORDS_PER_MINUTE * speed),
            "volume": _VOLUME,
            "pitch": _PITCH,
            "range": _PITCH_RANGE,
        }
        if not any(map(is_spoken, parts)):
            silence = np.zeros((max(_SILENT_SAMPLES, len(parts) * MIN_WORD_SAMPLES), 2), np.int16)
            return Spoken(silence, word_times(utterance, (), silence))
        raw = self._ask(request)
        if not np.any(raw.samples):
            raise SpeechFailed(f"espeak-ng said nothing for {text[:80]!r}")
        return _trimmed(utterance, pcm_of_mono(raw.samples, raw.sample_rate, _TONE), raw)

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process:
            _end(process)
        if self._complaints:
            self._complaints.close()

    def _ask(self, request: dict[str, Any]) -> _Raw:
        """Send a request and read its answer, killing a process that does not give one in time."""
        process = self._process or self._start()
        timed_out = threading.Event()

        def give_up() -> None:
            timed_out.set()
            process.kill()

        timer = threading.Timer(self._limit_seconds, give_up)
        timer.start()
        try:
            return _exchange(process, request)
        except (OSError, ValueError) as error:
            process.kill()
            process.wait()
            reason = (
                f"took longer than {self._limit_seconds:g} s" if timed_out.is_set() else self._last_words()
            )
            self.close()
            raise SpeechFailed(f"espeak-ng {reason}") from error
        finally:
            timer.cancel()

    def _start(self) -> subprocess.Popen[bytes]:
        library, data_folder = espeakng_loader.get_library_path(), espeakng_loader.get_data_path()
        # Isolated and without site-packages: the script needs neither, and starts in 20 ms.
        command = [sys.executable, "-I", "-S", str(self._script), library, data_folder]
        log.debug("speech_process_started", extra={"command": subprocess.list2cmdline(command)})
        self._complaints = TemporaryFile()  # noqa: SIM115  (closed with the process)
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._complaints
        )
        return self._process

    def _last_words(self) -> str:
        """Tell how the process ended."""
        if not self._process or not self._complaints:
            return "is gone"
        self._complaints.seek(0)
        lines = self._complaints.read().decode(errors="replace").strip().splitlines()
        return f"ended with status {self._process.returncode}" + (f": {lines[-1]}" if lines else "")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the process to leave by ending its input; make it leave if it does not."""
    with process:
        try:
            if process.stdin:
                process.stdin.close()
            process.wait(_LEAVE_SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            process.kill()


def _exchange(process: subprocess.Popen[bytes], request: dict[str, Any]) -> _Raw:
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(request).encode() + b"\n")
    process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        raise BrokenPipeError("the process is gone")
    answer = json.loads(line)
    if "error" in answer:
        raise SpeechFailed(f"espeak-ng cannot speak: {answer['error']}")
    sound = process.stdout.read(answer["bytes"])
    if len(sound) < answer["bytes"]:
        raise BrokenPipeError("the process went away while it spoke")
    words = [WordEvent(character, sample) for character, sample in answer["words"]]
    return _Raw(np.frombuffer(sound, "<i2"), answer["sample_rate"], words)


def _trimmed(utterance: Utterance, pcm: Pcm, raw: _Raw) -> Spoken:
    """Cut the silence around speech and time the words in what is left."""
    start, end = speech_bounds(pcm)
    start, end = max(0, start - _LEAD_SAMPLES), min(len(pcm), end + _TAIL_SAMPLES)
    short_by = max(0, len(utterance.spans) * MIN_WORD_SAMPLES - (end - start))
    pcm = np.pad(pcm[start:end], ((0, short_by), (0, 0))) if short_by else pcm[start:end]
    events = [
        WordEvent(word.character, word.sample * SAMPLE_RATE // raw.sample_rate - start) for word in raw.words
    ]
    return Spoken(pcm, word_times(utterance, events, pcm))
