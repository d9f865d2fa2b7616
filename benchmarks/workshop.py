"""Where films are made: material, plans, caches, and the renderer called as people call it."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console

from src.models.timeline import Timeline

from .edits import Job
from .films import WrongFilm, inspect
from .preparation import plan_film
from .process_tree import KillWhen, Outcome, measure
from .scenario import Scale, job_of, write_job
from .trial import Made, made_of


class Film(NamedTuple):
    """A film that is to be made."""

    scale: Scale
    job: Path
    timeline: Timeline


class Workshop(NamedTuple):
    """The folders of a run of the bench."""

    folder: Path
    """Work folder; removed afterwards."""
    material: Path
    """Pictures and clips."""
    console: Console

    @property
    def target(self) -> Path:
        """Where the renderer puts its film, each in place of the one before."""
        return self.folder / "renderer.mp4"

    def film(self, scale: Scale, edit: Callable[[Job], Job] | None = None) -> Film:
        """Write the job of a film with its material, and plan it; none of it is measured."""
        media = (self.material / f"{scale.width}x{scale.height}-{scale.scene_s:g}s").absolute()
        media.mkdir(parents=True, exist_ok=True)
        name = f"film-{scale.seconds:g}s" + (f"-{edit.__name__}" if edit else "")
        self.console.print(f"making the material of {name}, {scale.width}x{scale.height}")
        job = job_of(scale)
        file = write_job(media, scale, edit(job) if edit else job, name)
        return Film(scale, file, plan_film(file))

    def cache(self, name: str, like: str | None = None) -> Path:
        """Make an empty cache folder, or a copy of another one, in place of what has that name."""
        made = self.folder / f"cache-{name}"
        shutil.rmtree(made, ignore_errors=True)
        if like is None:
            made.mkdir()
        else:
            shutil.copytree(self.folder / f"cache-{like}", made)
        return made

    def call(self, arguments: list[str], cache: Path, kill_when: KillWhen | None = None) -> Outcome:
        """Measure one call of the command line tool; all of its files stay inside the work folder."""
        environment = {
            "NEUROSHORTS_CACHE_DIR": str(cache),
            "NEUROSHORTS_DATA_DIR": str(self.folder / "data"),
            "NEUROSHORTS_LOG_DIR": str(self.folder / "logs"),
            "NEUROSHORTS_LOG_FORMAT": "json",
        }
        return measure([sys.executable, "-m", "src.main", *arguments], self.folder, environment, kill_when)

    def render(self, film: Film, cache: Path, *, workers: int = 0) -> Made:
        """Render a film and look into it.

        Raises:
            CommandFailed: the renderer broke.
            WrongFilm: its film has another size or number of frames.
        """
        self.target.unlink(missing_ok=True)
        outcome = self.call(render_arguments(film, self.target, workers), cache)
        told = json.loads(outcome.stdout)["result"]
        return made_of(outcome, **inspect("renderer", self.target, film.timeline), **_own_words(told))

    def render_cold(self, film: Film, *, workers: int = 0, cache: str = "cold") -> Made:
        """Render a film with an empty cache, which stands afterwards under its name.

        Raises:
            WrongFilm: also when it took anything from a cache, which was not to be.
        """
        made = self.render(film, self.cache(cache), workers=workers)
        if made.told["segments_hit"]:
            raise WrongFilm(f"{made.told['segments_hit']} segments of a first render came out of its cache")
        return made


def render_arguments(film: Film, target: Path, workers: int) -> list[str]:
    """Word the command that renders a film and prints its status."""
    return ["render", str(film.job), "-o", str(target), "--json", "--workers", str(workers)]


def _own_words(result: dict[str, Any]) -> dict[str, Any]:
    """Take what the renderer says of itself; mixing goes on beside rendering."""
    return {
        "stages_wall_s": {stage: round(seconds, 2) for stage, seconds in result["timings"].items()},
        "segments_hit": result["cache"]["segments_hit"],
        "segments_total": result["cache"]["segments_total"],
    }
