"""What is heard, on the film's samples."""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from ..media.timebase import milli_of, ms_of_seconds, samples_of_frames, samples_of_seconds
from ..models.job import RenderJob
from ..models.sound import Music
from ..models.sound_plan import AudioPlan, ClipSound, MusicPlan, VoiceClip
from ..models.visual import VideoVisual
from .facts import Facts
from .music import music_fact
from .seeds import film_seed
from .shots import PlacedScene

#: Gain that stands for silence.
_SILENT_MDB = -120_000


def plan_sound(job: RenderJob, scenes: Sequence[PlacedScene], facts: Facts, fps: Fraction) -> AudioPlan:
    """Place narration, the clips' own sound and the music; the sound is exactly as long as the picture."""
    last = scenes[-1]
    samples = samples_of_frames(last.start_frame + last.frames, fps)
    return AudioPlan(
        samples=samples,
        voice=tuple(_voice_clips(scenes, facts, fps)),
        clips=tuple(_clip_sounds(scenes, facts, fps)),
        music=_music_plan(job, job.music, facts, samples) if job.music else None,
        target_mlufs=milli_of(job.loudness.target_lufs),
        true_peak_mdb=milli_of(job.loudness.true_peak_db),
    )


def _voice_clips(scenes: Sequence[PlacedScene], facts: Facts, fps: Fraction) -> Iterator[VoiceClip]:
    for placed in scenes:
        spoken = facts.spoken[placed.number]
        if spoken and spoken.samples:
            start_sample = samples_of_frames(placed.start_frame, fps)
            yield VoiceClip(sha256=spoken.sha256, start_sample=start_sample, samples=spoken.samples)


def _clip_sounds(scenes: Sequence[PlacedScene], facts: Facts, fps: Fraction) -> Iterator[ClipSound]:
    for placed in scenes:
        start_frame = placed.start_frame
        for place, (visual, frames) in enumerate(
            zip(placed.scene.visuals, placed.visual_frames, strict=True)
        ):
            start_sample = samples_of_frames(start_frame, fps)
            start_frame += frames
            if not isinstance(visual, VideoVisual) or not visual.volume:
                continue
            clip = facts.media[f"scenes[{placed.number}].visuals[{place}].src"]
            if clip.has_sound:
                yield ClipSound(
                    sha256=clip.sha256,
                    trim_ms=ms_of_seconds(visual.trim),
                    start_sample=start_sample,
                    samples=samples_of_frames(start_frame, fps) - start_sample,
                    gain_mdb=gain_mdb(visual.volume),
                )


def _music_plan(job: RenderJob, music: Music, facts: Facts, samples: int) -> MusicPlan:
    supplied = music_fact(facts)
    return MusicPlan(
        sha256=supplied.sha256 if supplied else None,
        mood=music.mood,
        seed=film_seed(job),
        gain_mdb=gain_mdb(music.volume),
        duck_mdb=milli_of(music.duck_db),
        fade_in_samples=min(samples, samples_of_seconds(music.fade_in)),
        fade_out_samples=min(samples, samples_of_seconds(music.fade_out)),
        loop=music.loop,
    )


def gain_mdb(volume: float) -> int:
    """Turn a linear volume into thousandths of a decibel."""
    return milli_of(20 * math.log10(volume)) if volume > 0 else _SILENT_MDB
