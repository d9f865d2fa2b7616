"""A job as somebody hands it in, by HTTP or through the broker."""

from functools import partial
from typing import Any, NamedTuple

from ...errors import RejectedJob
from ...models.callbacks import Callbacks
from ...models.captions import Captions
from ...models.job import parse_job
from ...models.media_refs import MediaRef, media_refs
from ...models.output import Destination
from ...models.rejections import rejections
from ...plan.support import refuse_unsupported
from ...plan.voices import Speaker, chains
from .quotas import Quota


class Submission(NamedTuple):
    """A job to be taken in."""

    body: bytes
    owner: str = ""
    job_id: str = ""
    idempotency_key: str | None = None
    """A second submission under it is the same job, or an error if it has another body."""
    metadata: dict[str, Any] = {}
    priority: int = 5
    traceparent: str = ""
    """Trace that the job belongs to; W3C Trace Context."""
    base_url: str = ""
    """What links to its film begin with, unless the operator set that."""
    callbacks: Callbacks | None = None
    quota: Quota = Quota()
    """What its owner may have."""
    destinations: tuple[Destination, ...] = ()
    """Where its film is to go."""
    media: tuple[MediaRef, ...] = ()
    """What it is made of."""
    captions: Captions = Captions()
    """How its captions look."""
    voices: tuple[tuple[Speaker, ...], ...] = ()
    """Who may speak each of its texts."""
    wrong: tuple[RejectedJob, ...] = ()
    """What is wrong with it whoever runs the service: to be told with what is wrong with it here."""


def submission_of(body: bytes, owner: str) -> Submission:
    """Read a job and make it ready to be handed in, under its own id as the key.

    Raises:
        InvalidJob: it does not fit the schema.
    """
    job = parse_job(body)
    return Submission(
        body,
        owner,
        job.id,
        idempotency_key=job.id or None,
        metadata=job.metadata,
        priority=job.priority,
        callbacks=Callbacks.of(job),
        destinations=job.output.destinations,
        media=tuple(media_refs(job)),
        captions=job.captions,
        voices=chains(job),
        wrong=tuple(rejections(partial(refuse_unsupported, job))),
    )
