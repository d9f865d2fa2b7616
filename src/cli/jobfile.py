"""Reads the job that a command names, and decides where its film goes."""

import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from ..errors import NotSupported, RejectedJob
from ..models.job import MAX_JOB_BYTES, RenderJob
from ..plan.jobtext import job_in

#: What stands for standard input.
STDIN = "-"
_BOM = b"\xef\xbb\xbf"


class MissingJob(RejectedJob):
    """A job file that is not there."""

    code = "missing_file"

    def __init__(self, given: str) -> None:
        told = f"there is no job file {given!r} in {str(Path.cwd())!r}"
        if Path(given).is_absolute():
            told = f"there is no job file {given!r}"
        super().__init__(f"{told}: name one that exists, or - for standard input")


class JobFile(NamedTuple):
    """A job and where it came from."""

    job: RenderJob
    base_dir: Path
    """Folder that relative file paths of the job start from."""
    stem: str
    """Name for files of a job that has no id."""
    file: Path | None = None
    """Where it was read from; nothing for standard input."""


def read_job(given: str) -> JobFile:
    """Read a job from a file, or from standard input for `-`.

    Raises:
        RejectedJob: when there is no such file, it cannot be read, it is no valid job, or it wants a call.
    """
    if given == STDIN:
        return JobFile(_parsed(sys.stdin.buffer.read(MAX_JOB_BYTES + 1)), Path.cwd(), "film")
    file = Path(given)
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_JOB_BYTES + 1)
    except FileNotFoundError as error:
        raise MissingJob(given) from error
    except IsADirectoryError as error:
        raise RejectedJob(f"{given!r} is a folder: name the job file in it") from error
    except OSError as error:
        raise RejectedJob(f"cannot read {given!r}: {error.strerror}") from error
    return JobFile(_parsed(data), file.absolute().parent, file.stem, file.absolute())


def _parsed(data: bytes) -> RenderJob:
    job = job_in(data.removeprefix(_BOM))
    for path in ("webhook_url", "progress_url", "webhook_headers"):
        if getattr(job, path):
            instead = "remove it and read the command's result, or hand the job in to `neuroshorts serve`"
            raise NotSupported("calling somebody from this command", path=path, instead=instead)
    return job


def film_path(found: JobFile, out: Path | None, data_dir: Path) -> Path:
    """Choose the film's file: `out`, below `out` when that is a folder, else below the data folder.

    Raises:
        RejectedJob: when the name asks for another container than the job.
    """
    suffix = f".{found.job.output.format}"
    name = found.job.film_name(found.stem)
    if out is None:
        return (data_dir / name).absolute()
    if out.is_dir():
        return (out / name).absolute()
    if out.suffix.lower() != suffix:
        raise RejectedJob(f"the film is {suffix}, as output.format says; {out.name!r} does not end so")
    return out.absolute()


def make_writable_folder(folder: Path) -> tuple[Path, ...]:
    """Make a folder and prove that files can be written to it.

    Returns:
        The folders that did not exist before, innermost first.

    Raises:
        RejectedJob: when it cannot be made or written.
    """
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise RejectedJob(f"cannot write to the folder {str(folder)!r}: {error.strerror}") from error
    return tuple(missing)


def remove_if_empty(folders: tuple[Path, ...]) -> None:
    """Remove folders that nothing was put into, innermost first."""
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:
            return
