"""How a job comes along, told at every change: as server-sent events and over a WebSocket."""

import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import urlsplit

import anyio
from fastapi import APIRouter, Header, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from ..errors import Busy, UnknownJob
from ..models.status import TERMINAL, JobError, State
from ..store.jobs.database import AWAY
from ..store.jobs.previews import AT_WORK
from .access import Reader
from .problems import documented, problem_of
from .service import JobId, Service, Serving, well_formed

_log = logging.getLogger(__name__)

#: Seconds between two looks at a job.
_LOOK_SECONDS = 0.5
#: Seconds of silence after which a proxy might take a stream for dead.
_HEARTBEAT_SECONDS = 15.0
#: Codes that a WebSocket is closed with. Source: RFC 6455; 4000 and up are ours, after those of HTTP.
_ENDED, _FORBIDDEN, _BUSY, _UNKNOWN_JOB = 1000, 1008, 1013, 4404

router = APIRouter(tags=["jobs"])


class JobEvent(BaseModel):
    """How far a job is."""

    id: str
    status: State
    stage: str
    progress: float
    attempts: int
    error: JobError | None = None
    """Why it failed, or what holds it up and is tried again."""
    preview_url: str | None = None
    """The frame that was painted last, another address for each; null before the first, and at the end."""


@router.get(
    "/jobs/{id}/events",
    summary="Follow a job as server-sent events",
    response_class=StreamingResponse,
    response_description="An event `status` at every change; the stream ends when the job has",
    responses={
        200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}},
        204: {"description": "The job has ended, and the last event was read: do not connect again"},
        **documented(404),
    },
)
async def server_sent_events(
    request: Request,
    service: Serving,
    owner: Reader,
    id: JobId,
    last_event_id: Annotated[str | None, Header(description="Sent by a browser that connects again.")] = None,
) -> Response:
    """Tell the present state at once, and every change of it; a WebSocket at this path gets the same."""
    base_url = service.base_url(request)
    event = await run_in_threadpool(_look, service, owner, id, base_url)
    if event.status in TERMINAL and last_event_id == event.status:
        return Response(status_code=204)
    service.followers.refuse_more()
    stream = _written(follow(service, owner, event, base_url))
    return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@router.websocket("/jobs/{id}/events")
async def websocket_events(socket: WebSocket, id: str, service: Serving, owner: Reader) -> None:
    """Send the same events as JSON messages; a job that is not there is told as a problem document."""
    if not _is_same_site(socket, service):
        await socket.close(_FORBIDDEN, "this page is not of this service")
        return
    await socket.accept()
    base_url = service.base_url(socket)
    try:
        event = await run_in_threadpool(_look, service, owner, await well_formed(id), base_url)
        service.followers.refuse_more()
    except (UnknownJob, Busy) as error:
        await socket.send_text(problem_of(error).model_dump_json())
        await socket.close(_UNKNOWN_JOB if isinstance(error, UnknownJob) else _BUSY, error.code)
        return
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_cancel_when_gone, socket, tasks.cancel_scope)
        with contextlib.suppress(WebSocketDisconnect):
            await _send_all(socket, service, follow(service, owner, event, base_url))
        tasks.cancel_scope.cancel()


async def follow(
    service: Service, owner: str | None, event: JobEvent, base_url: str
) -> AsyncIterator[JobEvent | None]:
    """Tell a job's state at every change until it has ended or the service stops; None after a silence."""
    with service.followers.one_more():
        async for told in _changes(service, owner, event, base_url):
            yield told


async def _changes(
    service: Service, owner: str | None, event: JobEvent, base_url: str
) -> AsyncIterator[JobEvent | None]:
    told, silent_since = None, anyio.current_time()
    while not service.stopping.is_set():
        if event != told:
            yield event
            told, silent_since = event, anyio.current_time()
        elif anyio.current_time() - silent_since >= _HEARTBEAT_SECONDS:
            yield None
            silent_since = anyio.current_time()
        if event.status in TERMINAL:
            return
        with anyio.move_on_after(_LOOK_SECONDS):
            await service.stopping.wait()
        try:
            event = await run_in_threadpool(_look, service, owner, event.id, base_url)
        except UnknownJob:
            return
        except AWAY as error:
            # The database may be back at the next look.
            _log.warning("database_away", extra={"reason": str(error)})


def _look(service: Service, owner: str | None, id: str, base_url: str) -> JobEvent:
    status = service.desk.status(id, owner)
    shown_ms = service.previews.shown_ms(id) if status.status in AT_WORK else None
    return JobEvent(
        id=id,
        status=status.status,
        stage=status.stage,
        progress=status.progress,
        attempts=status.attempts,
        error=status.error,
        preview_url=f"{base_url}/jobs/{id}/preview.jpg?at={shown_ms}" if shown_ms else None,
    )


async def _written(events: AsyncIterator[JobEvent | None]) -> AsyncIterator[str]:
    async for event in events:
        if event is None:
            yield ": still here\n\n"
        else:
            yield f"id: {event.status}\nevent: status\ndata: {event.model_dump_json()}\n\n"


async def _send_all(socket: WebSocket, service: Service, events: AsyncIterator[JobEvent | None]) -> None:
    async for event in events:
        if event:
            await socket.send_text(event.model_dump_json())
    # A server that stops closes its WebSockets by itself.
    if not service.stopping.is_set():
        await socket.close(_ENDED)


async def _cancel_when_gone(socket: WebSocket, scope: anyio.CancelScope) -> None:
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
    scope.cancel()


def _is_same_site(socket: WebSocket, service: Service) -> bool:
    """Tell whether a page that may asks, or no page: browsers let any page open a WebSocket."""
    origin, own = socket.headers.get("origin"), service.base_url(socket)
    if origin is None or origin in service.settings.cors_origins:
        return True
    return origin.partition("://")[2] == urlsplit(own).netloc
