"""The sound of an answer: decoded, found to be a whole speech of its text, and cut to what is heard."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import regex

from ..engines.audio.speech import SpeechBroken
from ..engines.audio.word_times import MIN_WORD_SAMPLES, speech_bounds
from ..media.probe import UnreadableFile
from ..media.sound import Pcm, sound_blocks
from ..media.wholeness import is_cut
from ..models.timeline import SAMPLE_RATE
from ..models.words import Utterance

#: Highest sample of what counts as silence: -60 dB of full scale.
_SILENCE = 32
#: Letters and digits in a second, faster than anybody speaks at speed 1.
_FASTEST = 30.0
#: Seconds that a letter or a digit may take at speed 1, and that any text may take beside them: digits are
#: words, signs of Chinese are syllables, and some voices rest for long.
_SLOWEST_SECONDS, _SPARE_SECONDS = 1.2, 15.0
#: Rest left around the speech, so that no word is clipped.
_LEAD_SAMPLES, _TAIL_SAMPLES = SAMPLE_RATE * 40 // 1000, SAMPLE_RATE * 120 // 1000
#: Seconds by which the last word may end after the sound: services round, and MP3 has frames.
_LATE_SECONDS = 0.3
_LETTERS = regex.compile(r"[\p{L}\p{N}]")


class Heard(NamedTuple):
    """Speech, without the silence around it."""

    pcm: Pcm
    cut_samples: int
    """Samples that were taken off its beginning."""


def heard(sound: bytes, utterance: Utterance, speed: float, provider: str, ends_at: float = 0.0) -> Heard:
    """Decode and check.

    Args:
        sound: a file in any format that can be decoded.
        utterance: what is said in it.
        speed: that was asked for; the service may not have heeded it.
        provider: its name, for people.
        ends_at: second at which the service says that the last character ends; 0 if it does not say.

    Raises:
        SpeechBroken: it is cut, silent, no sound at all, or far too long or too short for the text.
    """
    letters = len(_LETTERS.findall(utterance.text))
    longest = _SPARE_SECONDS + letters * _SLOWEST_SECONDS / min(1.0, speed)
    pcm = _decoded(sound, provider, int((longest + 1) * SAMPLE_RATE))
    seconds = len(pcm) / SAMPLE_RATE
    if not np.any(np.abs(pcm.astype(np.int32)) > _SILENCE):
        raise _broken(provider, f"with {seconds:.1f} s of silence")
    start, end = speech_bounds(pcm)
    spoken = (end - start) / SAMPLE_RATE
    if spoken < letters / (_FASTEST * max(1.0, speed)):
        raise _broken(provider, f"with {spoken:.1f} s of sound, too little for {letters} letters")
    if seconds > longest:
        raise _broken(provider, f"with more than {longest:.0f} s of sound, too much for {letters} letters")
    if ends_at > seconds + _LATE_SECONDS:
        raise _broken(provider, f"with {seconds:.1f} s of sound for words that end at {ends_at:.1f} s")
    first, last = max(0, start - _LEAD_SAMPLES), min(len(pcm), end + _TAIL_SAMPLES)
    short_by = max(0, len(utterance.spans) * MIN_WORD_SAMPLES - (last - first))
    return Heard(np.pad(pcm[first:last], ((0, short_by), (0, 0))), first)


def _decoded(sound: bytes, provider: str, most_samples: int) -> Pcm:
    with TemporaryDirectory(prefix="speech-") as folder:
        file = Path(folder) / "answer"
        file.write_bytes(sound)
        try:
            if is_cut(file):
                raise _broken(provider, "with a part of its sound only")
            return np.concatenate(list(sound_blocks(file, max_samples=most_samples)))
        except UnreadableFile as error:
            raise _broken(provider, f"with sound that cannot be used ({error})") from error


def _broken(provider: str, what: str) -> SpeechBroken:
    return SpeechBroken(f"{provider} answered {what}: try again later, or choose another voice")
