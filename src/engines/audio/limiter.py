"""How far a mix has to be amplified and held back to reach a loudness below a ceiling.

A mix lies on the disk; what is kept of it in memory are the peak and the weighted power of each millisecond.
They tell what any gain and any limiting make of it, without another look at its samples.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...media.loudness import GATING_STEP, Powers, repeated_lufs, weighted_powers
from ...media.sound import CHUNK_SAMPLES, Sound
from .dynamics import PEAK_BLOCK, Curve, limit_curve, peaks_db, reduce
from .recording import Recording

#: Gains tried at most to reach a loudness, and the error that ends the search; most films take two.
_TRIALS, _TRIAL_TOLERANCE_LU = 16, 0.02
#: Most that the gain grows from trial to trial, and beyond what the loudness takes without a limiter, in dB.
#: A few drum beats in silence take that much: what is quiet then comes up.
_MAX_STEP_DB, _MAX_DRIVE_DB = 4.0, 36.0
#: Most gain to begin with: a film of nothing but hiss stays quiet.
_MAX_GAIN_DB = 60.0
#: Milliseconds looked at on either side of a stretch: no release is slower, however deep the reduction.
_MARGIN = 512
#: Milliseconds whose limiting is worked out at once.
_STRETCH = 10_000
#: Loudness that the limiter takes away up to which powers are believed; most films stay below it.
_GENTLE_LU = 0.4
#: Times that a limited mix is listened to at most, and the error that ends it.
_LISTENINGS, _HEARD_TOLERANCE_LU = 4, 0.05


class Mix(NamedTuple):
    """A mix on the disk, and what is known of each `PEAK_BLOCK` of it."""

    recording: Recording[np.float32]
    peaks_db: npt.NDArray[np.float32]
    powers: Powers


class Drive(NamedTuple):
    """A gain and a ceiling, in dB, and what they make of a mix."""

    gain_db: float
    ceiling_db: float
    missed_lu: float
    """How much quieter the limited mix is than it should be."""


def record(blocks: Iterable[Sound], recording: Recording[np.float32]) -> Mix:
    """Keep a mix on the disk and weigh it; its blocks have whole milliseconds, but for the last one."""
    peaks = bytearray()

    def passed() -> Iterator[Sound]:
        for block in blocks:
            recording.append(block)
            peaks.extend(peaks_db(block).astype(np.float32).tobytes())
            yield block

    powers = weighted_powers(passed(), PEAK_BLOCK)
    return Mix(recording, np.frombuffer(peaks, np.float32), powers)


def find_drive(mix: Mix, aim_lufs: float, ceiling_db: float) -> Drive:
    """Find the lowest gain at which the limited mix has a loudness, or the one that comes closest to it.

    Powers are right about gains that move slowly, less so about a limiter at work on low notes, which the
    filter of BS.1770 draws out in time. What it does to them is listened to, and allowed for.
    """
    unlimited_lufs = _limited_lufs(mix, 0.0, np.inf)
    drive, overstated_lu = _search(mix, unlimited_lufs, aim_lufs, ceiling_db), 0.0
    for _ in range(_LISTENINGS):
        told_lufs = aim_lufs + overstated_lu - drive.missed_lu
        if unlimited_lufs + drive.gain_db - told_lufs < _GENTLE_LU:
            break
        before_lu, overstated_lu = overstated_lu, told_lufs - _heard_lufs(mix, drive)
        if abs(overstated_lu - before_lu) <= _HEARD_TOLERANCE_LU:
            break
        drive = _search(mix, unlimited_lufs, aim_lufs + overstated_lu, ceiling_db)
    return drive


def _search(mix: Mix, unlimited_lufs: float, aim_lufs: float, ceiling_db: float) -> Drive:
    """Find the best gain by powers.

    The loudness need not rise with the gain: a limiter takes back what it is given, and noise that rises
    above the gate of the measurement lowers it. So the search walks up until it is past, then closes in.
    """
    gain_db = min(_MAX_GAIN_DB, aim_lufs - unlimited_lufs)
    most_db = gain_db + _MAX_DRIVE_DB
    quiet: Drive | None = None
    loud: Drive | None = None
    best = drive = _drive(mix, gain_db, aim_lufs, ceiling_db)
    for _ in range(_TRIALS - 1):
        if abs(drive.missed_lu) <= _TRIAL_TOLERANCE_LU or (drive.missed_lu > 0 and drive.gain_db >= most_db):
            break
        quiet, loud = (drive, loud) if drive.missed_lu > 0 else (quiet, drive)
        drive = _drive(mix, min(most_db, _next_gain_db(quiet, loud)), aim_lufs, ceiling_db)
        best = min(best, drive, key=lambda found: abs(found.missed_lu))
    return best


def _heard_lufs(mix: Mix, drive: Drive) -> float:
    return repeated_lufs(weighted_powers(limited(mix, drive), GATING_STEP), GATING_STEP)


def limited(mix: Mix, drive: Drive) -> Iterator[Sound]:
    """Play a mix at a gain, below a ceiling, a second at a time."""
    samples, scale = mix.recording.samples, np.float32(10 ** (drive.gain_db / 20))
    for start in range(0, samples, CHUNK_SAMPLES):
        end = min(samples, start + CHUNK_SAMPLES)
        block = mix.recording.read(start, end)
        block *= scale
        # One more on either side, as gains are drawn from the middle of one millisecond to the next.
        first, last = max(0, start // PEAK_BLOCK - 1), -(-end // PEAK_BLOCK) + 1
        curve = _curve(mix, first, last, drive.gain_db, drive.ceiling_db)
        if curve.any():
            reduce(block, curve, PEAK_BLOCK, start - first * PEAK_BLOCK)
        yield block


def _drive(mix: Mix, gain_db: float, aim_lufs: float, ceiling_db: float) -> Drive:
    return Drive(gain_db, ceiling_db, aim_lufs - _limited_lufs(mix, gain_db, ceiling_db))


def _next_gain_db(quiet: Drive | None, loud: Drive | None) -> float:
    """Choose between a gain that was too low and one that was too high, or go on from the only one."""
    if quiet and loud:
        share = quiet.missed_lu / (quiet.missed_lu - loud.missed_lu)
        # Kept off the ends, where the straight line between the two would creep.
        return quiet.gain_db + (loud.gain_db - quiet.gain_db) * max(0.15, min(0.85, share))
    if loud:
        return loud.gain_db + loud.missed_lu
    assert quiet
    return quiet.gain_db + min(_MAX_STEP_DB, 1.5 * quiet.missed_lu)


def _limited_lufs(mix: Mix, gain_db: float, ceiling_db: float) -> float:
    """Tell the loudness of a mix at a gain, below a ceiling, by its powers."""
    powers, per_step = mix.powers, GATING_STEP // PEAK_BLOCK
    steps = [np.zeros(0)]
    for first in range(0, len(powers), _STRETCH):
        last = min(len(powers), first + _STRETCH)
        gains = 10 ** ((gain_db - _curve(mix, first, last, gain_db, ceiling_db)) / 10)
        weighed = np.append(powers[first:last] * gains, np.zeros(-(last - first) % per_step))
        steps.append(weighed.reshape(-1, per_step).mean(axis=1))
    return repeated_lufs(np.concatenate(steps).astype(np.float32), GATING_STEP)


def _curve(mix: Mix, first: int, last: int, gain_db: float, ceiling_db: float) -> Curve:
    """Tell how far each millisecond from `first` to `last` is held back."""
    start = max(0, first - _MARGIN)
    peaks = mix.peaks_db[start : last + _MARGIN].astype(np.float64) + gain_db
    return limit_curve(peaks, ceiling_db)[first - start : last - start]
