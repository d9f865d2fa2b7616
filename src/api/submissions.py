"""Jobs handed in, one or many."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel

from ..admission import admitted
from ..errors import InvalidJob, NeuroShortsError, Problem
from ..models.job import MAX_JOB_BYTES
from ..models.json_text import read_json
from ..models.status import State
from ..store.jobs.desk import Receipt
from ..store.jobs.submission import Submission
from .access import Submitter
from .bodies import json_body, read_body
from .door import Caller
from .problems import ProblemDocument, documented, problem_of
from .service import Service, Serving
from .span import Traceparent

#: Jobs that may be handed in at once.
MAX_BATCH_JOBS = 100
#: Bytes of JSON of a batch.
MAX_BATCH_BYTES = 4 * MAX_JOB_BYTES

#: What the body of a job is described as.
JOB = {"$ref": "#/components/schemas/RenderJob"}
_JOBS = {"type": "array", "maxItems": MAX_BATCH_JOBS, "items": JOB}
_BATCH = {"anyOf": [_JOBS, {"type": "object", "required": ["jobs"], "properties": {"jobs": _JOBS}}]}

#: A second submission under the same key is the same job.
IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=255,
        pattern=r"^[!-~]+$",
        description="A second submission under this key is the same job; without it, the job's `id` counts.",
    ),
]

router = APIRouter(tags=["render"])


class Sending(NamedTuple):
    """Who hands jobs in, and what goes with each."""

    caller: Caller
    base_url: str
    traceparent: str


async def _sending(
    request: Request, service: Serving, caller: Submitter, traceparent: Traceparent
) -> Sending:
    return Sending(caller, service.base_url(request), traceparent)


Sender = Annotated[Sending, Depends(_sending)]


class Accepted(BaseModel):
    """A job that is taken in, and where to ask for it."""

    id: str
    """Our name of the job."""
    job_id: str
    """The caller's name of it."""
    status: State
    status_url: str
    queue_position: int
    """Jobs that will be taken up before it."""


class BatchItem(BaseModel):
    """What became of one job of a batch."""

    index: int
    """Its place in the batch, from 0."""
    status: int
    """What `POST /render` would have answered: 202, 200 for a job that was known, or an error."""
    accepted: Accepted | None = None
    problem: ProblemDocument | None = None


@router.post(
    "/render",
    status_code=202,
    summary="Hand a job in",
    response_description="The job is on the disk and will be rendered",
    responses={
        200: {"model": Accepted, "description": "The job was handed in before, under the same key"},
        **documented(409, 413, 415, 422, 429),
    },
    openapi_extra=json_body(JOB),
)
async def render(
    request: Request,
    response: Response,
    service: Serving,
    sender: Sender,
    idempotency_key: IdempotencyKey = None,
) -> Accepted:
    """Take a job in for good; what it names is fetched and checked when it is rendered."""
    body = await read_body(request, MAX_JOB_BYTES)
    try:
        receipt = await run_in_threadpool(_take_in, service, sender, body, idempotency_key)
    except InvalidJob as error:
        if error.code != "model_type" or error.path or body.lstrip()[:1] != b"[":
            raise
        why = "this is an array: send several jobs to POST /render/batch, and one as an object with scenes"
        raise InvalidJob([Problem("", error.code, why)]) from error
    return told(receipt, response, sender.base_url)


@router.post(
    "/render/batch",
    summary=f"Hand in up to {MAX_BATCH_JOBS} jobs",
    response_description="What became of each job, in their order",
    response_model_exclude_none=True,
    responses=documented(413, 415, 422),
    openapi_extra=json_body(_BATCH),
)
async def batch(request: Request, service: Serving, sender: Sender) -> list[BatchItem]:
    """Take in each job of an array, or of `{"jobs": [...]}`, by itself: one that is wrong stops no other.

    Each job's `id` is its key, so that a batch can be sent again. To the limit of requests a minute each job
    counts as one: a batch is taken in whole, and what is asked next waits for it.
    """
    body = await read_body(request, MAX_BATCH_BYTES)
    return await run_in_threadpool(_take_in_all, service, sender, body)


def take_in(service: Service, submission: Submission) -> Receipt:
    """Put a job on the disk and wake a worker.

    Raises:
        KeyReused: its key belongs to another job.
        QueueFull: too many jobs wait already.
        QuotaReached: its owner has as much of the service as it may.
    """
    receipt = service.desk.submit(submission)
    if receipt.is_new:
        service.wake()
    return receipt


def told(receipt: Receipt, response: Response, base_url: str) -> Accepted:
    """Answer a submission: 202 for a new job, 200 for one that was known."""
    accepted = _accepted(receipt, base_url)
    response.status_code = _status_of(receipt)
    response.headers["Location"] = accepted.status_url
    return accepted


def _take_in(service: Service, sender: Sending, body: bytes, key: str | None) -> Receipt:
    submission = admitted(body, sender.caller.owner, service.guard, service.settings)
    return take_in(
        service,
        submission._replace(
            idempotency_key=key or submission.idempotency_key,
            base_url=sender.base_url,
            traceparent=sender.traceparent,
            quota=sender.caller.quota,
        ),
    )


def _status_of(receipt: Receipt) -> int:
    return 202 if receipt.is_new else 200


def _accepted(receipt: Receipt, base_url: str) -> Accepted:
    status = receipt.status
    return Accepted(
        id=status.id,
        job_id=status.job_id,
        status=status.status,
        status_url=f"{base_url}/jobs/{status.id}",
        queue_position=receipt.position,
    )


def _take_in_all(service: Service, sender: Sending, body: bytes) -> list[BatchItem]:
    told, jobs = [], _jobs_of(body)
    # The request itself was counted at the door.
    service.door.count(sender.caller, len(jobs) - 1)
    for index, job in enumerate(jobs):
        try:
            receipt = _take_in(service, sender, json.dumps(job).encode(), None)
        except NeuroShortsError as error:
            problem = problem_of(error)
            told.append(BatchItem(index=index, status=problem.status, problem=problem))
        else:
            accepted = _accepted(receipt, sender.base_url)
            told.append(BatchItem(index=index, status=_status_of(receipt), accepted=accepted))
    return told


def _jobs_of(body: bytes) -> list[Any]:
    jobs = read_json(body)
    if isinstance(jobs, Mapping) and jobs.keys() == {"jobs"}:
        jobs = jobs["jobs"]
    if not isinstance(jobs, list) or not 1 <= len(jobs) <= MAX_BATCH_JOBS:
        if isinstance(jobs, Mapping) and "scenes" in jobs:
            raise InvalidJob([Problem("", "bad_batch", "this is one job: send it to POST /render")])
        told = f'a batch is an array of 1 to {MAX_BATCH_JOBS} jobs, or {{"jobs": [...]}} with one'
        raise InvalidJob([Problem("", "bad_batch", told)])
    return jobs
