"""The cutting table: pydub segments placed, faded, looped and summed to the sample.

Segments have 32 bits, of which a 16-bit sound uses the middle: 36 dB of headroom above it, because pydub
clips whatever leaves the range, and ten bits below it, so that fades and gains round where nobody hears it.
"""

import math
import warnings

import numpy as np

from ...media.sound import Pcm, Sound
from ...models.timeline import SAMPLE_RATE

with warnings.catch_warnings():
    # pydub looks for a program to decode with, which is never used here, and Python calls audioop deprecated.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

__all__ = [
    "SAMPLES_PER_MS",
    "AudioSegment",
    "Sound",
    "Track",
    "cut",
    "looped",
    "pcm_of",
    "ramped",
    "samples_of",
    "seam_of",
    "segment_of",
    "sound_of",
    "tiled",
    "with_fades",
]

#: pydub counts in milliseconds, and drops or fills broken ones: it only gets pieces of whole ones.
SAMPLES_PER_MS = SAMPLE_RATE // 1000

_SHIFT_BITS = 10
_SAMPLE_BYTES = 4
_FRAME_BYTES = 2 * _SAMPLE_BYTES
#: Gain that pydub's own fades begin and end with, of full level: -120 dB.
_SILENCE = 1e-6


class Track:
    """A stretch of silence that segments are laid onto."""

    def __init__(self, samples: int) -> None:
        self._samples = samples
        self._laid: AudioSegment | None = None

    def lay(self, segment: AudioSegment, start_sample: int) -> None:
        """Add a segment to what lies there already; what sticks out of the track is cut off."""
        length = min(self._samples - start_sample, samples_of(segment))
        if length <= 0:
            return
        whole = -(-self._samples // SAMPLES_PER_MS) * SAMPLES_PER_MS
        placed = _joined(
            _silence(start_sample), cut(segment, 0, length), _silence(whole - start_sample - length)
        )
        self._laid = self._laid.overlay(placed) if self._laid else placed

    def sound(self) -> Sound:
        """Return the sum."""
        laid = self._laid or _silence(self._samples)
        return sound_of(cut(laid, 0, self._samples))


def segment_of(pcm: Pcm, gain_db: float = 0.0) -> AudioSegment:
    """Turn samples into a segment."""
    segment = _segment((pcm.astype(np.int32) << _SHIFT_BITS).tobytes())
    return segment.apply_gain(gain_db) if gain_db else segment


def pcm_of(segment: AudioSegment) -> Pcm:
    """Round a segment to 16 bits."""
    wide = np.frombuffer(segment.raw_data, np.int32).reshape(-1, 2)
    rounded = (wide + (1 << (_SHIFT_BITS - 1))) >> _SHIFT_BITS
    return np.asarray(np.clip(rounded, -32768, 32767), np.int16)


def sound_of(segment: AudioSegment) -> Sound:
    """Turn a segment into the sound that the mix goes on with."""
    sound = np.frombuffer(segment.raw_data, np.int32).reshape(-1, 2).astype(np.float32)
    sound *= np.float32(1 / 2 ** (15 + _SHIFT_BITS))
    return sound


def samples_of(segment: AudioSegment) -> int:
    """Tell how long a segment is."""
    return len(segment.raw_data) // _FRAME_BYTES


def cut(segment: AudioSegment, start_sample: int, end_sample: int) -> AudioSegment:
    """Cut a stretch out of a segment."""
    return segment.get_sample_slice(start_sample, end_sample)


def ramped(segment: AudioSegment, start_sample: int, ms: int, start: float, end: float) -> AudioSegment:
    """Move the gain of a stretch in a straight line from `start` to `end`, both of full level."""
    end_sample = start_sample + ms * SAMPLES_PER_MS
    from_db, to_db = (20 * math.log10(max(_SILENCE, gain)) for gain in (start, end))
    stretch = cut(segment, start_sample, end_sample).fade(
        from_gain=from_db, to_gain=to_db, start=0, duration=ms
    )
    return _joined(cut(segment, 0, start_sample), stretch, cut(segment, end_sample, samples_of(segment)))


def with_fades(segment: AudioSegment, in_samples: int, out_samples: int) -> AudioSegment:
    """Fade a segment in from its start and out to its end; its length stays as it is."""
    length = samples_of(segment)
    in_ms, out_ms = (min(fade, length) // SAMPLES_PER_MS for fade in (in_samples, out_samples))
    if in_ms:
        segment = ramped(segment, 0, in_ms, 0, 1)
    if out_ms:
        segment = ramped(segment, length - out_ms * SAMPLES_PER_MS, out_ms, 1, 0)
    return segment


def tiled(segment: AudioSegment, times: int) -> AudioSegment:
    """Repeat a segment end to end."""
    return segment * times


def looped(segment: AudioSegment, samples: int, crossfade_samples: int) -> AudioSegment:
    """Repeat a segment with crossfades until it has this many samples, or more; none is cut off."""
    while samples_of(segment) < samples:
        seam = seam_of(segment, segment, min(crossfade_samples, samples_of(segment) // 2))
        fade, end = samples_of(seam), samples_of(segment)
        segment = _joined(cut(segment, 0, end - fade), seam, cut(segment, fade, end))
    return segment


def seam_of(first: AudioSegment, second: AudioSegment, crossfade_samples: int) -> AudioSegment:
    """Fade the end of a segment into the beginning of another; return the whole milliseconds of that."""
    fade_ms, end = crossfade_samples // SAMPLES_PER_MS, samples_of(first)
    fade = fade_ms * SAMPLES_PER_MS
    if not fade:
        return _silence(0)
    return cut(first, end - fade, end).fade_out(fade_ms).overlay(cut(second, 0, fade).fade_in(fade_ms))


def _silence(samples: int) -> AudioSegment:
    return _segment(bytes(samples * _FRAME_BYTES))


def _joined(*segments: AudioSegment) -> AudioSegment:
    return _segment(b"".join(segment.raw_data for segment in segments))


def _segment(data: bytes) -> AudioSegment:
    return AudioSegment(data=data, sample_width=_SAMPLE_BYTES, frame_rate=SAMPLE_RATE, channels=2)
