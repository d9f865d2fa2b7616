"""The cutting table: pydub segments placed, faded, looped and summed to the sample.

Segments have 32 bits, of which a 16-bit sound uses the middle: 36 dB of headroom above it, because pydub
clips whatever leaves the range, and ten bits below it, so that fades and gains round where nobody hears it.
"""

import warnings

import numpy as np
import numpy.typing as npt

from ...media.sound import Pcm
from ...models.timeline import SAMPLE_RATE

with warnings.catch_warnings():
    # pydub looks for a program to decode with, which is never used here, and Python calls audioop deprecated.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

__all__ = [
    "AudioSegment",
    "Sound",
    "Track",
    "extended",
    "looped",
    "segment_of",
    "sound_of",
    "tiled",
    "with_fades",
]

#: Sound between the steps of the mix: (n, 2) float32; 1.0 is the full scale of 16 bits, more is allowed.
Sound = npt.NDArray[np.float32]

_SHIFT_BITS = 10
_SAMPLE_BYTES = 4
_FRAME_BYTES = 2 * _SAMPLE_BYTES
_SAMPLES_PER_MS = SAMPLE_RATE // 1000


class Track:
    """A stretch of silence that segments are laid onto."""

    def __init__(self, samples: int) -> None:
        self._samples = samples
        self._data = bytearray(samples * _FRAME_BYTES)

    def lay(self, segment: AudioSegment, start_sample: int) -> None:
        """Add a segment to what lies there already; what sticks out of the track is cut off."""
        length = min(self._samples - start_sample, _samples_of(segment))
        if length <= 0:
            return
        window = slice(start_sample * _FRAME_BYTES, (start_sample + length) * _FRAME_BYTES)
        # pydub drops or fills a broken last millisecond: it only gets pieces of whole ones.
        whole = -(-length // _SAMPLES_PER_MS) * _SAMPLES_PER_MS
        there, new = _segment(bytes(self._data[window])), _cut(segment, 0, length)
        laid = extended(there, whole).overlay(extended(new, whole))
        self._data[window] = _cut(laid, 0, length).raw_data

    def sound(self) -> Sound:
        """Return the sum."""
        return _sound(self._data)


def segment_of(pcm: Pcm, gain_db: float = 0.0) -> AudioSegment:
    """Turn samples into a segment."""
    segment = _segment((pcm.astype(np.int32) << _SHIFT_BITS).tobytes())
    return segment.apply_gain(gain_db) if gain_db else segment


def sound_of(segment: AudioSegment) -> Sound:
    """Turn a segment into the sound that the mix goes on with."""
    return _sound(segment.raw_data)


def with_fades(segment: AudioSegment, in_samples: int, out_samples: int) -> AudioSegment:
    """Fade a segment in from its start and out to its end; its length stays as it is."""
    length, data = _samples_of(segment), bytearray(segment.raw_data)
    in_ms, out_ms = (min(fade, length) // _SAMPLES_PER_MS for fade in (in_samples, out_samples))
    # As in `Track.lay`, pydub gets pieces of whole milliseconds.
    if in_ms:
        window = slice(0, in_ms * _SAMPLES_PER_MS * _FRAME_BYTES)
        data[window] = _segment(bytes(data[window])).fade_in(in_ms).raw_data
    if out_ms:
        window = slice(len(data) - out_ms * _SAMPLES_PER_MS * _FRAME_BYTES, len(data))
        data[window] = _segment(bytes(data[window])).fade_out(out_ms).raw_data
    return _segment(bytes(data))


def tiled(segment: AudioSegment, samples: int) -> AudioSegment:
    """Repeat a segment end to end until it has this many samples."""
    times = -(-samples // _samples_of(segment))
    return _cut(segment * times, 0, samples)


def extended(segment: AudioSegment, samples: int) -> AudioSegment:
    """Add silence until a segment has this many samples."""
    return _joined(segment, _segment(bytes(max(0, samples - _samples_of(segment)) * _FRAME_BYTES)))


def looped(segment: AudioSegment, samples: int, crossfade_samples: int) -> AudioSegment:
    """Repeat a segment with crossfades until it has this many samples; a short one gets short crossfades."""
    crossfade_ms = min(crossfade_samples, _samples_of(segment) // 2) // _SAMPLES_PER_MS
    while _samples_of(segment) < samples:
        segment = _crossfaded(segment, segment, crossfade_ms)
    return _cut(segment, 0, samples)


def _crossfaded(first: AudioSegment, second: AudioSegment, fade_ms: int) -> AudioSegment:
    if not fade_ms:
        return _joined(first, second)
    fade, end = fade_ms * _SAMPLES_PER_MS, _samples_of(first)
    seam = _cut(first, end - fade, end).fade_out(fade_ms).overlay(_cut(second, 0, fade).fade_in(fade_ms))
    return _joined(_cut(first, 0, end - fade), seam, _cut(second, fade, _samples_of(second)))


def _samples_of(segment: AudioSegment) -> int:
    return len(segment.raw_data) // _FRAME_BYTES


def _cut(segment: AudioSegment, start_sample: int, end_sample: int) -> AudioSegment:
    return segment.get_sample_slice(start_sample, end_sample)


def _joined(*segments: AudioSegment) -> AudioSegment:
    return _segment(b"".join(segment.raw_data for segment in segments))


def _segment(data: bytes) -> AudioSegment:
    return AudioSegment(data=data, sample_width=_SAMPLE_BYTES, frame_rate=SAMPLE_RATE, channels=2)


def _sound(data: bytes | bytearray) -> Sound:
    sound = np.frombuffer(data, np.int32).reshape(-1, 2).astype(np.float32)
    sound *= np.float32(1 / 2 ** (15 + _SHIFT_BITS))
    return sound
