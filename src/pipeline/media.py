"""The media of a job found on this machine, hashed and probed, before any work is spent."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ..errors import (
    ForbiddenPath,
    MediaTooLarge,
    MissingFile,
    NotSupported,
    RejectedJob,
    UnreadableMedia,
)
from ..media.caption_file import read_captions
from ..media.fonts import is_font
from ..media.probe import TooManyPixels, UnreadableFile, probe_picture, probe_video
from ..media.sound import sound_samples
from ..media.timebase import ms_of_samples
from ..models.media_refs import MediaKind, MediaRef, is_url, media_refs
from ..models.model_files import ModelFile
from ..models.rejections import raise_all
from ..models.timeline import SAMPLE_RATE
from ..plan.facts import MediaFact
from ..plan.music import asks_for_piece, chosen_music
from ..settings import Settings
from ..stopping import raise_if_stopped
from .cache import key_of
from .changes import Source, WatchedCache
from .fetching import Brought, bring
from .request import Report, Request


class FoundMedia(NamedTuple):
    """The media of a job."""

    facts: dict[str, MediaFact]
    """By the JSON path of the `src` that names it."""
    files: dict[str, Path]
    """By sha256."""
    refs: dict[Path, MediaRef]
    """Who names a file first."""
    sources: dict[Path, Source]
    """What tells that a file was changed since it was hashed."""
    brought: Brought
    """Those of them that came from elsewhere."""
    models: dict[str, ModelFile]
    """Models that speak or listen, by the `src` that names them."""


def find_media(
    request: Request, wrong: Sequence[RejectedJob], report: Report, stop: threading.Event
) -> FoundMedia:
    """Find every medium that the job names, fetch what lies elsewhere, and probe it.

    Args:
        request: with the job.
        wrong: what is known to be wrong with the job: told with what is wrong with its files, and nothing is
            fetched for it.
        report: is told how far it is.
        stop: set when nobody wants it any more.

    Raises:
        RejectedJob: a medium is missing, out of bounds, or not what it claims to be, or something else is
            wrong; an `InvalidJob` tells all.
        Transient: one could not be fetched for a long time.
        Interrupted: `stop` was set.
    """
    asked, rejected = _asked_music(request)
    refs = (*asked, *media_refs(request.job))
    fetcher = request.fetcher
    elsewhere = tuple(ref for ref in refs if fetcher and fetcher.knows(ref.src))
    here = tuple(ref for ref in refs if not (fetcher and fetcher.knows(ref.src)))
    found = FoundMedia({}, {}, {}, {}, Brought({}), {})
    raise_all([*wrong, *rejected, *_added(here, request, found, stop)])
    found = found._replace(brought=bring(elsewhere, request, report, stop))
    raise_all(_added(elsewhere, request, found, stop))
    return found


def _asked_music(request: Request) -> tuple[Sequence[MediaRef], Sequence[RejectedJob]]:
    """Choose the music of a job that does not name it; the manifest is read for such a job only."""
    if not asks_for_piece(request.job):
        return (), ()
    try:
        chosen = chosen_music(request.job, request.fetcher.music() if request.fetcher else ())
    except RejectedJob as error:
        return (), (error,)
    return (chosen,) if chosen else (), ()


def _added(
    refs: Sequence[MediaRef], request: Request, found: FoundMedia, stop: threading.Event
) -> list[RejectedJob]:
    """Add media to those found, and tell what is wrong with the others."""
    rejected: list[RejectedJob] = []
    probed: dict[tuple[Path, str], MediaFact] = {}
    for ref in refs:
        raise_if_stopped(stop)
        try:
            _add(ref, request, found, probed)
        except RejectedJob as error:
            rejected.append(error)
    return rejected


def _add(
    ref: MediaRef, request: Request, found: FoundMedia, probed: dict[tuple[Path, str], MediaFact]
) -> None:
    fetched = found.brought.of(ref)
    file = fetched.file if fetched else resolve(ref, request)
    if (file, ref.kind) not in probed:
        _refuse_too_large(ref, file, request.settings)
        sha256 = fetched.sha256 if fetched else ""
        source = found.sources[file] = found.sources.get(file) or Source(file, sha256)
        probed[file, ref.kind] = _probed(ref, file, source, request)
    fact = found.facts[ref.path] = probed[file, ref.kind]
    if ref.kind == "model":
        found.models[ref.src] = ModelFile(file, fact.sha256)
    found.files[fact.sha256] = file
    found.refs.setdefault(file, ref)


def resolve(ref: MediaRef, request: Request) -> Path:
    """Find the file that a `src` means.

    Raises:
        NotSupported: it is a URL.
        ForbiddenPath: it leaves the folders that the job may read.
        MissingFile: there is no such file.
    """
    if ref.src[:5].lower() == "data:":
        told = "save what it holds as a file, or where an https:// URL leads to, and name that"
        raise NotSupported("a data: URL", path=ref.path, instead=told)
    if is_url(ref.src):
        raise NotSupported("fetching a URL here", path=ref.path, instead="name the path of a file")
    roots = [*([request.base_dir] if request.base_dir else []), *request.settings.asset_roots]
    given = Path(ref.src)
    try:
        if given.is_absolute() and request.base_dir:
            candidates = [given]
        else:
            candidates = [root / given for root in roots if _is_below(root / given, root)]
            if not candidates:
                raise ForbiddenPath(ref.src, has_folder=request.base_dir is not None, path=ref.path)
        file = next((candidate for candidate in candidates if candidate.is_file()), None)
    except (ValueError, OSError) as error:
        raise MissingFile(ref.src, path=ref.path) from error
    if file is None:
        raise MissingFile(ref.src, path=ref.path, hint=_mistaken(ref.src, candidates))
    return file


def _mistaken(src: str, candidates: Sequence[Path]) -> str:
    """Tell what somebody mistook who names a file that is not there; maybe nothing."""
    if src.startswith("~"):
        return "~ means nothing here: write the whole path"
    for candidate in candidates:
        if candidate.is_dir():
            return "it is a folder: name a file in it"
        named = _named_almost(candidate)
        if named:
            return f"the file is called {named!r}, capitals count"
    return ""


def _named_almost(file: Path) -> str:
    """Find a file of the same name with other capitals; maybe none."""
    try:
        beside = [other.name for other in file.parent.iterdir()]
    except OSError:
        return ""
    return next((name for name in sorted(beside) if name.casefold() == file.name.casefold()), "")


def _is_below(file: Path, root: Path) -> bool:
    return file.resolve().is_relative_to(root.resolve())


def _refuse_too_large(ref: MediaRef, file: Path, settings: Settings) -> None:
    size_bytes = file.stat().st_size
    if size_bytes > settings.max_media_bytes:
        has, limit = f"{size_bytes:,} bytes", f"{settings.max_media_bytes:,} bytes"
        raise MediaTooLarge(ref.shown, has, limit, path=ref.path)


def _probed(ref: MediaRef, file: Path, source: Source, request: Request) -> MediaFact:
    settings = request.settings
    try:
        fact = _known_or_probed(ref.kind, file, source, request)
    except TooManyPixels as error:
        limit = f"{settings.max_pixels:,} pixels"
        raise MediaTooLarge(ref.shown, str(error), limit, path=ref.path) from error
    except UnreadableFile as error:
        raise UnreadableMedia(ref.shown, str(error), path=ref.path) from error
    if fact.duration_ms > settings.max_media_seconds * 1000:
        has, limit = f"{fact.duration_ms / 1000:.0f} seconds", f"{settings.max_media_seconds} seconds"
        raise MediaTooLarge(ref.shown, has, limit, path=ref.path)
    return fact


def _known_or_probed(kind: MediaKind, file: Path, source: Source, request: Request) -> MediaFact:
    """Probe a file, unless the same bytes were found good before under the same limits."""
    settings, cache = request.settings, WatchedCache(request.cache, {file: source})
    key = key_of(kind, source.sha256, settings.max_pixels, settings.max_media_seconds)
    if known := cache.load("probe", key):
        width, height = known.notes["size"]
        return MediaFact(**known.notes | {"size": (width, height)})
    fact = _probe(kind, file, source.sha256, settings)
    cache.keep("probe", key, fact._asdict(), b"")
    return fact


def _probe(kind: MediaKind, file: Path, sha256: str, settings: Settings) -> MediaFact:
    match kind:
        case "image":
            picture = probe_picture(file, settings.max_pixels)
            return MediaFact(sha256, size=(picture.width, picture.height))
        case "video":
            clip = probe_video(file, settings.max_pixels)
            return MediaFact(sha256, clip.duration_ms, has_sound=clip.has_sound)
        case "sound":
            samples = sound_samples(file, (settings.max_media_seconds + 1) * SAMPLE_RATE)
            return MediaFact(sha256, ms_of_samples(samples), samples)
        case "font":
            if not is_font(file):
                raise UnreadableFile("not a TrueType or OpenType font")
        case "subtitles":
            read_captions(file)
    return MediaFact(sha256)
