"""The sound of a film: voice, the clips' own sound and music, mixed, then mastered."""

from pathlib import Path

import numpy as np

from ...errors import RenderFailed
from ...media.loudness import Loudness, integrated_lufs
from ...media.sound import Pcm, SoundUnreadable, decode_sound
from ...models.timeline import SAMPLE_RATE, AudioPlan, ClipSound, MediaFiles, MusicPlan
from .dynamics import SPEECH_BLOCK, compress_curve, duck_curve, levels_db, reduce
from .editor import AudioSegment, Sound, Track, extended, looped, segment_of, sound_of, tiled, with_fades
from .master import GoOn, Target, loudness_of, master
from .music import synthesize_loop

#: Loudness of the voice in the mix, in LUFS, and of music at gain 0.
VOICE_LUFS = -16.0
#: Most that a quiet source is lifted: beyond it, there is nothing in it but noise.
_MAX_LIFT_DB = 40.0
#: Gain at and below which nothing is heard, in mdb.
_SILENT_MDB = -90_000
#: Crossfade where supplied music begins again.
_LOOP_CROSSFADE_SAMPLES = SAMPLE_RATE * 4 // 10
#: Edges of the clips' own sound, against clicks: 10 ms.
_EDGE_SAMPLES = SAMPLE_RATE // 100
#: Shortest sound whose loudness is defined, as BS.1770 measures in blocks of 0.4 s; with room to spare.
_MEASURABLE_SAMPLES = SAMPLE_RATE


def render_sound(plan: AudioPlan, files: MediaFiles, out: Path, go_on: GoOn = lambda: None) -> Loudness:
    """Mix and master the sound of a film into an AAC file of exactly `plan.samples`; tell what it measures.

    `go_on` is called between the steps of the work; whatever it raises ends the work.

    Raises:
        RenderFailed: a source holds no sound any more.
    """
    mix = _mixed(plan, files, go_on)
    return master(mix, Target(plan.target_mlufs / 1000, plan.true_peak_mdb / 1000), out, go_on)


def _mixed(plan: AudioPlan, files: MediaFiles, go_on: GoOn) -> Sound:
    mix = _voice(plan, files, go_on)
    ducking = levels_db(mix) if plan.music and plan.music.duck_mdb and plan.voice else None
    if plan.clips:
        mix += _clips(plan, files)
    go_on()
    if plan.music and plan.music.gain_mdb > _SILENT_MDB:
        music = _music(plan.music, plan.samples, files)
        if ducking is not None:
            reduce(music, duck_curve(ducking, abs(plan.music.duck_mdb) / 1000), SPEECH_BLOCK)
        mix += music
    return mix


def _voice(plan: AudioPlan, files: MediaFiles, go_on: GoOn) -> Sound:
    """Lay out the narration, each clip levelled by itself, compress it gently and level it again."""
    track = Track(plan.samples)
    for clip in plan.voice:
        go_on()
        pcm = _decoded(files, clip.sha256, max_samples=clip.samples)
        track.lay(segment_of(pcm, _lift_db(pcm)), clip.start_sample)
    voice = track.sound()
    if not plan.voice:
        return voice
    reduce(voice, compress_curve(levels_db(voice)), SPEECH_BLOCK)
    voice *= np.float32(10 ** (min(_MAX_LIFT_DB, VOICE_LUFS - loudness_of(voice)) / 20))
    return voice


def _clips(plan: AudioPlan, files: MediaFiles) -> Sound:
    track = Track(plan.samples)
    for clip in plan.clips:
        if clip.gain_mdb > _SILENT_MDB:
            track.lay(_clip(clip, files), clip.start_sample)
    return track.sound()


def _clip(clip: ClipSound, files: MediaFiles) -> AudioSegment:
    pcm = _decoded(files, clip.sha256, trim_ms=clip.trim_ms, max_samples=clip.samples)
    segment = segment_of(pcm, clip.gain_mdb / 1000)
    if 0 < len(pcm) < clip.samples:
        segment = tiled(with_fades(segment, _EDGE_SAMPLES, _EDGE_SAMPLES), clip.samples)
    return with_fades(segment, _EDGE_SAMPLES, _EDGE_SAMPLES)


def _music(music: MusicPlan, samples: int, files: MediaFiles) -> Sound:
    """Level the music to the voice, then by its gain; repeat it if it loops; fade it within the film."""
    pcm = (
        _decoded(files, music.sha256, max_samples=samples)
        if music.sha256
        else synthesize_loop(music.mood, music.seed)
    )
    segment = segment_of(pcm[:samples], _lift_db(pcm[:samples]) + music.gain_mdb / 1000)
    if music.loop and len(pcm):
        repeated = (
            looped(segment, samples, _LOOP_CROSSFADE_SAMPLES) if music.sha256 else tiled(segment, samples)
        )
    else:
        repeated = extended(with_fades(segment, 0, _EDGE_SAMPLES), samples)
    return sound_of(with_fades(repeated, music.fade_in_samples, music.fade_out_samples))


def _decoded(files: MediaFiles, sha256: str, *, trim_ms: int = 0, max_samples: int) -> Pcm:
    try:
        return decode_sound(files[sha256], trim_ms=trim_ms, max_samples=max_samples)
    except SoundUnreadable as error:
        raise RenderFailed(f"the sound of {files[sha256].name} cannot be read any more: {error}") from error


def _lift_db(pcm: Pcm) -> float:
    """Tell the gain that brings a sound to `VOICE_LUFS`; 0 for silence."""
    if not pcm.any():
        return 0.0
    long_enough = pcm if len(pcm) >= _MEASURABLE_SAMPLES else np.resize(pcm, (_MEASURABLE_SAMPLES, 2))
    return min(_MAX_LIFT_DB, VOICE_LUFS - integrated_lufs(long_enough))
