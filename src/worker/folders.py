"""Where the films of jobs lie, and how they go away again."""

import logging
import shutil
from pathlib import Path

from ..models.job import RenderJob
from ..settings import Settings
from ..store.workfolders import WorkFolders

_log = logging.getLogger(__name__)


def job_folder(settings: Settings, id: str) -> Path:
    """Name the folder of one job's film and of what belongs beside it."""
    return settings.data_dir.absolute() / "jobs" / id


def film_file(folder: Path, job: RenderJob) -> Path:
    """Name the film for its job."""
    return folder / job.film_name("film")


def clear_job(settings: Settings, id: str) -> None:
    """Remove a job's films, and the work in progress of all renders whose process has ended."""
    WorkFolders(settings.cache_dir).sweep()
    folder = job_folder(settings, id)
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        _log.warning("job_folder_left_behind", extra={"folder": str(folder)})
