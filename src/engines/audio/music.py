"""Music synthesised for a mood: one loop whose end runs into its beginning, without a sample or a licence."""

from collections.abc import Sequence
from itertools import product

import numpy as np

from ...media.sound import Pcm
from ...models.sound import Mood
from ...models.timeline import SAMPLE_RATE
from .instruments import Wave, bass, hat, kick, pad, room, snare, struck
from .moods import STEPS_PER_BAR, STYLES, Style

_BARS = 8
_STEPS = STEPS_PER_BAR * _BARS
#: Time in which a note of the melody dies away.
_NOTE_SECONDS = 1.1
#: Highest note of the melody (1.2 kHz): above it a bed gets in the way of the voice.
_HIGHEST_PITCH = 86
#: Peak of the loop, of full scale.
_PEAK = 0.7


def synthesize_loop(mood: Mood, seed: int) -> Pcm:
    """Play eight bars; repeated end to end they have no seam."""
    style, rng = STYLES[mood], np.random.default_rng(seed)
    root = 45 + int(rng.integers(0, 8))
    chords = style.progressions[int(rng.integers(len(style.progressions)))]
    samples = _STEPS * style.step_samples
    dry, send = np.zeros((2, samples), np.float32), np.zeros(samples, np.float32)
    _play_pad(dry, style, root, chords, rng)
    send += (dry[0] + dry[1]) * np.float32(0.25)
    _play_bass(dry, style, root, chords)
    _play_melody(dry, send, style, root, chords, rng)
    _play_drums(dry, send, style, rng)
    wet = room(send, style.room_seconds, rng)
    wet *= np.float32(3 * style.room_level)
    dry += wet
    # A soft knee tames the few moments in which everything sounds at once.
    dry *= np.float32(0.55 / np.percentile(np.abs(dry[:, ::7]), 99.9))
    np.tanh(dry, out=dry)
    dry *= np.float32(_PEAK * 32767 / np.max(np.abs(dry)))
    return np.ascontiguousarray(np.rint(dry, out=dry).T, np.int16)


def _pitch(style: Style, root: int, step: int) -> int:
    return root + 12 * (step // 7) + style.scale[step % 7]


def _add(bus: Wave, start: int, wave: Wave) -> None:
    """Mix a sound into a loop; what sticks out at the end comes back at the beginning."""
    length, samples = wave.shape[-1], bus.shape[-1]
    start %= samples
    head = min(length, samples - start)
    bus[..., start : start + head] += wave[..., :head]
    bus[..., : length - head] += wave[..., head:]


def _panned(wave: Wave, pan: float) -> Wave:
    """Place a mono sound between left (-1) and right (1) with constant power."""
    angle = (pan + 1) * np.pi / 4
    return np.array([[np.cos(angle)], [np.sin(angle)]], np.float32) * wave


def _play_pad(dry: Wave, style: Style, root: int, chords: Sequence[int], rng: np.random.Generator) -> None:
    """Play a chord a bar, each melting into the next; being the first to play, it may pump the whole bus."""
    bar = STEPS_PER_BAR * style.step_samples
    fade = min(bar // 3, SAMPLE_RATE // 2)
    rise = (np.sin(np.linspace(0, np.pi / 2, fade)) ** 2).astype(np.float32)
    beat = np.arange(4 * style.step_samples, dtype=np.float32) / SAMPLE_RATE
    # The pad is back at full level just before the next beat, so that no beat begins with a step.
    dip = 1 - style.pump * np.exp(-9 * beat) * np.minimum(1, beat / 0.01)
    for number, chord in enumerate(chords):
        pitches = [_pitch(style, root + 12, chord + step) for step in style.chord]
        wave = pad(pitches, bar, style.pad_tilt, rng) * np.float32(style.pad_level)
        wave = np.concatenate([wave, wave[:, :fade]], axis=1)
        wave[:, :fade] *= rise
        wave[:, -fade:] *= rise[::-1]
        for start in range(number, _BARS, len(chords)):
            _add(dry, start * bar, wave)
    if style.pump:
        beats = dry.reshape(2, -1, len(dip))
        beats *= dip


def _play_bass(dry: Wave, style: Style, root: int, chords: Sequence[int]) -> None:
    gaps = np.diff([*style.bass_steps, STEPS_PER_BAR + style.bass_steps[0]])
    waves: dict[tuple[int, float], Wave] = {}
    for bar in range(_BARS):
        pitch = _pitch(style, root - 12, chords[bar % len(chords)])
        for step, gap in zip(style.bass_steps, gaps, strict=True):
            seconds = min(1.6, float(gap) * style.step_samples / SAMPLE_RATE * 0.95)
            if (pitch, seconds) not in waves:
                waves[pitch, seconds] = _panned(bass(pitch, seconds, style.bass_drive) * style.bass_level, 0)
            _add(dry, (bar * STEPS_PER_BAR + step) * style.step_samples, waves[pitch, seconds])


def _play_melody(
    dry: Wave, send: Wave, style: Style, root: int, chords: Sequence[int], rng: np.random.Generator
) -> None:
    """Play a figure of one bar over the chords; the second half answers with a variation."""
    strong = np.where(np.arange(STEPS_PER_BAR) % 4 == 0, 1.3, 0.9)
    figure = rng.random(STEPS_PER_BAR) < style.density * strong
    degrees = rng.choice([0, 2, 4, 7, 9], STEPS_PER_BAR)
    waves: dict[int, Wave] = {}
    for bar in range(_BARS):
        if bar == _BARS // 2:
            turned = rng.integers(0, STEPS_PER_BAR, 4)
            degrees[turned] = rng.choice([2, 4, 7, 9], 4)
            figure[turned] = True
        for step in np.flatnonzero(figure):
            if rng.random() < 0.12:
                continue
            pitch = _pitch(style, root + 12 + style.octave, chords[bar % len(chords)] + int(degrees[step]))
            pitch -= 12 * max(0, -(-(pitch - _HIGHEST_PITCH) // 12))
            level = style.voice_level * (1.0 if step % 4 == 0 else 0.72) * (0.9 + 0.2 * rng.random())
            if pitch not in waves:
                waves[pitch] = struck(pitch, style.voice, _NOTE_SECONDS)
            wave = waves[pitch] * np.float32(level)
            start = (bar * STEPS_PER_BAR + int(step)) * style.step_samples
            _add(dry, start, _panned(wave, 0.6 * np.sin(step * 2.4)))
            _add(send, start, wave)


def _play_drums(dry: Wave, send: Wave, style: Style, rng: np.random.Generator) -> None:
    parts = [
        # steps, sound, level, place between left and right, share that the room answers
        (style.kick_steps, kick(style.kick_hz), 0.5, 0.0, 0.0),
        (style.snare_steps, snare(rng), 0.24, 0.08, 1.0),
        (style.hat_steps, hat(rng, style.hat_decay), 0.07, -0.3, 0.0),
    ]
    for steps, wave, level, pan, share in parts:
        for bar, step in product(range(_BARS), steps):
            start = (bar * STEPS_PER_BAR + step) * style.step_samples
            struck_wave = wave * np.float32(level * (1.0 if step % 4 == 0 else 0.7))
            _add(dry, start, _panned(struck_wave, pan))
            if share:
                _add(send, start, struck_wave * np.float32(share))
