"""Film, poster and sidecars put where the request wants them."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from ..engines.subtitle.sidecars import write as write_sidecar
from ..models.output import SidecarKind
from ..models.timeline import Timeline

#: What sidecar files end with.
SIDECAR_SUFFIXES: Mapping[SidecarKind, str] = {
    "srt": ".srt",
    "vtt": ".vtt",
    "ass": ".ass",
    "words": ".words.json",
}


def put_sidecars(timeline: Timeline, work_dir: Path, film_path: Path) -> dict[str, Path]:
    """Write the caption files beside the film; return them by kind."""
    written: dict[str, Path] = {}
    for kind in timeline.sidecars:
        file = work_dir / f"sidecar.{kind}"
        text = write_sidecar(kind, timeline.cues, timeline.look, timeline.width, timeline.height)
        file.write_text(text, encoding="utf-8", newline="")
        written[kind] = put_in_place(file, film_path.with_suffix(SIDECAR_SUFFIXES[kind]))
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
