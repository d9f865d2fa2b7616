"""A job becomes a film: the one way, from media to the file that is handed over."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..engines.audio.mix import render_sound
from ..engines.encode.inspection import inspect
from ..engines.encode.join import join
from ..engines.encode.poster import write_poster
from ..engines.subtitle.layout import caption_measure
from ..engines.subtitle.sidecars import write as write_sidecar
from ..errors import RejectedJob
from ..media.fonts import font_file
from ..media.loudness import Loudness
from ..media.planes import Yuv
from ..media.probe import sha256_of
from ..models.output import SidecarKind
from ..models.status import MeasuredLoudness, RenderResult, SegmentCache
from ..models.timeline import CaptionLook, MediaFiles, Timeline
from ..plan.facts import Facts
from ..plan.film import plan
from ..plan.segments import cut
from ..plan.support import refuse_unsupported
from ..settings import Settings
from .media import find_media
from .rendering import FilmRenderer, RenderedSegment, painted_frame, painted_frames
from .request import Progress, Report, Request, raise_if_stopped
from .speech import narrate

__all__ = ["Progress", "Report", "Request", "check", "make_timeline", "raw_frames", "render"]

#: What sidecar files end with.
SIDECAR_SUFFIXES: Mapping[SidecarKind, str] = {
    "srt": ".srt",
    "vtt": ".vtt",
    "ass": ".ass",
    "words": ".words.json",
}


class Prepared(NamedTuple):
    """A planned film and where its media lie."""

    timeline: Timeline
    files: MediaFiles


class _Stopwatch:
    """Wall seconds of each stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(time.perf_counter() - started, 3)


def check(request: Request) -> tuple[str, ...]:
    """Find everything wrong with a job that can be found without rendering it.

    Raises:
        RejectedJob: naming the first thing that is wrong.
    """
    prepared = _prepare(request, lambda _: None, threading.Event(), _Stopwatch())
    return prepared.timeline.warnings


def make_timeline(request: Request) -> Timeline:
    """Plan the film without rendering it."""
    return _prepare(request, lambda _: None, threading.Event(), _Stopwatch()).timeline


def raw_frames(request: Request) -> Iterator[Yuv]:
    """Draw all frames of the film in order, uncompressed; each is valid until the next is asked for."""
    prepared = _prepare(request, lambda _: None, threading.Event(), _Stopwatch())
    yield from painted_frames(cut(prepared.timeline), prepared.files)


def render(request: Request, report: Report, stop: threading.Event) -> RenderResult:
    """Make the film, inspect it, and put it with its poster and sidecars where the request says.

    Raises:
        RejectedJob: the job cannot be rendered as written.
        RenderFailed: rendering broke, or the film did not pass its inspection.
        Interrupted: `stop` was set.
    """
    watch = _Stopwatch()
    prepared = _prepare(request, report, stop, watch)
    segments = cut(prepared.timeline)
    with ThreadPoolExecutor(1, thread_name_prefix="sound") as beside:
        sound = request.work_dir / "sound.m4a"
        mixing = beside.submit(_mix, prepared, sound, watch)
        with watch.stage("rendering"):
            renderer = FilmRenderer(prepared.files, request.work_dir, stop)
            rendered = renderer.render(segments, _workers(request.settings), report)
        report(Progress("mixing", 0, 1))
        loudness = mixing.result()
    raise_if_stopped(stop)
    film = request.work_dir / f"film.{prepared.timeline.container}"
    with watch.stage("joining"):
        report(Progress("joining", 0, 1))
        join([segment.file for segment in rendered], sound, prepared.timeline, film)
    with watch.stage("checking"):
        report(Progress("checking", 0, 1))
        warnings = _inspected(film, prepared.timeline, rendered)
    return _hand_over(request, prepared, film, _Outcome(loudness, warnings, watch.seconds, len(segments)))


def _workers(settings: Settings) -> int:
    return settings.workers or os.cpu_count() or 1


def _prepare(request: Request, report: Report, stop: threading.Event, watch: _Stopwatch) -> Prepared:
    """Find the media, speak, and plan."""
    job = request.job
    refuse_unsupported(job)
    with watch.stage("fetching"):
        report(Progress("fetching", 0, 1))
        media, files = find_media(request)
    raise_if_stopped(stop)
    with watch.stage("speaking"):
        narrations = narrate(request, media, report, stop)
        files |= narrations.files
    with watch.stage("planning"):
        report(Progress("planning", 0, 1))
        facts = Facts(media, narrations.facts, lambda look: _caption_measure(look, files))
        timeline = plan(job, facts)
    longest = request.settings.max_film_seconds
    if timeline.frames > longest * timeline.fps:
        lasts = float(timeline.frames / timeline.fps)
        raise RejectedJob(f"the film would last {lasts:.1f} s; the limit is {longest} s", path="scenes")
    return Prepared(timeline, files)


def _caption_measure(look: CaptionLook, files: MediaFiles) -> Callable[[str], float]:
    return caption_measure(look, files.get(look.font) or font_file(look.font))


def _mix(prepared: Prepared, sound: Path, watch: _Stopwatch) -> Loudness:
    with watch.stage("mixing"):
        return render_sound(prepared.timeline.audio, prepared.files, sound)


def _inspected(film: Path, timeline: Timeline, rendered: list[RenderedSegment]) -> tuple[str, ...]:
    return inspect(film, timeline, np.concatenate([segment.thumbnails for segment in rendered]))


class _Outcome(NamedTuple):
    """What is known of a finished film beside its bytes."""

    loudness: Loudness
    warnings: tuple[str, ...]
    seconds: dict[str, float]
    segments: int


def _hand_over(request: Request, prepared: Prepared, film: Path, outcome: _Outcome) -> RenderResult:
    """Put poster, sidecars and film in place, the film last: where it stands, everything stands."""
    timeline = prepared.timeline
    target = request.film_path
    poster = _poster(request, prepared)
    sidecars = _sidecars(request, timeline)
    sha256, size_bytes = sha256_of(film), film.stat().st_size
    put_in_place(film, target)
    return RenderResult(
        url=str(target),
        urls=(str(target),),
        poster_url=str(poster) if poster else None,
        sidecars={kind: str(file) for kind, file in sidecars.items()},
        duration=round(float(timeline.frames / timeline.fps), 6),
        width=timeline.width,
        height=timeline.height,
        fps=round(float(timeline.fps), 6),
        size_bytes=size_bytes,
        sha256=sha256,
        loudness=MeasuredLoudness(**outcome.loudness._asdict()),
        timings=outcome.seconds,
        cache=SegmentCache(segments_hit=0, segments_total=outcome.segments),
        warnings=timeline.warnings + outcome.warnings,
    )


def _poster(request: Request, prepared: Prepared) -> Path | None:
    frame = prepared.timeline.poster_frame
    if frame is None:
        return None
    file = request.work_dir / "poster.jpg"
    write_poster(painted_frame(cut(prepared.timeline), prepared.files, frame), file)
    return put_in_place(file, request.film_path.with_suffix(".jpg"))


def _sidecars(request: Request, timeline: Timeline) -> dict[str, Path]:
    look = timeline.look
    written = {}
    for kind in timeline.sidecars:
        file = request.work_dir / f"sidecar.{kind}"
        text = write_sidecar(kind, timeline.cues, look, timeline.width, timeline.height)
        file.write_text(text, encoding="utf-8", newline="")
        written[kind] = put_in_place(file, request.film_path.with_suffix(SIDECAR_SUFFIXES[kind]))
    return written


def put_in_place(file: Path, target: Path) -> Path:
    """Copy a finished file beside its target and rename it over, so that nobody sees half of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        shutil.copyfile(file, beside)
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)
    return target
