"""The sound of a film: voice, the clips' own sound and music, mixed, then mastered.

Every source is decoded once, to the disk, and the film is put together a second at a time.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...errors import RenderFailed
from ...media.loudness import Loudness, weighted_powers
from ...media.sound import CHUNK_SAMPLES, Pcm, Sound, SoundUnreadable, sound_blocks
from ...models.sound_plan import AudioPlan, ClipSound, MusicPlan
from ...models.timeline import SAMPLE_RATE, MediaFiles
from .dynamics import SPEECH_BLOCK, Curve, duck_curve, reduce
from .limiter import record
from .master import GoOn, Target, master
from .music import synthesize_loop
from .recording import Recording, Take
from .strips import Fade, Strip, crossfaded, edges, played, recorded, repeated
from .voice import Voice, level_voice, lift

#: Gain at and below which nothing is heard, in mdb.
_SILENT_MDB = -90_000
#: Crossfade where supplied music begins again.
_LOOP_CROSSFADE_SAMPLES = SAMPLE_RATE * 4 // 10
#: Edges of the clips' own sound, against clicks: 10 ms.
_EDGE_SAMPLES = SAMPLE_RATE // 100


class Score(NamedTuple):
    """Everything that is heard, ready to be played in windows."""

    samples: int
    voice: Voice | None
    clips: tuple[Strip, ...]
    music: Strip | None
    ducking: Curve | None
    """What the music steps back by in each `SPEECH_BLOCK`, in dB."""


def render_sound(plan: AudioPlan, files: MediaFiles, out: Path, go_on: GoOn = lambda: None) -> Loudness:
    """Mix and master the sound of a film into an AAC file of exactly `plan.samples`; tell what it measures.

    Decoded sources and the mix lie in unnamed files in the folder of `out`, 0.2 MB for each second of a
    source and 0.4 MB for each second of the film. `go_on` is called between the steps of the work and for
    each second that is mixed or encoded; whatever it raises ends the work.

    Raises:
        RenderFailed: a source holds no sound any more.
    """
    target = Target(plan.target_mlufs / 1000, plan.true_peak_mdb / 1000)
    with Recording(out.parent, np.int16) as sources, Recording(out.parent, np.float32) as mixed:
        score = arrange(plan, files, sources, go_on)
        return master(record(mix(score, go_on), mixed), target, out, go_on)


def arrange(plan: AudioPlan, files: MediaFiles, sources: Recording[np.int16], go_on: GoOn) -> Score:
    """Decode all sources, level the voice and the music, and lay everything out.

    Raises:
        RenderFailed: a source holds no sound any more.
    """
    desk = _Desk(files, sources, go_on)
    takes = [(clip.start_sample, desk.take(clip.sha256, clip.samples)) for clip in plan.voice]
    voice = level_voice(takes, plan.samples) if takes else None
    heard = [clip for clip in plan.clips if clip.gain_mdb > _SILENT_MDB]
    clips = tuple(filter(None, (_clip(clip, desk) for clip in heard)))
    music = None
    if plan.music and plan.music.gain_mdb > _SILENT_MDB:
        music = _music(plan.music, plan.samples, desk)
    ducking = None
    if voice and music and plan.music and plan.music.duck_mdb:
        ducking = duck_curve(voice.levels_db, abs(plan.music.duck_mdb) / 1000)
    return Score(plan.samples, voice, clips, music, ducking)


def mix(score: Score, go_on: GoOn = lambda: None, block_samples: int = CHUNK_SAMPLES) -> Iterator[Sound]:
    """Play a score block by block; the blocks do not change what is played."""
    for start in range(0, score.samples, block_samples):
        go_on()
        end = min(score.samples, start + block_samples)
        block = played(score.clips, start, end)
        if score.voice:
            voice = played(score.voice.strips, start, end)
            reduce(voice, score.voice.curve, SPEECH_BLOCK, start)
            block += voice
        if score.music:
            music = played([score.music], start, end)
            if score.ducking is not None:
                reduce(music, score.ducking, SPEECH_BLOCK, start)
            block += music
        yield block


class _Desk:
    """Decodes sources to the disk."""

    def __init__(self, files: MediaFiles, recording: Recording[np.int16], go_on: GoOn) -> None:
        self._files = files
        self._recording = recording
        self._go_on = go_on

    def take(self, sha256: str, max_samples: int, trim_ms: int = 0) -> Take:
        file = self._files[sha256]
        try:
            return self.keep(sound_blocks(file, trim_ms=trim_ms, max_samples=max_samples))
        except SoundUnreadable as error:
            raise RenderFailed(f"the sound of {file.name} cannot be read any more: {error}") from error

    def keep(self, blocks: Iterable[Pcm]) -> Take:
        self._go_on()
        return recorded(blocks, self._recording)


def _clip(clip: ClipSound, desk: _Desk) -> Strip | None:
    take = desk.take(clip.sha256, clip.samples, clip.trim_ms)
    if not take.samples:
        return None
    source = take if take.samples == clip.samples else repeated(take, _EDGE_SAMPLES)
    fades = edges(clip.samples, _EDGE_SAMPLES, _EDGE_SAMPLES)
    return Strip(clip.start_sample, clip.samples, source, clip.gain_mdb / 1000, fades)


def _music(music: MusicPlan, samples: int, desk: _Desk) -> Strip | None:
    """Level the music to the voice, then by its gain; repeat it if it loops; fade it within the film."""
    if music.sha256:
        take = desk.take(music.sha256, samples)
    else:
        take = desk.keep([synthesize_loop(music.mood, music.seed)[:samples]])
    if not take.samples:
        return None
    gain_db = lift(weighted_powers(take.blocks(), SPEECH_BLOCK)) + music.gain_mdb / 1000
    fades = edges(samples, music.fade_in_samples, music.fade_out_samples)
    if music.loop:
        source = crossfaded(take, _LOOP_CROSSFADE_SAMPLES) if music.sha256 else repeated(take)
        return Strip(0, samples, source, gain_db, fades)
    own_end: tuple[Fade, ...] = edges(take.samples, 0, _EDGE_SAMPLES) if take.samples < samples else ()
    return Strip(0, min(samples, take.samples), take, gain_db, (*fades, *own_end))
