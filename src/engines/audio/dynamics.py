"""Ducking, compression and limiting, by gains that are computed per block and drawn out to samples.

All gains are reductions in dB, 0 or more, moving in straight lines: that costs a thousandth of a filter that
runs through every sample, and no gain moves before or after it is told to.
"""

import numpy as np
import numpy.typing as npt

from ...models.timeline import SAMPLE_RATE
from .editor import Sound

Curve = npt.NDArray[np.float64]

#: Blocks in which speech is weighed: 10 ms, a few periods of a low voice.
SPEECH_BLOCK = SAMPLE_RATE // 100
#: Blocks in which peaks are found: 1 ms.
PEAK_BLOCK = SAMPLE_RATE // 1000
#: Level of nothing, so that logarithms stay finite.
FLOOR_DB = -120.0

#: The music begins to step back at the first of these levels of the voice, and has done so at the second.
#: A voice of -16 LUFS speaks its vowels at about -14 and its softest consonants at about -38 dB.
DUCK_FROM_DB, DUCK_FULL_DB = -44.0, -36.0
#: The music is down when a word begins: it leaves 80 ms ahead, which is heard as one movement with the word.
DUCK_ATTACK_BLOCKS = 8
#: It stays down over the rests within a sentence, then takes half a second to come back.
DUCK_HOLD_BLOCKS, DUCK_RELEASE_BLOCKS = 35, 50

#: The voice is compressed above this level, by 2:1: its vowels, not its consonants.
COMPRESS_FROM_DB, COMPRESS_SHARE = -20.0, 0.5
#: dB a block by which compression comes and goes.
COMPRESS_ATTACK_DB, COMPRESS_RELEASE_DB = 2.0, 0.35

#: The limiter takes its first dB slowly back (dB a ms), which is not heard; what goes deeper is only let down
#: around each peak, so that a shot does not silence what follows it.
LIMIT_SLOW_DB, LIMIT_SLOW_ATTACK_DB, LIMIT_SLOW_RELEASE_DB = 3.0, 1.0, 0.08
LIMIT_FAST_ATTACK_DB, LIMIT_FAST_RELEASE_DB = 3.0, 1.0


def levels_db(sound: Sound) -> Curve:
    """Weigh each block of `SPEECH_BLOCK` samples: its root mean square, in dB of full scale."""
    blocks = _in_blocks(sound, SPEECH_BLOCK)
    power = np.mean(blocks**2, axis=1, dtype=np.float64)
    return np.asarray(10 * np.log10(np.maximum(power, 10 ** (FLOOR_DB / 10))))


def peaks_db(sound: Sound) -> Curve:
    """Find the highest sample of each block of `PEAK_BLOCK` samples, in dB of full scale."""
    peaks = np.abs(_in_blocks(sound, PEAK_BLOCK)).max(axis=1).astype(np.float64)
    return np.asarray(20 * np.log10(np.maximum(peaks, 10 ** (FLOOR_DB / 20))))


def duck_curve(voice_db: Curve, depth_db: float) -> Curve:
    """Tell how far the music steps back in each block, from the levels of the voice."""
    present = np.clip((voice_db - DUCK_FROM_DB) / (DUCK_FULL_DB - DUCK_FROM_DB), 0, 1) * depth_db
    held = _highest(present, 0, DUCK_HOLD_BLOCKS)
    return _ramped(held, depth_db / DUCK_ATTACK_BLOCKS, depth_db / DUCK_RELEASE_BLOCKS)


def compress_curve(voice_db: Curve) -> Curve:
    """Tell how far loud syllables are held back."""
    over = np.maximum(0, voice_db - COMPRESS_FROM_DB) * COMPRESS_SHARE
    return _ramped(over, COMPRESS_ATTACK_DB, COMPRESS_RELEASE_DB)


def limit_curve(peaks_db: Curve, ceiling_db: float) -> Curve:
    """Tell how far each millisecond has to be held back for every sample to stay at or below a ceiling."""
    # The gain is drawn from the middle of one block to the next: both neighbours have to be low enough.
    over = _highest(np.maximum(0, peaks_db - ceiling_db), 1, 1)
    slow = _ramped(np.minimum(over, LIMIT_SLOW_DB), LIMIT_SLOW_ATTACK_DB, LIMIT_SLOW_RELEASE_DB)
    return np.maximum(slow, _ramped(over, LIMIT_FAST_ATTACK_DB, LIMIT_FAST_RELEASE_DB))


def reduce(sound: Sound, curve: Curve, block: int, start_sample: int = 0) -> None:
    """Take a curve of reductions, one for each block, off a sound that begins at `start_sample`; in place."""
    gains = drawn(curve, block, start_sample, start_sample + len(sound))
    # A side at a time: NumPy takes four times as long to repeat each gain for both.
    sound[:, 0] *= gains
    sound[:, 1] *= gains


def drawn(curve: Curve, block: int, start_sample: int, end_sample: int) -> npt.NDArray[np.float32]:
    """Draw the gains of a curve of reductions out to samples, from the middle of each block to the next."""
    first, last = ((sample - block // 2) // block for sample in (start_sample, end_sample - 1))
    middles = np.clip(np.arange(first, last + 2), 0, len(curve) - 1)
    gains = (10 ** (-curve[middles] / 20)).astype(np.float32)
    along = np.arange(block, dtype=np.float32) / np.float32(block)
    lines = gains[:-1, None] + np.diff(gains)[:, None] * along
    skipped = start_sample - (first * block + block // 2)
    return lines.reshape(-1)[skipped : skipped + end_sample - start_sample]


def _in_blocks(sound: Sound, block: int) -> Sound:
    """Cut a sound into rows of a block each; the last block is filled with silence."""
    missing = -len(sound) % block
    whole = np.concatenate([sound, np.zeros((missing, 2), np.float32)]) if missing else sound
    return whole.reshape(-1, block * 2)


def _highest(curve: Curve, ahead: int, behind: int) -> Curve:
    """Replace each value by the highest of those `behind` before it to `ahead` after it."""
    padded = np.pad(curve, (behind, ahead))
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, ahead + behind + 1).max(axis=1))


def _ramped(curve: Curve, rise: float, fall: float) -> Curve:
    """Draw the lowest curve above this one that rises and falls no faster than this a block."""
    index = np.arange(len(curve))
    falling = np.maximum.accumulate(curve + fall * index) - fall * index
    back = falling[::-1]
    return np.asarray((np.maximum.accumulate(back + rise * index) - rise * index)[::-1])
