"""Jobs that are only checked: everything short of rendering, in a process that may be lost."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool

from ..admission import refuse_inadmissible
from ..models.job import MAX_JOB_BYTES
from ..models.outlook import Outlook
from ..plan.jobtext import job_in
from .access import Submitter
from .bodies import json_body, read_body
from .problems import documented
from .service import Service, Serving
from .submissions import JOB

router = APIRouter(tags=["render"])


@router.post(
    "/render/validate",
    summary="Check a job and tell what its film will be",
    response_description="The job can be rendered",
    responses=documented(413, 415, 422, 429),
    openapi_extra=json_body(JOB),
)
async def validate(request: Request, service: Serving, _: Submitter) -> Outlook:
    """Open and measure what a job names, speak and plan it; 422 tells every problem by its JSON path.

    Only a few jobs are checked at the same time, each for half a minute at most; 429 asks to come again.
    """
    body = await read_body(request, MAX_JOB_BYTES)
    # Most mistakes are in the JSON: they are told at once, without a process.
    await run_in_threadpool(_refuse_inadmissible, body, service)
    async with _giving_up(request, service) as given_up:
        return await run_in_threadpool(service.check, body, given_up)


def _refuse_inadmissible(body: bytes, service: Service) -> None:
    refuse_inadmissible(job_in(body), service.guard, service.settings)


@contextlib.asynccontextmanager
async def _giving_up(request: Request, service: Service) -> AsyncIterator[threading.Event]:
    """Give an event that is set when the caller goes away, the service stops, or the block ends."""
    given_up = threading.Event()

    async def caller_is_gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    watches = [asyncio.ensure_future(gone) for gone in (caller_is_gone(), service.stopping.wait())]
    for watch in watches:
        watch.add_done_callback(lambda _: given_up.set())
    try:
        yield given_up
    finally:
        given_up.set()
        for watch in watches:
            watch.cancel()
