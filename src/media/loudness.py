"""Loudness and true peak of sound, as broadcasters measure them.

Source: ITU-R BS.1770-5 and EBU R 128. Finished files go through FFmpeg's `ebur128` filter. What is still
being worked on is known by the power of its steps after BS.1770's own filter: gains change powers without
another look at the sound.
"""

import math
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..models.timeline import SAMPLE_RATE
from .sound import CHUNK_SAMPLES, Filter, Pcm, Sound, filtered, sound_blocks, sound_frames

#: Power of each step of a sound: (n,) float32, the mean squares of both sides added up.
Powers = npt.NDArray[np.float32]

#: What silence measures, in LUFS: the absolute gate of BS.1770. It stands for its peak in dBTP, too.
SILENCE_LUFS = -70.0
#: BS.1770 measures windows of four steps of 100 ms, one beginning at each step.
GATING_STEP = SAMPLE_RATE // 10
_STEPS_IN_WINDOW = 4
#: Steps of `GATING_STEP` that have a loudness for sure, with room to spare.
_MEASURABLE_STEPS = 10
#: LUFS of a power of 1.0: undoes what the filter adds at 1 kHz.
_OFFSET_LU = -0.691
#: Windows this far below the mean of all do not count.
_RELATIVE_GATE_LU = -10.0
#: BS.1770's two stages at 48 kHz, as FFmpeg's `biquad` takes them: a shelf for the head, and a high pass.
_K_WEIGHTING = (
    "b0=1.53512485958697:b1=-2.69169618940638:b2=1.19839281085285:a0=1:a1=-1.69065929318241:a2=0.73248077421585",
    "b0=1:b1=-2:b2=1:a0=1:a1=-1.99004745483398:a2=0.99007225036621",
)


class Loudness(NamedTuple):
    """What a sound measures; silence is `SILENCE_LUFS` in both."""

    lufs: float
    """Integrated loudness."""
    true_peak_db: float
    """Highest true peak of either side, in dBTP."""

    @property
    def is_silence(self) -> bool:
        """Tell whether there is too little sound to be levelled."""
        return self.lufs <= SILENCE_LUFS


def measure(sound: Path | Pcm) -> Loudness:
    """Measure a file or samples; less than 0.4 s counts as silence.

    Raises:
        SoundUnreadable: the file holds no sound.
    """
    frames = sound_frames(sound_blocks(sound) if isinstance(sound, Path) else sound)
    values: dict[str, str] = {}
    # Its last frame tells what all of them measure.
    for frame in filtered(frames, [Filter("ebur128", "metadata=1:framelog=quiet:peak=true")]):
        values = dict(frame.metadata) or values
    lufs = float(values.get("lavfi.r128.I", SILENCE_LUFS))
    peak = float(values.get("lavfi.r128.true_peak", 0.0))
    return Loudness(
        max(SILENCE_LUFS, lufs) if math.isfinite(lufs) else SILENCE_LUFS,
        max(SILENCE_LUFS, 20 * math.log10(peak)) if peak > 0 else SILENCE_LUFS,
    )


def weighted_powers(blocks: Iterable[Pcm | Sound], step_samples: int) -> Powers:
    """Weigh each step of `step_samples`, a divisor of `GATING_STEP`; silence fills the last one up."""
    filters = [
        Filter("asetnsamples", f"{CHUNK_SAMPLES}:p=0"),
        *(Filter("biquad", f"{stage}:a=di:r=f64") for stage in _K_WEIGHTING),
    ]
    # Grown in place: an hour of milliseconds takes 14 MB, and would take twice that to be joined.
    found = bytearray()
    for frame in filtered(sound_frames(blocks), filters):
        sides = frame.to_ndarray().astype(np.float64, copy=False)
        missing = -sides.shape[1] % step_samples
        whole = np.pad(sides, ((0, 0), (0, missing))) if missing else sides
        steps = whole.reshape(2, -1, step_samples)
        powers = np.einsum("cst,cst->s", steps, steps) / step_samples
        found.extend(powers.astype(np.float32).tobytes())
    return np.frombuffer(found, np.float32)


def gated_lufs(powers: Powers, step_samples: int) -> float:
    """Tell the integrated loudness from the powers of steps; less than 0.4 s counts as silence."""
    per_step = GATING_STEP // step_samples
    whole = len(powers) // per_step
    steps = powers[: whole * per_step].reshape(-1, per_step).mean(axis=1, dtype=np.float64)
    if whole < _STEPS_IN_WINDOW:
        return SILENCE_LUFS
    windows = np.convolve(steps, np.full(_STEPS_IN_WINDOW, 1 / _STEPS_IN_WINDOW), "valid")
    audible = windows[windows > _power(SILENCE_LUFS)]
    if not len(audible):
        return SILENCE_LUFS
    gate = audible.mean() * 10 ** (_RELATIVE_GATE_LU / 10)
    return max(SILENCE_LUFS, _OFFSET_LU + 10 * math.log10(audible[audible > gate].mean()))


def repeated_lufs(powers: Powers, step_samples: int) -> float:
    """Tell the integrated loudness of steps, one or more; less than a second is taken to begin again."""
    steps = _MEASURABLE_STEPS * GATING_STEP // step_samples
    return gated_lufs(powers if len(powers) >= steps else np.resize(powers, steps), step_samples)


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - _OFFSET_LU) / 10))
