"""What a render is asked with, and what it tells while it goes on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

from ..errors import Interrupted
from ..models.job import RenderJob
from ..settings import Settings
from .cache import Cache


class Request(NamedTuple):
    """One film to be made on this machine."""

    job: RenderJob
    base_dir: Path | None
    """Folder that relative paths of the job are below, and leave to name files by absolute paths; None for a
    job that came from elsewhere, which may name files below `settings.asset_roots` only."""
    work_dir: Path
    """Empty folder for this render alone, with a name of its own; the caller removes it."""
    film_path: Path
    """Where the film goes; poster and sidecars go beside it."""
    settings: Settings
    cache: Cache
    """Finished parts of earlier films."""


class Progress(NamedTuple):
    """How far a stage is."""

    stage: str
    """fetching, speaking, planning, rendering, mixing, joining or checking."""
    done: int
    total: int
    """Frames while rendering, else small counts."""


Report = Callable[[Progress], None]


class Stop(Protocol):
    """Tells whether somebody asked for the work to end."""

    def is_set(self) -> bool:
        """Whether it should end now."""
        ...


class Halt:
    """Ends all parts of a render when one of them fails, or when its caller wishes it."""

    def __init__(self, stop: Stop) -> None:
        self._stop = stop
        self._failure: BaseException | None = None

    def is_set(self) -> bool:
        """Whether the work should end now."""
        return self._failure is not None or self._stop.is_set()

    @contextmanager
    def on_failure(self) -> Iterator[None]:
        """Have the other parts end when this one fails; one that ended for that tells the failure instead."""
        try:
            yield
        except Interrupted as error:
            if self._failure is None:
                self._failure = error
            raise self._failure from error
        except BaseException as error:
            self._failure = error
            raise


def raise_if_stopped(stop: Stop) -> None:
    """Leave the work when somebody asked for that.

    Raises:
        Interrupted: `stop` is set.
    """
    if stop.is_set():
        raise Interrupted("stopped before the film was finished")
