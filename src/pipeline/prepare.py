"""From a request to a planned film: media found, words spoken, Timeline made."""

import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ..engines.subtitle.heights import LineHeights
from ..engines.subtitle.layout import caption_measure
from ..engines.subtitle.presets import presets, style_of
from ..errors import RejectedJob, UnreadableMedia
from ..media.fonts import heaviest_in
from ..media.lettering import FontStack, caption_fonts_of
from ..media.probe import UnreadableFile
from ..models.caption_plan import CaptionLook
from ..models.caption_style import CaptionStyle
from ..models.job import RenderJob
from ..models.media_refs import MediaRef
from ..models.rejections import rejections
from ..models.timeline import MediaFiles, Timeline
from ..plan.captions import refuse_unknown_style
from ..plan.facts import Facts
from ..plan.film import plan
from ..plan.places import refuse_forbidden_places
from ..plan.support import refuse_unsupported
from ..plan.voices import all_speakers, refuse_nameless
from ..stopping import raise_if_stopped
from .cache import Cache
from .changes import WatchedCache
from .fetching import Brought
from .media import FoundMedia, find_media
from .outside import OutsideCaptions, find_captions
from .request import Progress, Report, Request
from .speech import Narrations, narrate
from .staging import telling_full_disk
from .typecase import TypeCase


class Prepared(NamedTuple):
    """A planned film, where its media lie, and who asked for them."""

    timeline: Timeline
    files: MediaFiles
    refs: Mapping[Path, MediaRef]
    cache: Cache
    """Keeps nothing made from a source that changes meanwhile."""
    brought: Brought
    """Media that came from elsewhere."""
    is_estimated: bool
    """Whether somebody has to speak some of the narration still."""


class Stopwatch:
    """Wall seconds of each stage, and CPU seconds of all of them."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._cpu_before = _cpu_seconds()

    @property
    def cpu_seconds(self) -> float:
        """CPU time of this process and its children since the watch was started."""
        return round(_cpu_seconds() - self._cpu_before, 3)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what happens inside towards a stage."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(time.perf_counter() - started, 3)


def _cpu_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def prepare(request: Request, report: Report, stop: threading.Event, watch: Stopwatch) -> Prepared:
    """Find the media, speak, and plan.

    Raises:
        RejectedJob: the job cannot be rendered as written; an `InvalidJob` tells all that is wrong.
        SpeechFailed: the voice gave no usable sound.
        Interrupted: `stop` was set.
    """
    job = request.job
    with watch.stage("fetching"), telling_full_disk(request.work_dir):
        report(Progress("fetching", 0, 1))
        found = find_media(request, _wrong(request), report, stop)
        cache = WatchedCache(request.cache, found.sources)
    raise_if_stopped(stop)
    with watch.stage("speaking"), telling_full_disk(request.work_dir):
        speaking = request._replace(models=found.models, cache=cache)
        narrations = narrate(speaking, found, report, stop)
    with watch.stage("planning"):
        report(Progress("planning", 0, 1))
        fonts = TypeCase(found.files, request.settings.font_folders)
        style = style_of(job.captions, presets(request.settings.styles_folder))
        outside = find_captions(found, fonts, job.voice.language, request.work_dir)
        timeline = plan(job, _facts(style, found, narrations, fonts, outside))
    longest_seconds = request.longest_seconds(is_estimated=narrations.are_estimated)
    _refuse_too_long(float(timeline.frames / timeline.fps), longest_seconds)
    files = found.files | narrations.files | fonts.files | outside.files
    return Prepared(timeline, files, found.refs, cache, found.brought, narrations.are_estimated)


def prepare_quietly(request: Request) -> Prepared:
    """Prepare a film that nobody waits for and nobody stops; see `prepare`."""
    return prepare(request, lambda _: None, threading.Event(), Stopwatch())


def _wrong(request: Request) -> list[RejectedJob]:
    """Tell what is wrong with a job as far as it says so itself."""
    job, settings = request.job, request.settings
    return rejections(
        partial(refuse_unsupported, job),
        partial(refuse_nameless, all_speakers(job), settings),
        partial(refuse_unknown_style, job.captions, settings),
        partial(refuse_forbidden_places, job.output.destinations, settings),
        partial(_refuse_too_long, asked_seconds(job), request.longest_seconds()),
    )


def _facts(
    style: CaptionStyle,
    found: FoundMedia,
    narrations: Narrations,
    fonts: TypeCase,
    outside: OutsideCaptions,
) -> Facts:
    own_font = found.facts.get("captions.font.src")

    def stack_of(look: CaptionLook) -> FontStack:
        return caption_fonts_of(look, found.files | fonts.files)

    return Facts(
        media=found.facts,
        spoken=narrations.facts,
        caption_style=style,
        caption_measure=lambda look: caption_measure(look, stack_of(look)),
        caption_heights=lambda look: LineHeights(look, stack_of(look)),
        fonts=fonts.choose,
        heaviest=heaviest_in(found.files[own_font.sha256]) if own_font else None,
        captions=outside.read,
        script_fonts=outside.fonts,
    )


def asked_seconds(job: RenderJob) -> float:
    """Add up the scenes that say how long they last; the film lasts at least that."""
    return sum(scene.duration for scene in job.scenes if scene.duration != "auto")


def _refuse_too_long(seconds: float, longest_seconds: float) -> None:
    if seconds > longest_seconds:
        told = f"the film would last {seconds:.1f} s; the limit is {longest_seconds:g} s"
        raise RejectedJob(told, path="scenes")


@contextmanager
def blaming_media(refs: Mapping[Path, MediaRef]) -> Iterator[None]:
    """Tell a medium that turns out to be damaged while it is used by its place in the job.

    Raises:
        UnreadableMedia: instead of `UnreadableFile`.
    """
    try:
        yield
    except UnreadableFile as error:
        if error.file is None or error.file not in refs:
            raise
        ref = refs[error.file]
        raise UnreadableMedia(ref.shown, str(error), path=ref.path) from error
