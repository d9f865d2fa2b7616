"""What a mood means to the players of `music`."""

from typing import NamedTuple

from ...models.sound import Mood
from .instruments import FELT_PIANO, KALIMBA, MARIMBA, STACCATO, Partial

#: Sixteenths in a bar.
STEPS_PER_BAR = 16
#: Semitones of the scale's steps.
_MAJOR, _MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)


class Style(NamedTuple):
    """Who plays what, when and how loud; steps are sixteenths of a bar, levels are of full scale."""

    step_samples: int
    """A sixteenth; a product of small primes, so that the loop is quick to transform."""
    scale: tuple[int, ...]
    progressions: tuple[tuple[int, ...], ...]
    """Scale steps on which four chords stand; the seed chooses."""
    chord: tuple[int, ...]
    """Scale steps above its root that the pad plays."""
    pad_level: float
    pad_tilt: float
    """How fast its partials fall: higher is darker."""
    voice: tuple[Partial, ...]
    """What plays the melody."""
    voice_level: float
    density: float
    """Share of the steps at which the melody sounds."""
    octave: int
    """Semitones by which the melody is moved up."""
    bass_steps: tuple[int, ...]
    bass_level: float
    bass_drive: float
    kick_steps: tuple[int, ...]
    kick_hz: float
    snare_steps: tuple[int, ...]
    hat_steps: tuple[int, ...]
    hat_decay: float
    pump: float
    """How far the pad steps back on every beat: 0 not at all, 1 to silence."""
    room_seconds: float
    room_level: float


STYLES: dict[Mood, Style] = {
    # 78 beats a minute: pads, a kalimba, hardly a beat.
    "calm": Style(
        step_samples=9216,
        scale=_MAJOR,
        progressions=((0, 5, 3, 4), (0, 2, 3, 4), (3, 0, 4, 5)),
        chord=(0, 2, 4, 8),
        pad_level=0.42,
        pad_tilt=1.5,
        voice=KALIMBA,
        voice_level=0.26,
        density=0.34,
        octave=12,
        bass_steps=(0, 10),
        bass_level=0.3,
        bass_drive=1.1,
        kick_steps=(),
        kick_hz=50.0,
        snare_steps=(),
        hat_steps=(4, 12),
        hat_decay=26.0,
        pump=0.0,
        room_seconds=2.6,
        room_level=0.34,
    ),
    # 112 beats a minute: four on the floor, a marimba, pads that breathe with the beat.
    "upbeat": Style(
        step_samples=6400,
        scale=_MAJOR,
        progressions=((0, 4, 5, 3), (3, 4, 0, 5), (0, 5, 3, 4)),
        chord=(0, 2, 4, 6),
        pad_level=0.3,
        pad_tilt=1.3,
        voice=MARIMBA,
        voice_level=0.3,
        density=0.55,
        octave=12,
        bass_steps=(0, 3, 6, 10, 14),
        bass_level=0.34,
        bass_drive=1.5,
        kick_steps=(0, 4, 8, 12),
        kick_hz=52.0,
        snare_steps=(4, 12),
        hat_steps=(2, 6, 10, 14, 15),
        hat_decay=46.0,
        pump=0.45,
        room_seconds=1.3,
        room_level=0.2,
    ),
    # 88 beats a minute: low pads, a felt piano, a heartbeat.
    "dark": Style(
        step_samples=8192,
        scale=_MINOR,
        progressions=((0, 5, 2, 4), (0, 3, 5, 4), (0, 6, 5, 4)),
        chord=(-7, 0, 2, 4),
        pad_level=0.42,
        pad_tilt=1.7,
        voice=FELT_PIANO,
        voice_level=0.26,
        density=0.28,
        octave=0,
        bass_steps=(0, 6),
        bass_level=0.36,
        bass_drive=1.9,
        kick_steps=(0, 10),
        kick_hz=44.0,
        snare_steps=(),
        hat_steps=(8,),
        hat_decay=30.0,
        pump=0.15,
        room_seconds=3.0,
        room_level=0.38,
    ),
    # 96 beats a minute: bright pads, driving short strings, big drums.
    "epic": Style(
        step_samples=7500,
        scale=_MINOR,
        progressions=((0, 5, 3, 6), (0, 5, 2, 6), (5, 6, 0, 0)),
        chord=(-7, 0, 4, 7),
        pad_level=0.4,
        pad_tilt=1.1,
        voice=STACCATO,
        voice_level=0.22,
        density=0.75,
        octave=0,
        bass_steps=(0, 4, 8, 12),
        bass_level=0.32,
        bass_drive=1.7,
        kick_steps=(0, 6, 8, 14),
        kick_hz=42.0,
        snare_steps=(12,),
        hat_steps=(0, 4, 8, 12),
        hat_decay=24.0,
        pump=0.2,
        room_seconds=2.4,
        room_level=0.3,
    ),
}
