"""Jobs that were handed in: listed, told, cancelled, handed in again."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from ..admission import admitted
from ..models.status import TERMINAL, JobStatus, State
from ..store.jobs.listing import MOST_OF_A_PAGE, Wanted
from .access import Owner, Reader, Submitter
from .problems import Refusal, documented
from .service import JobId, Serving
from .span import Traceparent
from .submissions import Accepted, IdempotencyKey, take_in, told

router = APIRouter(tags=["jobs"])


class JobList(BaseModel):
    """Some jobs, the newest first."""

    jobs: list[JobStatus]
    next: str | None
    """Cursor of the page that follows; null on the last."""


@router.get("/jobs", summary="List jobs", responses=documented(422))
def list_jobs(
    request: Request,
    service: Serving,
    owner: Reader,
    status: Annotated[
        tuple[State, ...],
        Query(max_length=len(State), description="Only these states; may be given several times."),
    ] = (),
    job_id: Annotated[
        str | None,
        Query(
            max_length=200, pattern=r"^[A-Za-z0-9_.:-]*$", description="Only jobs with this `id` of yours."
        ),
    ] = None,
    sort: Annotated[
        Literal["-created_at", "created_at"], Query(description="The newest first, or the oldest.")
    ] = "-created_at",
    limit: Annotated[int, Query(ge=1, le=MOST_OF_A_PAGE)] = 50,
    cursor: Annotated[str | None, Query(max_length=200, description="`next` of the page before.")] = None,
) -> JobList:
    """List jobs page by page: give `next` of a page as `cursor` of the following one."""
    page = service.desk.page(owner, Wanted(status, job_id, sort == "created_at", limit, cursor))
    base_url = service.base_url(request)
    return JobList(jobs=[service.links.told(job, base_url) for job in page.jobs], next=page.following)


@router.get("/jobs/{id}", summary="Tell how a job is", responses=documented(404))
def job_status(request: Request, service: Serving, owner: Reader, id: JobId) -> JobStatus:
    """Tell a job's state and progress, and what came out of it; the links are signed and can be passed on."""
    return service.links.told(service.desk.status(id, owner), service.base_url(request))


@router.delete(
    "/jobs/{id}",
    summary="Cancel a job",
    response_description="The job has ended",
    responses={
        202: {"model": JobStatus, "description": "Its worker was asked to end it"},
        **documented(404),
    },
)
def cancel(request: Request, response: Response, service: Serving, owner: Owner, id: JobId) -> JobStatus:
    """Cancel a job that waits or is worked on; one that has ended stays as it is."""
    before = service.desk.status(id, owner).status
    status = service.desk.cancel(id, owner)
    if before not in TERMINAL and status.status in TERMINAL:
        service.metrics.job_ended(status.status)
    response.status_code = 200 if status.status in TERMINAL else 202
    return service.links.told(status, service.base_url(request))


@router.post(
    "/jobs/{id}/retry",
    status_code=202,
    summary="Hand a failed or cancelled job in again",
    response_description="The new job",
    responses={
        200: {"model": Accepted, "description": "It was handed in again before, under the same key"},
        **documented(404, 409, 422, 429),
    },
)
def retry(
    request: Request,
    response: Response,
    service: Serving,
    caller: Submitter,
    owner: Owner,
    id: JobId,
    traceparent: Traceparent,
    idempotency_key: IdempotencyKey = None,
) -> Accepted:
    """Make a new job of the same body; what the old one had rendered is in the cache.

    Without a key of its own the new job takes over that of the old one: the same body, handed in again under
    that key, is the new job then.
    """
    state = service.desk.status(id, owner).status
    if state not in {State.FAILED, State.CANCELLED}:
        raise Refusal(
            409, "not_retryable", f"the job is {state.value}: only a failed or cancelled one can be retried"
        )
    submission = admitted(
        service.desk.body(id, owner), service.desk.owner_of(id), service.guard, service.settings
    )
    base_url = service.base_url(request)
    submission = submission._replace(
        idempotency_key=idempotency_key,
        in_place_of="" if idempotency_key else id,
        base_url=base_url,
        traceparent=traceparent,
        quota=caller.quota,
    )
    return told(take_in(service, submission), response, base_url)
