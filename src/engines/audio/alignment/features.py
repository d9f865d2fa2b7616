"""What speech sounds like, a hundred times a second, whoever speaks and whatever is heard behind it.

Mel-frequency cepstra (Davis and Mermelstein, 1980) with a root in place of the logarithm, which does not blow
up what is faint, above the noise floor of each band; their changes beside them; all of it as far as it
differs from the speaker's own average.
"""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ....media.sound import Filter, Pcm, filtered, sound_frames

#: Sound: (n,) float32, one channel, `WAVE_RATE` samples a second.
Wave = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

#: Samples a second that are listened to: speech has little above 8 kHz.
WAVE_RATE = 16_000
#: Samples from one frame to the next: 10 ms.
HOP_SAMPLES = 160
#: Samples that a frame looks at, around its middle: 25 ms, two periods of a low voice.
_WINDOW_SAMPLES = 400
_FFT_SAMPLES = 512
#: Silence before and after the sound, so that the middle of frame n is its sample n x `HOP_SAMPLES`.
_PADDING = (_WINDOW_SAMPLES // 2, _WINDOW_SAMPLES // 2 + HOP_SAMPLES)
#: Share of the sample before that is taken off each: speech falls by 6 dB an octave, its low bands would
#: decide alone.
_TILT = np.float32(0.97)
#: Frames whose spectra are held at the same time.
_BATCH_FRAMES = 2048
_MEL_BANDS = 40
_LOWEST_HZ, _HIGHEST_HZ = 60.0, 7600.0
#: Cepstra that tell one sound of speech from another; the first is the level, which is measured by itself.
_CEPSTRA = slice(1, 12)
#: Exponent of a band's power: louder is more, at a sixth of the logarithm's steepness for what is faint.
_LOUDNESS_EXPONENT = 0.15
#: Share of frames that are taken for the noise behind the speech.
_FLOOR_PERCENT = 5
#: Share of a band's mean power that is left to it at least.
_FLOOR_RATIO = 1e-3
#: Natural logarithm of power by which the loudest speech (95% of frames are below) is above what counts.
_LEVEL_RANGE = 8.0
#: Deviations from the mean that are told apart: beyond it is a click.
_MOST_DEVIATIONS = 4.0
#: Frames on either side from which a change is taken.
_CHANGE_REACH = 2


class Features(NamedTuple):
    """A sound, frame by frame."""

    vectors: Matrix
    """(n, d), each of length 1: the product of two is how alike they are."""
    voiced: Flags
    """(n,): whether somebody speaks."""


def wave_of(sound: Pcm | Iterable[Pcm]) -> Wave:
    """Bring a sound, whole or in blocks, to one channel at `WAVE_RATE`."""
    shape = Filter("aformat", f"sample_fmts=flt:sample_rates={WAVE_RATE}:channel_layouts=mono")
    parts = [part.to_ndarray()[0] for part in filtered(sound_frames(sound), [shape])]
    return np.concatenate(parts, dtype=np.float32) if parts else np.zeros(0, np.float32)


def features_of(wave: Wave) -> Features:
    """Describe a sound; one of less than a frame is described as one frame."""
    mel, power = _spectra(wave)
    voiced = _voiced(np.log(power + 1e-9))
    floor = np.percentile(mel, _FLOOR_PERCENT, axis=0)
    mel = np.maximum(mel - floor, _FLOOR_RATIO * mel.mean(axis=0) + 1e-20)
    cepstra = (mel**_LOUDNESS_EXPONENT) @ _cosines()[_CEPSTRA].T
    above_floor = np.maximum(power - np.percentile(power, _FLOOR_PERCENT), 0)
    level = np.log(above_floor + 1e-6)
    level = np.maximum(level, np.percentile(level, 95) - _LEVEL_RANGE)
    state = _deviations(np.column_stack([cepstra, level]), voiced)
    vectors = np.hstack([state, _deviations(_changes(state), voiced)])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-8
    return Features(vectors.astype(np.float32), voiced)


def _spectra(wave: Wave) -> tuple[Matrix, Matrix]:
    """Weigh every frame: (n, bands) power by band, (n,) power of all, both against the sound's mean."""
    plain_wave = np.pad(_levelled(wave), _PADDING)
    steep_wave = np.pad(_levelled(_steepened(wave)), _PADDING)
    plain, steep = (
        np.lib.stride_tricks.sliding_window_view(signal, _WINDOW_SAMPLES)[::HOP_SAMPLES]
        for signal in (plain_wave, steep_wave)
    )
    window, bands = np.hamming(_WINDOW_SAMPLES).astype(np.float32), _mel_bands()
    mel = np.empty((len(plain), _MEL_BANDS), np.float32)
    for start in range(0, len(plain), _BATCH_FRAMES):
        spectrum = np.fft.rfft(steep[start : start + _BATCH_FRAMES] * window, _FFT_SAMPLES)
        mel[start : start + _BATCH_FRAMES] = (spectrum.real**2 + spectrum.imag**2) @ bands.T
    return mel, np.einsum("ij,ij->i", plain, plain)


def _steepened(wave: Wave) -> Wave:
    return np.append(wave[:1], wave[1:] - _TILT * wave[:-1])


def _levelled(wave: Wave) -> Wave:
    """Bring a sound to a mean power of 1."""
    return wave / np.float32(np.sqrt(np.mean(wave**2, dtype=np.float64)) + 1e-9) if len(wave) else wave


def _voiced(level: Matrix) -> Flags:
    """Tell where somebody speaks: 30 dB below the loudest speech, or 9 dB above the quietest frames."""
    loudest, quietest = np.percentile(level, 95), np.percentile(level, 8)
    loud = level > max(loudest - 7.0, min(quietest + 2.0, loudest - 3.5))
    return np.asarray(np.convolve(loud, np.ones(5))[2:-2] > 0)


def _deviations(values: Matrix, voiced: Flags) -> Matrix:
    """Tell by how many deviations each value differs from its mean over all speech."""
    speech = values[voiced] if voiced.any() else values
    told = (values - speech.mean(axis=0)) / (speech.std(axis=0) + 1e-5)
    return np.asarray(np.clip(told, -_MOST_DEVIATIONS, _MOST_DEVIATIONS), np.float32)


def _changes(values: Matrix) -> Matrix:
    """Fit a line through each value and its neighbours: its slope (n, d)."""
    reach = _CHANGE_REACH
    padded = np.pad(values, ((reach, reach), (0, 0)), mode="edge")
    ends = range(1, reach + 1)
    rises = (
        step * (padded[reach + step :][: len(values)] - padded[reach - step :][: len(values)])
        for step in ends
    )
    return np.asarray(sum(rises) / (2 * sum(step**2 for step in ends)))


@cache
def _mel_bands() -> Matrix:
    """Weights (bands, bins) of triangles that are equally wide to the ear."""
    edges_mel = np.linspace(_mel(_LOWEST_HZ), _mel(_HIGHEST_HZ), _MEL_BANDS + 2)
    edges = 700 * (10 ** (edges_mel / 2595) - 1)
    bins = np.arange(_FFT_SAMPLES // 2 + 1) * WAVE_RATE / _FFT_SAMPLES
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (bins - low) / (middle - low), (high - bins) / (high - middle)
    return np.asarray(np.maximum(0, np.minimum(rising, falling)), np.float32)


def _mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))


@cache
def _cosines() -> Matrix:
    """Rows of the discrete cosine transform over the bands."""
    bands = np.arange(_MEL_BANDS)
    angles = np.pi / _MEL_BANDS * (bands + 0.5) * bands[:, None]
    return np.asarray(np.cos(angles) * np.sqrt(2 / _MEL_BANDS), np.float32)
