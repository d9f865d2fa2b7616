"""From the mix to a file that measures what was asked for."""

from pathlib import Path

import numpy as np

from ...media.loudness import SILENCE_LUFS, Loudness, integrated_lufs, measure
from ...media.sound import CHUNK_SAMPLES, Pcm, encode_aac
from .dynamics import PEAK_BLOCK, Curve, drawn, limit_curve, peaks_db
from .editor import Sound

#: How much lower than the wanted true peak the limiter holds the samples at first: between samples, and by
#: AAC's own error, sound rises again by 0.3 to 1 dB.
_FIRST_MARGIN_DB = 0.7
#: Loudness error of the finished file that is corrected; a tenth of what a listener notices.
_TOLERANCE_LU = 0.15
#: What a correction of the peak adds, as the next file errs differently.
_PEAK_SPARE_DB = 0.25
#: Encodings at most: one, and two corrections.
_ROUNDS = 3
#: Limiter runs at most to reach a loudness, and the error that ends them.
_LIMITER_RUNS, _LIMITER_TOLERANCE_LU = 6, 0.04
#: Most gain, in dB: a film of nothing but noise stays quiet.
_MAX_GAIN_DB = 60.0
#: How far below itself, in dB, a mix is measured, as it may exceed the full scale of 16 bits.
_MEASURED_BELOW_DB = 12.0


def master(mix: Sound, target_lufs: float, true_peak_db: float, out: Path) -> Loudness:
    """Write a mix as AAC at a loudness, below a true peak, and tell what the file measures.

    The file is measured as players hear it, after decoding, and made anew if it misses. Silence stays silent.
    """
    aim_lufs, ceiling_db = target_lufs, true_peak_db - _FIRST_MARGIN_DB
    gain_db = aim_lufs - loudness_of(mix)
    measured = Loudness(SILENCE_LUFS, SILENCE_LUFS)
    for _ in range(_ROUNDS):
        pcm, gain_db = _levelled(mix, gain_db, aim_lufs, ceiling_db)
        encode_aac(pcm, out)
        measured = measure(out)
        if measured.is_silence:
            break
        missed_lu, excess_db = target_lufs - measured.lufs, measured.true_peak_db - true_peak_db
        if abs(missed_lu) <= _TOLERANCE_LU and excess_db <= 0:
            break
        aim_lufs += missed_lu
        ceiling_db -= excess_db + _PEAK_SPARE_DB if excess_db > 0 else 0
    return measured


def loudness_of(sound: Sound) -> float:
    """Measure a sound that may exceed full scale; LUFS."""
    return integrated_lufs(_pcm(sound, -_MEASURED_BELOW_DB, np.zeros(1))) + _MEASURED_BELOW_DB


def _levelled(mix: Sound, gain_db: float, aim_lufs: float, ceiling_db: float) -> tuple[Pcm, float]:
    """Find the gain at which the limited mix has a loudness; return the sound and the gain."""
    peaks = peaks_db(mix)
    for run in range(_LIMITER_RUNS):
        gain_db = min(gain_db, _MAX_GAIN_DB)
        pcm = _pcm(mix, gain_db, limit_curve(peaks + gain_db, ceiling_db))
        lufs = integrated_lufs(pcm)
        close = lufs <= SILENCE_LUFS or abs(aim_lufs - lufs) <= _LIMITER_TOLERANCE_LU
        if close or run == _LIMITER_RUNS - 1:
            break
        gain_db += aim_lufs - lufs
    return pcm, gain_db


def _pcm(sound: Sound, gain_db: float, curve: Curve) -> Pcm:
    """Amplify a sound, take a curve of `PEAK_BLOCK` off it and round it to 16 bits."""
    pcm = np.empty(sound.shape, np.int16)
    scale = np.float32(32767 * 10 ** (gain_db / 20))
    for start in range(0, len(sound), CHUNK_SAMPLES):
        piece = sound[start : start + CHUNK_SAMPLES] * scale
        piece *= drawn(curve, PEAK_BLOCK, start, start + len(piece))[:, None]
        pcm[start : start + len(piece)] = np.clip(np.rint(piece, out=piece), -32768, 32767, out=piece)
    return pcm
