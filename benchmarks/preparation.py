"""What the others are given for nothing: the plan, the finished frames, the sound. None of it is measured."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from src.engines.audio.espeak import EspeakVoice
from src.engines.audio.music import synthesize_loop
from src.engines.encode.segments import x264_params
from src.media.fonts import font_file
from src.media.probe import sha256_of
from src.media.sound import save_wav
from src.models.job import RenderJob, parse_job
from src.models.timeline import Timeline
from src.models.words import Utterance
from src.pipeline.film import Request, make_timeline, raw_frames
from src.plan.segments import cut
from src.settings import Settings
from src.store.cache import DiskCache

from .floor import FloorSettings


def plan_film(job_file: Path) -> Timeline:
    """Plan the film as the renderer does."""
    with _request(job_file) as request:
        return make_timeline(request)


def write_raw_frames(job_file: Path, raw: Path) -> int:
    """Write the renderer's own frames as one yuv420p file; returns their number."""
    count = 0
    with _request(job_file) as request, raw.open("wb") as out:
        for picture in raw_frames(request):
            for plane in picture:
                np.ascontiguousarray(plane).tofile(out)
            count += 1
    return count


def floor_settings(timeline: Timeline, *, in_segments: bool) -> FloorSettings:
    """Give x264 the settings that the renderer gives it: for one core, or in segments for all."""
    segments = [placed.segment.frames for placed in cut(timeline)] if in_segments else [timeline.frames]
    return FloorSettings(
        timeline.width,
        timeline.height,
        str(timeline.fps),
        timeline.encoder.preset,
        timeline.encoder.crf,
        x264_params(timeline.encoder.max_kbps),
        segments,
        (os.cpu_count() or 1) if in_segments else 1,
    )


def write_peer_input(job_file: Path, timeline: Timeline, file: Path) -> None:
    """Write what the MoviePy script reads: the timeline, and where pictures, sound and font lie."""
    folder, job = job_file.parent, parse_job(job_file.read_bytes())
    media = {sha256_of(picture): str(picture) for picture in (*folder.glob("*.jpg"), *folder.glob("*.mp4"))}
    narration, music = file.with_name("narration.wav"), file.with_name("music.wav")
    _write_narration(job, timeline, narration)
    plan = timeline.audio.music
    assert plan is not None, "the job asks for music"
    save_wav(synthesize_loop(plan.mood, plan.seed), music)
    peer: dict[str, Any] = {
        "timeline": timeline.model_dump(mode="json"),
        "media": media,
        "narration": str(narration),
        "music": str(music),
        "music_volume": job.music.volume if job.music else 0.0,
        "font": str(font_file(timeline.look.font)),
    }
    file.write_text(json.dumps(peer), encoding="utf-8")


def _write_narration(job: RenderJob, timeline: Timeline, file: Path) -> None:
    pcm = np.zeros((timeline.audio.samples, 2), np.int16)
    texts = [scene.text for scene in job.scenes if scene.text.strip()]
    with EspeakVoice() as voice:
        for clip, text in zip(timeline.audio.voice, texts, strict=True):
            spoken = voice.synthesize(
                Utterance.of(text), job.voice.voice, job.voice.language, job.voice.speed
            )
            pcm[clip.start_sample : clip.start_sample + clip.samples] = spoken.pcm[: clip.samples]
    save_wav(pcm, file)


@contextmanager
def _request(job_file: Path) -> Iterator[Request]:
    with TemporaryDirectory(prefix="benchmark-") as work:
        work_dir = Path(work)
        job = parse_job(job_file.read_bytes())
        nothing_kept = DiskCache(work_dir / "cache", 0, work_dir)
        yield Request(job, job_file.parent, work_dir, work_dir / "film.mp4", Settings(), nothing_kept)
