"""A job as somebody hands it in, by HTTP or through the broker."""

from typing import Any, NamedTuple

from ...models.callbacks import Callbacks
from ...models.job import RenderJob
from .quotas import Quota


class Submission(NamedTuple):
    """A job to be taken in."""

    body: bytes
    owner: str = ""
    job_id: str = ""
    idempotency_key: str | None = None
    """A second submission under it is the same job, or an error if it has another body."""
    in_place_of: str = ""
    """Our name of a job of the same owner and body that ended badly, whose key goes over to this one."""
    metadata: dict[str, Any] = {}
    priority: int = 5
    traceparent: str = ""
    """Trace that the job belongs to; W3C Trace Context."""
    base_url: str = ""
    """What links to its film begin with, unless the operator set that."""
    callbacks: Callbacks | None = None
    quota: Quota = Quota()
    """What its owner may have."""


def submission_of(body: bytes, job: RenderJob, owner: str) -> Submission:
    """Make a job ready to be handed in, under its own id as the key; the body is what it was read from."""
    return Submission(
        body,
        owner,
        job.id,
        idempotency_key=job.id or None,
        metadata=job.metadata,
        priority=job.priority,
        callbacks=Callbacks.of(job),
    )
