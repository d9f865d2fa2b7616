"""The sounds that the music is made of: mono (n,) or stereo (2, n) float32, full scale 1.0."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...models.timeline import SAMPLE_RATE

Wave = npt.NDArray[np.float32]

#: Highest partial of a pad in Hz: above it a bed fights with the voice's consonants.
_PAD_TOP_HZ = 5_000
#: Width of a pad's partials in cents: what a section of players differs by.
_PAD_WIDTH_CENTS = 28


class Partial(NamedTuple):
    """One decaying sine of a struck or plucked sound."""

    ratio: float
    """Frequency against the fundamental."""
    level: float
    decay: float
    """How fast it dies, in 1/s."""


#: A kalimba: nearly pure, with the knock of the tine.
KALIMBA = (Partial(1, 1.0, 4.0), Partial(2, 0.22, 7.0), Partial(5.4, 0.12, 24.0))
#: A marimba: its bars are tuned to the double octave.
MARIMBA = (Partial(1, 1.0, 6.0), Partial(3.98, 0.35, 16.0), Partial(9.2, 0.1, 40.0))
#: A felt piano: harmonics that die the faster the higher they are.
FELT_PIANO = (
    Partial(1, 1.0, 2.6),
    Partial(2, 0.5, 3.8),
    Partial(3, 0.22, 5.5),
    Partial(4.01, 0.1, 8.0),
    Partial(5.03, 0.05, 11.0),
)
#: Short strings: bright at once, soon gone.
STACCATO = tuple(Partial(n, 0.9 / n**1.15, 5.0 + 1.6 * n) for n in range(1, 8))


def hertz(pitch: float) -> float:
    """Frequency of a MIDI pitch; 69 is 440 Hz."""
    return float(440 * 2 ** ((pitch - 69) / 12))


def pad(pitches: list[int], samples: int, tilt: float, rng: np.random.Generator) -> Wave:
    """Sound a chord without beginning or end: stereo, and periodic in `samples`.

    Its partials are bands of noise drawn straight into a spectrum, other phases on either side, which sounds
    like many players. Source: the PADsynth algorithm, Paul Nasca.
    """
    bin_hz = SAMPLE_RATE / samples
    magnitude = np.zeros(samples // 2 + 1, np.float32)
    for pitch in pitches:
        fundamental = hertz(pitch)
        for number in range(1, int(_PAD_TOP_HZ / fundamental) + 1):
            center = fundamental * number / bin_hz
            width = max(1.0, center * (2 ** (_PAD_WIDTH_CENTS / 1200) - 1) / 2)
            low, high = int(center - 3 * width), int(center + 3 * width) + 2
            bump = np.exp(-0.5 * ((np.arange(low, high) - center) / width) ** 2)
            # Every note carries the same power, however wide its bumps are.
            magnitude[low:high] += bump / number**tilt / np.sqrt(np.sum(bump**2)) / np.sqrt(fundamental / 110)
    phases = rng.random((2, len(magnitude)), np.float32) * np.float32(2 * np.pi)
    sounding = int(np.flatnonzero(magnitude)[-1]) + 1
    bins = np.empty((2, sounding), np.complex64)
    bins.real = np.cos(phases[:, :sounding]) * magnitude[:sounding]
    bins.imag = np.sin(phases[:, :sounding]) * magnitude[:sounding]
    return _level(np.asarray(np.fft.irfft(bins, samples), np.float32))


def struck(pitch: int, partials: tuple[Partial, ...], seconds: float) -> Wave:
    """Strike or pluck a note."""
    time, fundamental = _time(seconds), hertz(pitch)
    wave = np.zeros_like(time)
    for ratio, level, decay in partials:
        if fundamental * ratio < _PAD_TOP_HZ * 2:
            wave += level * np.exp(-decay * time) * np.sin(2 * np.pi * fundamental * ratio * time)
    return _eased(wave, attack_seconds=0.003)


def bass(pitch: int, seconds: float, drive: float) -> Wave:
    """Play a bass note; `drive` adds the overtones that small speakers need."""
    time = _time(seconds)
    sine = np.sin(2 * np.pi * hertz(pitch) * time)
    wave = np.tanh(drive * (sine + 0.3 * sine * np.abs(sine))) / np.tanh(drive)
    return _eased(wave * np.exp(-1.6 * time), attack_seconds=0.008)


def kick(depth_hz: float) -> Wave:
    """Hit the bass drum: a sine that falls to `depth_hz`."""
    time = _time(0.45)
    phase = 2 * np.pi * (depth_hz * time + 90 / 34 * (1 - np.exp(-34 * time)))
    return _eased(np.sin(phase) * np.exp(-8.5 * time), attack_seconds=0.002)


def snare(rng: np.random.Generator) -> Wave:
    """Hit a soft snare."""
    time = _time(0.28)
    noise = _band(rng.standard_normal(len(time)), 900, 7_500)
    return _eased(
        noise * np.exp(-20 * time) + 0.5 * np.sin(2 * np.pi * 186 * time) * np.exp(-26 * time), 0.001
    )


def hat(rng: np.random.Generator, decay: float) -> Wave:
    """Touch the hi-hat, or shake a shaker when it decays slowly."""
    time = _time(0.14)
    return _eased(_band(rng.standard_normal(len(time)), 6_500, 15_000) * np.exp(-decay * time), 0.004)


def room(send: Wave, seconds: float, rng: np.random.Generator) -> Wave:
    """Reverberate a mono loop into stereo; the tail of its end sounds in its beginning."""
    samples, time = len(send), _time(seconds)
    # 60 dB down at the end, soft at the start, so that the room does not smear the attacks.
    decay = np.exp(-6.9 / seconds * time) * np.minimum(1, time / 0.012)
    tail = rng.standard_normal((2, len(time)), np.float32) * decay
    tail /= np.sqrt(np.sum(tail[0] ** 2))
    hz = np.arange(samples // 2 + 1, dtype=np.float32) * np.float32(SAMPLE_RATE / samples)
    shaped = _spectrum(send, samples)
    shaped *= hz / (hz + 180) / (1 + (hz / 4_200) ** 2)
    wet = np.empty((2, samples), np.float32)
    for side in (0, 1):
        bins = _spectrum(tail[side], samples)
        bins *= shaped
        wet[side] = np.fft.irfft(bins, samples)
    return wet


def _spectrum(wave: Wave, samples: int) -> npt.NDArray[np.complex64]:
    # Without a factor NumPy transforms in double precision, which takes three times as long.
    bins = np.asarray(np.fft.rfft(wave, samples, norm="forward"), np.complex64)
    bins *= np.float32(samples)
    return bins


def _time(seconds: float) -> npt.NDArray[np.float32]:
    return np.arange(int(seconds * SAMPLE_RATE), dtype=np.float32) / np.float32(SAMPLE_RATE)


def _eased(wave: npt.NDArray[np.floating], attack_seconds: float) -> Wave:
    """Begin and end at zero, without a click."""
    attack, release = int(attack_seconds * SAMPLE_RATE), min(len(wave) // 4, SAMPLE_RATE // 20)
    wave[:attack] *= np.sin(np.linspace(0, np.pi / 2, attack, endpoint=False)) ** 2
    wave[-release:] *= np.linspace(1, 0, release)
    return _level(wave.astype(np.float32))


def _band(noise: npt.NDArray[np.floating], low_hz: float, high_hz: float) -> npt.NDArray[np.floating]:
    """Keep a band of noise."""
    hz = np.fft.rfftfreq(len(noise), 1 / SAMPLE_RATE)
    gain = 1 / (1 + (low_hz / np.maximum(hz, 1)) ** 6) / (1 + (hz / high_hz) ** 6)
    return np.asarray(np.fft.irfft(np.fft.rfft(noise) * gain, len(noise)))


def _level(wave: Wave) -> Wave:
    """Bring the peak to full scale."""
    return np.asarray(wave / np.max(np.abs(wave)), np.float32)
