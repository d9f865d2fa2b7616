"""From the mix to a file that measures what was asked for."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

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
#: Limiter runs at most to reach a loudness, and the error that ends them; most films take two.
_LIMITER_RUNS, _LIMITER_TOLERANCE_LU = 16, 0.04
#: Most that the gain grows from run to run, and beyond what the loudness takes without a limiter, in dB.
#: A few drum beats in silence take that much: what is quiet then comes up.
_MAX_STEP_DB, _MAX_DRIVE_DB = 4.0, 36.0
#: Most gain to begin with: a film of nothing but hiss stays quiet.
_MAX_GAIN_DB = 60.0
#: How far below itself, in dB, a mix is measured, as it may exceed the full scale of 16 bits.
_MEASURED_BELOW_DB = 12.0


#: Called between the steps of long work; ends it by raising.
GoOn = Callable[[], None]


class Target(NamedTuple):
    """What the finished file should measure."""

    lufs: float
    true_peak_db: float


def master(mix: Sound, target: Target, out: Path, go_on: GoOn = lambda: None) -> Loudness:
    """Write a mix as AAC at a loudness, below a true peak, and tell what the file measures.

    The file is measured as players hear it, after decoding, and made anew if it misses. Silence stays silent.
    A loudness that the peak does not allow is missed on the quiet side.
    """
    gain_db = min(_MAX_GAIN_DB, target.lufs - loudness_of(mix))
    aim_lufs, ceiling_db = target.lufs, target.true_peak_db - _FIRST_MARGIN_DB
    measured = Loudness(SILENCE_LUFS, SILENCE_LUFS)
    for _ in range(_ROUNDS):
        go_on()
        run = _levelled(mix, gain_db, aim_lufs, ceiling_db)
        go_on()
        encode_aac(run.pcm, out)
        measured = measure(out)
        missed_lu, excess_db = target.lufs - measured.lufs, measured.true_peak_db - target.true_peak_db
        is_loudness_done = abs(missed_lu) <= _TOLERANCE_LU or run.is_the_end or measured.is_silence
        if is_loudness_done and excess_db <= 0:
            break
        aim_lufs += missed_lu
        ceiling_db -= excess_db + _PEAK_SPARE_DB if excess_db > 0 else 0
    return measured


def loudness_of(sound: Sound) -> float:
    """Measure a sound that may exceed full scale; LUFS."""
    return integrated_lufs(_pcm(sound, -_MEASURED_BELOW_DB, np.zeros(1))) + _MEASURED_BELOW_DB


class _Run(NamedTuple):
    """One pass through the limiter."""

    pcm: Pcm
    gain_db: float
    missed_lu: float
    is_the_end: bool = False
    """No other gain comes closer."""


def _levelled(mix: Sound, gain_db: float, aim_lufs: float, ceiling_db: float) -> _Run:
    """Find the lowest gain at which the limited mix has a loudness, or the one that comes closest to it.

    The loudness need not rise with the gain: a limiter takes back what it is given, and noise that rises
    above the gate of the measurement lowers it. So the search walks up until it is past, then closes in.
    """
    peaks, most_db = peaks_db(mix), gain_db + _MAX_DRIVE_DB
    quiet: _Run | None = None
    loud: _Run | None = None
    best = run = _run(mix, peaks, gain_db, aim_lufs, ceiling_db)
    for _ in range(_LIMITER_RUNS - 1):
        best = min(best, run, key=lambda found: abs(found.missed_lu))
        if abs(run.missed_lu) <= _LIMITER_TOLERANCE_LU or (run.missed_lu > 0 and run.gain_db >= most_db):
            break
        quiet, loud = (run, loud) if run.missed_lu > 0 else (quiet, run)
        run = _run(mix, peaks, min(most_db, _next_gain_db(quiet, loud)), aim_lufs, ceiling_db)
    best = min(best, run, key=lambda found: abs(found.missed_lu))
    return best._replace(is_the_end=abs(best.missed_lu) > _TOLERANCE_LU)


def _next_gain_db(quiet: _Run | None, loud: _Run | None) -> float:
    """Choose between a gain that was too low and one that was too high, or go on from the only one."""
    if quiet and loud:
        share = quiet.missed_lu / (quiet.missed_lu - loud.missed_lu)
        # Kept off the ends, where the straight line between the two would creep.
        return quiet.gain_db + (loud.gain_db - quiet.gain_db) * max(0.15, min(0.85, share))
    if loud:
        return loud.gain_db + loud.missed_lu
    assert quiet
    return quiet.gain_db + min(_MAX_STEP_DB, 1.5 * quiet.missed_lu)


def _run(mix: Sound, peaks: Curve, gain_db: float, aim_lufs: float, ceiling_db: float) -> _Run:
    pcm = _pcm(mix, gain_db, limit_curve(peaks + gain_db, ceiling_db))
    return _Run(pcm, gain_db, aim_lufs - integrated_lufs(pcm))


def _step_db(before: _Run, last: _Run) -> float:
    """Tell how to change the gain: as the limiter takes part of it back, by what the last change did."""
    changed_db, gained_lu = last.gain_db - before.gain_db, before.missed_lu - last.missed_lu
    step_db = last.missed_lu
    if changed_db and gained_lu / changed_db > 0:
        step_db /= min(1.0, gained_lu / changed_db)
    return max(-_MAX_STEP_DB, min(_MAX_STEP_DB, step_db))


def _pcm(sound: Sound, gain_db: float, curve: Curve) -> Pcm:
    """Amplify a sound, take a curve of `PEAK_BLOCK` off it and round it to 16 bits."""
    pcm = np.empty(sound.shape, np.int16)
    scale = np.float32(32767 * 10 ** (gain_db / 20))
    for start in range(0, len(sound), CHUNK_SAMPLES):
        piece = sound[start : start + CHUNK_SAMPLES] * scale
        piece *= drawn(curve, PEAK_BLOCK, start, start + len(piece))[:, None]
        pcm[start : start + len(piece)] = np.clip(np.rint(piece, out=piece), -32768, 32767, out=piece)
    return pcm
