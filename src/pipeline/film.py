"""A job becomes a film: the one way, from media to the file that is handed over."""

import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..engines.audio.mix import render_sound
from ..engines.encode.inspection import check_loudness
from ..engines.encode.join import join
from ..engines.encode.poster import write_poster
from ..engines.visuals.canvases import Canvases
from ..media.loudness import Loudness
from ..media.planes import Yuv
from ..media.probe import sha256_of
from ..models.status import MeasuredLoudness, RenderResult, SegmentCache
from ..models.timeline import Timeline
from ..plan.segments import PlacedSegment, cut
from ..stopping import raise_if_stopped
from .cache import key_of
from .handover import companion_kinds, hand_over, refuse_unsafe_targets
from .liveview import LiveView
from .painting import KeptCanvases, located, painted_frame, painted_frames
from .prepare import Prepared, Stopwatch, blaming_media, prepare, prepare_quietly
from .rendering import FilmRenderer, RenderedSegment
from .request import Halt, Progress, Report, Request
from .segment_keys import segment_key
from .staging import telling_full_disk
from .verdicts import inspected

__all__ = ["Progress", "Report", "Request", "check", "make_timeline", "raw_frames", "render", "warm"]


class _Parts(NamedTuple):
    """Everything that is joined into a film."""

    segments: Sequence[PlacedSegment]
    rendered: Sequence[RenderedSegment]
    sound: Path
    loudness: Loudness


class _Made(NamedTuple):
    """A finished film in the work folder."""

    film: Path
    sha256: str
    poster: Path | None
    loudness: Loudness
    warnings: tuple[str, ...]
    cache: SegmentCache


def check(request: Request) -> tuple[str, ...]:
    """Find everything wrong with a job that can be found without rendering it; return its warnings.

    Services that speak are asked nothing: that may cost money.

    Raises:
        RejectedJob: naming the first thing that is wrong.
    """
    return make_timeline(request._replace(estimates_speech=True)).warnings


def make_timeline(request: Request) -> Timeline:
    """Plan the film without rendering it."""
    return prepare_quietly(request).timeline


def raw_frames(request: Request) -> Iterator[Yuv]:
    """Draw all frames of the film in order, uncompressed; each is valid until the next is asked for."""
    prepared = prepare_quietly(request)
    yield from painted_frames(cut(prepared.timeline), prepared.files, prepared.cache)


def render(
    request: Request, report: Report, stop: threading.Event, view: LiveView | None = None
) -> RenderResult:
    """Make the film, inspect it, and put it with its poster and sidecars where the request says.

    Who wants to see it come along gives a `view`; the film is the same.

    Raises:
        RejectedJob: the job cannot be rendered as written.
        RenderFailed: rendering broke, or the film did not pass its inspection.
        Interrupted: `stop` was set.
    """
    watch = Stopwatch()
    prepared = prepare(request, report, stop, watch)
    _refuse_to_overwrite(request, prepared)
    with blaming_media(prepared.refs), telling_full_disk(request.work_dir):
        parts = _parts(request, prepared, report, stop, watch, view)
        made = _joined(request, prepared, parts, report, watch)
    return _hand_over(request, prepared, made, watch)


def warm(request: Request, report: Report, stop: threading.Event) -> SegmentCache:
    """Make the parts of a film for the cache, and no film.

    Raises:
        RejectedJob: the job cannot be rendered as written.
        RenderFailed: rendering broke.
        Interrupted: `stop` was set.
    """
    watch = Stopwatch()
    prepared = prepare(request, report, stop, watch)
    with blaming_media(prepared.refs), telling_full_disk(request.work_dir):
        return _counted(_parts(request, prepared, report, stop, watch).rendered)


def _refuse_to_overwrite(request: Request, prepared: Prepared) -> None:
    timeline = prepared.timeline
    kinds = companion_kinds(timeline.sidecars, poster=timeline.poster_frame is not None)
    # Of files that are alike only one is rendered from: each that the job names is kept.
    refuse_unsafe_targets(request.film_path, kinds, {*prepared.files.values(), *prepared.refs})


def _parts(
    request: Request,
    prepared: Prepared,
    report: Report,
    stop: threading.Event,
    watch: Stopwatch,
    view: LiveView | None = None,
) -> _Parts:
    """Render pictures and sound beside each other; with one worker one after the other, on one core."""
    segments, sound = cut(prepared.timeline), request.work_dir / "sound.m4a"
    halt = Halt(stop)
    workers = request.settings.workers or os.cpu_count() or 1
    renderer = FilmRenderer(prepared.files, request.work_dir, prepared.cache, workers, halt, view)
    with ThreadPoolExecutor(1, thread_name_prefix="sound") as beside:
        mixing = beside.submit(_mix, prepared, sound, halt, watch)
        if workers == 1:
            wait([mixing])
        with halt.on_failure(), watch.stage("rendering"):
            rendered = renderer.render(segments, report)
        report(Progress("mixing", 0, 1))
        loudness = mixing.result()
    raise_if_stopped(stop)
    return _Parts(segments, rendered, sound, loudness)


def _joined(request: Request, prepared: Prepared, parts: _Parts, report: Report, watch: Stopwatch) -> _Made:
    """Join pictures and sound, and inspect the film."""
    timeline, film = prepared.timeline, request.work_dir / f"film.{prepared.timeline.container}"
    with watch.stage("joining"):
        report(Progress("joining", 0, 1))
        join([segment.file for segment in parts.rendered], parts.sound, timeline, film)
        poster = _poster(prepared, parts.segments, request.work_dir / "poster.jpg")
    with watch.stage("checking"):
        report(Progress("checking", 0, 1))
        thumbnails = np.concatenate([segment.thumbnails for segment in parts.rendered])
        sha256 = sha256_of(film)
        warnings = check_loudness(timeline.audio, parts.loudness)
        warnings += inspected(film, sha256, timeline, thumbnails, request.cache)
    warnings += prepared.cache.warnings
    return _Made(film, sha256, poster, parts.loudness, warnings, _counted(parts.rendered))


def _counted(rendered: Sequence[RenderedSegment]) -> SegmentCache:
    hits = sum(segment.is_hit for segment in rendered)
    made = {segment.file for segment in rendered if not segment.is_hit}
    return SegmentCache(segments_hit=hits, segments_rendered=len(made), segments_total=len(rendered))


def _mix(prepared: Prepared, sound: Path, halt: Halt, watch: Stopwatch) -> Loudness:
    """Mix and master the sound, unless an earlier render did."""
    plan = prepared.timeline.audio
    with halt.on_failure(), watch.stage("mixing"):
        key = key_of(plan.model_dump(mode="json"))
        if notes := prepared.cache.fetch("sound", key, sound):
            return Loudness(**notes)
        loudness = render_sound(plan, prepared.files, sound, partial(raise_if_stopped, halt))
        prepared.cache.keep("sound", key, loudness._asdict(), sound)
        return loudness


def _poster(prepared: Prepared, segments: Sequence[PlacedSegment], file: Path) -> Path | None:
    """Draw the still picture that stands for the film, unless an earlier render did."""
    frame = prepared.timeline.poster_frame
    if frame is None:
        return None
    placed, inside = located(segments, frame)
    key = key_of(segment_key(placed.segment), inside)
    if prepared.cache.fetch("poster", key, file) is None:
        canvases = Canvases(KeptCanvases(prepared.cache))
        write_poster(painted_frame(segments, frame, prepared.files, canvases), file)
        prepared.cache.keep("poster", key, {}, file)
    return file


def _hand_over(request: Request, prepared: Prepared, made: _Made, watch: Stopwatch) -> RenderResult:
    """Put poster, sidecars and film in place, the film last: where it stands, everything stands."""
    timeline, target = prepared.timeline, request.film_path
    size_bytes = made.film.stat().st_size
    beside = hand_over(made.film, made.poster, timeline, target, prepared.files)
    return RenderResult(
        url=str(target),
        urls=(str(target),),
        poster_url=str(beside["poster"]) if made.poster else None,
        sidecars={kind: str(beside[kind]) for kind in timeline.sidecars},
        duration=round(float(timeline.frames / timeline.fps), 6),
        width=timeline.width,
        height=timeline.height,
        fps=round(float(timeline.fps), 6),
        size_bytes=size_bytes,
        sha256=made.sha256,
        loudness=MeasuredLoudness(lufs=made.loudness.lufs, true_peak_db=made.loudness.true_peak_db),
        timings=watch.seconds,
        cpu_seconds=watch.cpu_seconds,
        bytes_fetched=prepared.brought.received_bytes,
        assets=prepared.brought.assets,
        attributions=prepared.brought.attributions,
        cache=made.cache,
        warnings=timeline.warnings + made.warnings,
    )
