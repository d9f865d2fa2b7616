"""Film, poster and sidecars put where the request wants them: all of them, or none."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from ..engines.subtitle.sidecars import write as write_sidecar
from ..errors import RejectedJob
from ..models.output import SidecarKind
from ..models.timeline import MediaFiles, Timeline
from .staging import put_in_place, telling_disk_trouble

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
    film: Path, poster: Path | None, timeline: Timeline, film_path: Path, files: MediaFiles
) -> dict[CompanionKind, Path]:
    """Put a film of the work folder in place with all that goes beside it; return what does, by kind.

    Raises:
        RenderFailed: the disk is full or refuses; everything is then as it was.
    """
    targets = target_files(film_path, companion_kinds(timeline.sidecars, poster=poster is not None))
    finished = {targets["poster"]: poster} if poster else {}
    for kind in timeline.sidecars:
        finished[targets[kind]] = _sidecar(kind, timeline, film.with_name(f"sidecar.{kind}"), files)
    put_in_place({**finished, film_path: film}, film.parent)
    return targets


def _sidecar(kind: SidecarKind, timeline: Timeline, file: Path, files: MediaFiles) -> Path:
    """Write what is said; the look of a script is its author's own file."""
    if kind == "ass" and timeline.script:
        return files[timeline.script.sha256]
    text = write_sidecar(kind, timeline.cues, timeline.look, timeline.width, timeline.height)
    with telling_disk_trouble(file):
        file.write_text(text, encoding="utf-8", newline="")
    return file
