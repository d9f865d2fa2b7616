"""Film, poster and sidecars put where the request wants them: all of them, or none."""

import errno
import logging
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Literal

from ..engines.subtitle.sidecars import write as write_sidecar
from ..errors import RejectedJob, RenderFailed
from ..models.output import SidecarKind
from ..models.timeline import Timeline

_log = logging.getLogger(__name__)

#: A file that goes beside the film.
CompanionKind = Literal["poster"] | SidecarKind
#: What the files beside the film end with instead of the film's suffix.
COMPANION_SUFFIXES: Mapping[CompanionKind, str] = {
    "poster": ".jpg",
    "srt": ".srt",
    "vtt": ".vtt",
    "ass": ".ass",
    "words": ".words.json",
}
#: What the system calls a disk, or a share of one, that is full.
_FULL = (errno.ENOSPC, errno.EDQUOT)


def companion_kinds(sidecars: Iterable[SidecarKind], *, poster: bool) -> tuple[CompanionKind, ...]:
    """List what goes beside a film."""
    return (*(("poster",) if poster else ()), *sidecars)


def target_files(film_path: Path, kinds: Iterable[CompanionKind]) -> dict[CompanionKind, Path]:
    """Name the files beside a film, by kind."""
    return {kind: film_path.with_suffix(COMPANION_SUFFIXES[kind]) for kind in kinds}


def refuse_unsafe_targets(film_path: Path, kinds: Iterable[CompanionKind], sources: Iterable[Path]) -> None:
    """Refuse to put the film, or a file beside it, over a file that the film is made from.

    Raises:
        RejectedJob: a target is one of the sources, under whatever name, or a folder.
    """
    used = [source for source in sources if source.exists()]
    for target in (film_path, *target_files(film_path, kinds).values()):
        if target.is_dir():
            raise RejectedJob(f"{str(target)!r} is a folder: name another file for the film")
        if target.exists() and any(target.samefile(source) for source in used):
            raise RejectedJob(
                f"{str(target)!r} is used by the job and would be overwritten: name another file for the film"
            )


def hand_over(
    film: Path, poster: Path | None, timeline: Timeline, film_path: Path
) -> dict[CompanionKind, Path]:
    """Put a film of the work folder in place with all that goes beside it; return what does, by kind.

    Raises:
        RenderFailed: the disk is full or refuses; everything is then as it was.
    """
    targets = target_files(film_path, companion_kinds(timeline.sidecars, poster=poster is not None))
    finished = {targets["poster"]: poster} if poster else {}
    for kind in timeline.sidecars:
        finished[targets[kind]] = _write_sidecar(kind, timeline, film.with_name(f"sidecar.{kind}"))
    put_in_place({**finished, film_path: film})
    return targets


def _write_sidecar(kind: SidecarKind, timeline: Timeline, file: Path) -> Path:
    text = write_sidecar(kind, timeline.cues, timeline.look, timeline.width, timeline.height)
    with _telling_disk_trouble(file):
        file.write_text(text, encoding="utf-8", newline="")
    return file


def put_in_place(finished: Mapping[Path, Path]) -> None:
    """Copy finished files beside their targets, then rename all of them over, in the order given.

    Nobody sees half a file, and where the last target stands, all of them do. What a target held before is
    put back unless all of them could be renamed.

    Args:
        finished: Files by their targets.

    Raises:
        RenderFailed: the disk is full or refuses.
    """
    staged = {target: _beside(target, "part") for target in finished}
    with ExitStack() as undo:
        for target, part in staged.items():
            undo.callback(_remove, part)
            with _telling_disk_trouble(target):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(finished[target], part)
        *before, last = staged
        set_aside = [old for target in before if (old := _replace(target, staged[target], undo))]
        with _telling_disk_trouble(last):
            os.replace(staged[last], last)
        undo.pop_all()
    for old in set_aside:
        _remove(old)


def _replace(target: Path, part: Path, undo: ExitStack) -> Path | None:
    """Rename a staged file over its target; return where the file that was there waits to be put back."""
    old = _beside(target, "old")
    with _telling_disk_trouble(target):
        existed = os.path.lexists(target)
        if existed:
            os.replace(target, old)
            undo.callback(os.replace, old, target)
        else:
            undo.callback(_remove, target)
        os.replace(part, target)
    return old if existed else None


def _remove(file: Path) -> None:
    """Remove a file that is not wanted any more; one that stays changes nothing about the film."""
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("file_left_behind", extra={"file": str(file), "reason": str(error)})


def _beside(target: Path, suffix: str) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}.{suffix}")


@contextmanager
def _telling_disk_trouble(target: Path) -> Iterator[None]:
    """Tell what to do about a file that cannot be written.

    Raises:
        RenderFailed: instead of `OSError`.
    """
    try:
        yield
    except OSError as error:
        place = str(target.parent)
        if error.errno in _FULL:
            reason = f"no space left for {target.name!r}: free space in {place!r}, or choose another folder"
        else:
            why = error.strerror or error
            reason = (
                f"cannot write {target.name!r} ({why}): check that {place!r} and its files may be changed"
            )
        raise RenderFailed(reason) from error


@contextmanager
def telling_full_disk(folder: Path) -> Iterator[None]:
    """Tell what to do when the folder of the work in progress has no space left.

    Raises:
        RenderFailed: instead of that `OSError`; others pass.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        place = str(folder.parent)
        remedy = f"free space in {place!r}, or choose another folder with NEUROSHORTS_CACHE_DIR"
        raise RenderFailed(f"no space left for the work in progress: {remedy}") from error
