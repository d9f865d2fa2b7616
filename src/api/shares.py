"""Links that play a film without a key."""

import time
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, Response
from pydantic import AliasChoices, BaseModel, Field, ValidationError

from ..store.links import DEFAULT_SECONDS, Shared
from .access import Reader
from .bodies import json_body, read_body
from .films import CAPTIONS, FILMS, address_of, answer_file, file_responses
from .problems import documented
from .service import JobId, Serving

#: Longest time for which a link may be valid: 30 days.
MAX_SECONDS = 30 * 24 * 3600
_MAX_ORDER_BYTES = 4096

router = APIRouter(tags=["films"])


class ShareOrder(BaseModel, extra="forbid"):
    """For how long a link is wanted."""

    expires_in: Annotated[
        int,
        Field(
            ge=1,
            le=MAX_SECONDS,
            strict=True,
            validation_alias=AliasChoices("expires_in", "expiresIn"),
        ),
    ] = DEFAULT_SECONDS
    """Seconds."""


class ShareLink(BaseModel):
    """A link that plays the film until it expires."""

    url: str
    expires_at: datetime


@router.post(
    "/jobs/{id}/share",
    summary="Make a link to the film",
    responses=documented(404, 409, 413, 415, 422),
    openapi_extra=json_body({"$ref": "#/components/schemas/ShareOrder"}, is_required=False),
)
async def share(request: Request, service: Serving, owner: Reader, id: JobId) -> ShareLink:
    """Make a link that anybody may open until it expires; without a body it is valid for 7 days."""
    order = await _order(request)
    address_of(await run_in_threadpool(service.desk.status, id, owner), "film")
    expires_at = int(time.time()) + order.expires_in
    url = service.links.url(service.base_url(request), Shared(id, "film"), expires_at)
    return ShareLink(url=url, expires_at=datetime.fromtimestamp(expires_at, UTC))


async def _order(request: Request) -> ShareOrder:
    if "transfer-encoding" not in request.headers and request.headers.get("content-length", "0") == "0":
        return ShareOrder()
    try:
        return ShareOrder.model_validate_json(await read_body(request, _MAX_ORDER_BYTES))
    except ValidationError as error:
        told = [{**wrong, "loc": ("body", *wrong["loc"])} for wrong in error.errors()]
        raise RequestValidationError(told) from error


@router.head("/share/{token}", include_in_schema=False)
@router.get(
    "/share/{token}",
    summary="Play what a link leads to",
    response_class=FileResponse,
    responses={**file_responses(*FILMS, "image/jpeg", *CAPTIONS), **documented(403)},
)
def shared(request: Request, service: Serving, token: str) -> Response:
    """Give the film, poster or caption file that a signed link names; no key is needed."""
    wanted = service.links.read(token)
    return answer_file(request, service, service.desk.shared_status(wanted.id), wanted.kind)
