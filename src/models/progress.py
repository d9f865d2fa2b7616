"""How a job comes along, for whoever its `progress_url` names, and what holds it up."""

from typing import NamedTuple

from pydantic import BaseModel

from .status import JobError, State


class Setback(NamedTuple):
    """Something that has failed and is tried again, while the job goes on."""

    code: str
    message: str
    """Why it failed, and when it is tried again."""
    path: str = ""
    """JSON path of the field that wants it."""

    def as_error(self) -> JobError:
        """Tell it as what may pass."""
        return JobError(code=self.code, message=self.message, path=self.path, retryable=True)


class ProgressReport(BaseModel):
    """How far a job is."""

    id: str
    job_id: str
    """The caller's name of it."""
    status: State
    stage: str
    progress: float
    attempts: int
    error: JobError | None = None
    """What holds it up and is tried again; null while it goes on."""
