"""Loudness and true peak of sound, as broadcasters measure them.

Source: ITU-R BS.1770-5 and EBU R 128, through FFmpeg's `ebur128` filter.
"""

import math
from pathlib import Path
from typing import NamedTuple

from .sound import Filter, Pcm, decode_sound, filtered, sound_frames

#: What silence measures, in LUFS: the absolute gate of BS.1770. It stands for its peak in dBTP, too.
SILENCE_LUFS = -70.0


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
    values = _ebur128(decode_sound(sound) if isinstance(sound, Path) else sound, "true")
    peak = float(values.get("lavfi.r128.true_peak", 0.0))
    return Loudness(_lufs(values), max(SILENCE_LUFS, 20 * math.log10(peak)) if peak > 0 else SILENCE_LUFS)


def integrated_lufs(pcm: Pcm) -> float:
    """Measure the loudness alone, at a quarter of the cost."""
    return _lufs(_ebur128(pcm, "none"))


def _lufs(values: dict[str, str]) -> float:
    lufs = float(values.get("lavfi.r128.I", SILENCE_LUFS))
    return max(SILENCE_LUFS, lufs) if math.isfinite(lufs) else SILENCE_LUFS


def _ebur128(pcm: Pcm, peak: str) -> dict[str, str]:
    """Run the filter and return the metadata of its last frame, which hold the values of all before."""
    values: dict[str, str] = {}
    for frame in filtered(sound_frames(pcm), [Filter("ebur128", f"metadata=1:framelog=quiet:peak={peak}")]):
        values = dict(frame.metadata) or values
    return values
