"""From the mix to a file that measures what was asked for."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from ...media.loudness import SILENCE_LUFS, Loudness, measure
from ...media.sound import Sound, encode_aac
from .limiter import Drive, Mix, find_drive, limited

#: How much lower than the wanted true peak the limiter holds the samples at first: between samples, and by
#: AAC's own error, sound rises again by 0.3 to 1 dB.
_FIRST_MARGIN_DB = 0.7
#: Loudness error of the finished file that is corrected; a tenth of what a listener notices.
_TOLERANCE_LU = 0.15
#: What a correction of the peak adds, as the next file errs differently.
_PEAK_SPARE_DB = 0.25
#: Encodings at most; after the first two corrections nothing counts but the peak.
_ROUNDS, _LOUDNESS_CORRECTIONS = 5, 2


#: Called between the steps of long work; ends it by raising.
GoOn = Callable[[], None]


class Target(NamedTuple):
    """What the finished file should measure."""

    lufs: float
    true_peak_db: float


def master(mix: Mix, target: Target, out: Path, go_on: GoOn = lambda: None) -> Loudness:
    """Write a mix as AAC at a loudness, below a true peak, and tell what the file measures.

    The file is measured as players hear it, after decoding, and made anew if it misses. Silence stays silent.
    A loudness that the peak does not allow is missed on the quiet side.
    """
    aim_lufs, ceiling_db = target.lufs, target.true_peak_db - _FIRST_MARGIN_DB
    measured = Loudness(SILENCE_LUFS, SILENCE_LUFS)
    for corrections in range(_ROUNDS):
        go_on()
        drive = find_drive(mix, aim_lufs, ceiling_db)
        encode_aac(_played(mix, drive, go_on), out)
        go_on()
        measured = measure(out)
        missed_lu, excess_db = target.lufs - measured.lufs, measured.true_peak_db - target.true_peak_db
        is_the_end = abs(drive.missed_lu) > _TOLERANCE_LU or measured.is_silence
        is_the_end |= corrections >= _LOUDNESS_CORRECTIONS
        if (abs(missed_lu) <= _TOLERANCE_LU or is_the_end) and excess_db <= 0:
            break
        lower_db = excess_db + _PEAK_SPARE_DB if excess_db > 0 else 0.0
        ceiling_db -= lower_db
        # Lowered together, the limiter does the same as before, and peaks move by no more than that.
        aim_lufs += missed_lu if corrections < _LOUDNESS_CORRECTIONS else -lower_db
    return measured


def _played(mix: Mix, drive: Drive, go_on: GoOn) -> Iterator[Sound]:
    for block in limited(mix, drive):
        go_on()
        yield block
