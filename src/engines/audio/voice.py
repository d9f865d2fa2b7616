"""The voice of a film: every narration brought to one loudness, compressed gently, and levelled again.

It is weighed once, clip by clip, in blocks of 10 ms on the film's own grid: from there on its levels, and
what compression and gain do to them, are sums of blocks.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ...media.loudness import Powers, repeated_lufs, weighted_powers
from ...media.sound import Pcm
from .dynamics import FLOOR_DB, SPEECH_BLOCK, Curve, compress_curve, levels_db
from .recording import Take
from .strips import Strip

#: Loudness of the voice in the mix, in LUFS, and of music at gain 0.
VOICE_LUFS = -16.0
#: Most that a quiet source is lifted: beyond it, there is nothing in it but noise.
_MAX_LIFT_DB = 40.0


class Voice(NamedTuple):
    """All narrations, laid out and levelled."""

    strips: tuple[Strip, ...]
    curve: Curve
    """What is taken off in each `SPEECH_BLOCK`, in dB; negative where the voice is lifted."""
    levels_db: Curve
    """How loud each block then is."""


class Weighed(NamedTuple):
    """A sound in blocks of `SPEECH_BLOCK`."""

    levels_db: Curve
    powers: Powers
    """Weighted as BS.1770 asks for."""


def level_voice(takes: Sequence[tuple[int, Take]], samples: int) -> Voice:
    """Level narrations that begin at a sample of a film."""
    blocks = -(-samples // SPEECH_BLOCK)
    power, weighted = np.full(blocks, _power(FLOOR_DB)), np.zeros(blocks, np.float32)
    strips = []
    for start, take in takes:
        # The blocks of the film are those of the clip: what it begins within is weighed from its start.
        found = weighed(take.blocks(-(start % SPEECH_BLOCK)))
        lift_db = lift(found.powers)
        strips.append(Strip(start, take.samples, take, lift_db))
        place = slice(start // SPEECH_BLOCK, start // SPEECH_BLOCK + len(found.powers))
        there = power[place]
        there += _power(found.levels_db[: len(there)] + lift_db)
        weighted[place] += found.powers[: len(there)] * np.float32(_power(lift_db))
    levels = 10 * np.log10(power)
    curve = compress_curve(levels)
    curve -= lift(weighted * _power(-curve).astype(np.float32))
    return Voice(tuple(strips), curve, levels - curve)


def weighed(blocks: Iterable[Pcm]) -> Weighed:
    """Weigh a sound in one go."""
    levels = [np.zeros(0)]

    def passed() -> Iterator[Pcm]:
        for block in blocks:
            levels.append(levels_db(block * np.float32(1 / 32768)))
            yield block

    powers = weighted_powers(passed(), SPEECH_BLOCK)
    return Weighed(np.concatenate(levels), powers)


def lift(powers: Powers) -> float:
    """Tell the gain in dB that brings a sound to `VOICE_LUFS`; 0 for silence."""
    if not powers.any():
        return 0.0
    return min(_MAX_LIFT_DB, VOICE_LUFS - repeated_lufs(powers, SPEECH_BLOCK))


def _power(level_db: Curve | float) -> Curve:
    return np.asarray(10 ** (np.asarray(level_db) / 10))
