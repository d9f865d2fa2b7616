"""How a job comes along, for whoever its `progress_url` names."""

from pydantic import BaseModel

from .status import State


class ProgressReport(BaseModel):
    """How far a job is."""

    id: str
    job_id: str
    """The caller's name of it."""
    status: State
    stage: str
    progress: float
    attempts: int
