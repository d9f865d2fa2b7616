"""What becomes of a job whose process has ended: decided from how it ended, and nothing else."""

import signal
from typing import NamedTuple

from ..errors import Interrupted
from ..models.status import JobError, RenderResult
from ..settings import PREFIX, Settings
from .messages import Failed, Finished
from .process import Ending, Kill


class Done(NamedTuple):
    """The film is in place."""

    result: RenderResult


class Failure(NamedTuple):
    """There will be no film."""

    error: JobError


class Unwanted(NamedTuple):
    """Somebody asked for the job to be cancelled."""


class HandedBack(NamedTuple):
    """The work was interrupted; the next one goes on with it, and no loss is counted."""

    reason: str


class Lost(NamedTuple):
    """The process ended without a word."""

    reason: str


class LetGo(NamedTuple):
    """The job is somebody else's by now."""


Verdict = Done | Failure | Unwanted | HandedBack | Lost | LetGo


def verdict(ending: Ending, settings: Settings) -> Verdict:
    """Decide; a film that was finished just before its process was killed for its limits counts."""
    match ending:
        case Ending(killed=Kill.CLAIM_LOST):
            return LetGo()
        case Ending(killed=Kill.CANCELLED):
            return Unwanted()
        case Ending(told=Finished(result=result)):
            return Done(result)
        case Ending(killed=Kill.STOPPED):
            return HandedBack(Kill.STOPPED.value)
        case Ending(told=Failed(error=error)):
            return HandedBack(error.message) if error.code == Interrupted.code else Failure(error)
        case Ending(killed=Kill.TIME_LIMIT):
            return Failure(_time_limit(settings))
        case Ending(killed=Kill.MEMORY_LIMIT):
            return Failure(_memory_limit(settings))
    return Lost(f"its process {_told(ending.returncode)}")


def _time_limit(settings: Settings) -> JobError:
    told = (
        f"not finished after {settings.max_render_seconds} s, the limit that {PREFIX}MAX_RENDER_SECONDS sets:"
        " make the film shorter, or ask the operator to raise the limit"
    )
    return JobError(code="time_limit", message=told)


def _memory_limit(settings: Settings) -> JobError:
    mebibytes = settings.max_render_memory_bytes // 1024**2
    told = (
        f"the render took more than {mebibytes} MiB of memory, the limit that"
        f" {PREFIX}MAX_RENDER_MEMORY_BYTES sets: use smaller media, or ask the operator to raise the limit"
    )
    return JobError(code="memory_limit", message=told)


def _told(returncode: int) -> str:
    if returncode >= 0:
        return f"ended with code {returncode} and told nothing"
    try:
        return f"was ended by {signal.Signals(-returncode).name}"
    except ValueError:
        return f"was ended by signal {-returncode}"
