"""Who is told about a job, and how."""

from typing import Self

from pydantic import BaseModel, ConfigDict

from .job import RenderJob


class Callbacks(BaseModel):
    """Addresses that the service calls by itself, as a job named them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    webhook_url: str = ""
    """Told once, when the job has ended."""
    webhook_headers: dict[str, str] = {}
    """Sent along with every call."""
    progress_url: str = ""
    """Told of states and progress on the way."""

    @classmethod
    def of(cls, job: RenderJob) -> Self | None:
        """Read them from a job; None when it names no address."""
        if not (job.webhook_url or job.progress_url):
            return None
        return cls(
            webhook_url=str(job.webhook_url or ""),
            webhook_headers=job.webhook_headers,
            progress_url=str(job.progress_url or ""),
        )
