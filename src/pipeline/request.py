"""What a render is asked with, and what it tells while it goes on."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from ..errors import Interrupted
from ..models.job import RenderJob
from ..settings import Settings


class Request(NamedTuple):
    """One film to be made on this machine."""

    job: RenderJob
    base_dir: Path
    """Folder that relative paths of the job are below."""
    work_dir: Path
    """Empty folder for this render alone; the caller removes it."""
    film_path: Path
    """Where the film goes; poster and sidecars go beside it."""
    settings: Settings


class Progress(NamedTuple):
    """How far a stage is."""

    stage: str
    """fetching, speaking, planning, rendering, mixing, joining or checking."""
    done: int
    total: int
    """Frames while rendering, else small counts."""


Report = Callable[[Progress], None]


def raise_if_stopped(stop: threading.Event) -> None:
    """Leave the work when somebody asked for that.

    Raises:
        Interrupted: `stop` is set.
    """
    if stop.is_set():
        raise Interrupted("stopped before the film was finished")
