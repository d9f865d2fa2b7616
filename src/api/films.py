"""Finished files of a job: film, poster, captions; in parts, too, as players ask for them."""

import logging
import os
import re
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from ..models.output import MEDIA_TYPES, UNKNOWN_TYPE, SidecarKind
from ..models.status import JobStatus, RenderResult, State
from ..store.jobs.previews import AT_WORK
from ..store.links import FileKind, is_elsewhere
from .access import Reader
from .problems import Refusal, documented
from .service import JobId, Service, Serving

_log = logging.getLogger(__name__)

_PART = re.compile(r"[ ]*([0-9]{0,18})-([0-9]{0,18})[ ]*")

router = APIRouter(tags=["films"])


def file_responses(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """Describe the answers of a route that gives files for OpenAPI."""
    content: dict[str, Any] = {
        name: {"schema": {"type": "string", "format": "binary"}} for name in media_types
    }
    return {
        200: {"description": "The file", "content": content},
        206: {"description": "The asked part of the file", "content": content},
        304: {"description": "The file is the one of `If-None-Match`"},
        307: {"description": "The file is elsewhere"},
        **documented(404, 409, 416),
    }


FILMS = ("video/mp4", "video/quicktime", "video/webm")
CAPTIONS = ("application/x-subrip", "text/vtt", "text/x-ssa", "application/json")


@router.head("/jobs/{id}/video", include_in_schema=False)
@router.get(
    "/jobs/{id}/video", summary="Play the film", response_class=FileResponse, responses=file_responses(*FILMS)
)
def video(request: Request, service: Serving, owner: Reader, id: JobId) -> Response:
    """Give the finished film, or a part of it."""
    return answer_file(request, service, service.desk.status(id, owner), "film")


@router.head("/jobs/{id}/preview.jpg", include_in_schema=False)
@router.get(
    "/jobs/{id}/preview.jpg",
    summary="Show a frame of the film",
    response_class=FileResponse,
    responses=file_responses("image/jpeg"),
)
def preview(request: Request, service: Serving, owner: Reader, id: JobId) -> Response:
    """Give the frame that was painted last while the film is made, and the poster when it is finished."""
    status = service.desk.status(id, owner)
    frame = service.previews.get(id) if status.status in AT_WORK else None
    if frame is None:
        return answer_file(request, service, status, "poster")
    return Response(frame.jpeg, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


@router.head("/jobs/{id}/poster", include_in_schema=False)
@router.get(
    "/jobs/{id}/poster",
    summary="Show the poster",
    response_class=FileResponse,
    responses=file_responses("image/jpeg"),
)
def poster(request: Request, service: Serving, owner: Reader, id: JobId) -> Response:
    """Give the poster of a finished film."""
    return answer_file(request, service, service.desk.status(id, owner), "poster")


@router.head("/jobs/{id}/sidecars/{kind}", include_in_schema=False)
@router.get(
    "/jobs/{id}/sidecars/{kind}",
    summary="Give a caption file",
    response_class=FileResponse,
    responses={**file_responses(*CAPTIONS), **documented(422)},
)
def sidecar(request: Request, service: Serving, owner: Reader, id: JobId, kind: SidecarKind) -> Response:
    """Give a caption file that the job asked for."""
    return answer_file(request, service, service.desk.status(id, owner), kind)


def answer_file(request: Request, service: Service, status: JobStatus, kind: FileKind) -> Response:
    """Answer with a file of a job, with a part of it, or with where it is.

    Raises:
        Refusal: the job is not done, has no such file or has it no more, or the file no such part.
    """
    address = address_of(status, kind)
    if is_elsewhere(address):
        return RedirectResponse(address, 307)
    file, known = _found(service.settings.data_dir / "jobs" / status.id, Path(address))
    _refuse_bad_range(request.headers.get("range", ""), known.st_size)
    suffix = file.suffix.lower()
    response = FileResponse(
        file,
        headers={"Cache-Control": "private, no-cache"},
        media_type=MEDIA_TYPES.get(suffix, UNKNOWN_TYPE),
        filename=f"{status.job_id or status.id}{'.words' if kind == 'words' else ''}{suffix}",
        stat_result=known,
        content_disposition_type="inline",
    )
    etag, held = response.headers["etag"], request.headers.get("if-none-match", "").split(",")
    # A proxy that compresses marks tags as weak.
    if etag in (tag.strip().removeprefix("W/") for tag in held):
        return Response(status_code=304, headers={"ETag": etag, "Cache-Control": "private, no-cache"})
    return response


def address_of(status: JobStatus, kind: FileKind) -> str:
    """Tell where a file of a finished job is: its path, or a URL.

    Raises:
        Refusal: the job is not done, or has no such file.
    """
    if status.status in {State.FAILED, State.CANCELLED}:
        raise Refusal(404, "no_film", f"the job is {status.status.value}, so there is no film")
    if status.result is None:
        told = f"the job is {status.status.value}: ask again when it is done"
        raise Refusal(409, "not_finished", told)
    address = _addresses(status.result).get(kind)
    if not address:
        raise Refusal(404, "no_such_file", f"the job made no {kind}: name it in `output` to get one")
    return address


def _addresses(result: RenderResult) -> dict[str, str | None]:
    here = [url for url in (result.url, *result.urls) if not is_elsewhere(url)]
    return {"film": (here or [result.url])[0], "poster": result.poster_url, **result.sidecars}


def _found(folder: Path, named: Path) -> tuple[Path, os.stat_result]:
    file = named.resolve()
    if not file.is_relative_to(folder.resolve()):
        _log.warning("file_outside_of_its_job", extra={"file": str(file), "folder": str(folder)})
    elif file.is_file():
        return file, file.stat()
    raise Refusal(404, "file_gone", "the file is not kept here any more: retry the job")


def _refuse_bad_range(asked: str, size_bytes: int) -> None:
    unit, _, parts = asked.partition("=")
    if asked and not (unit == "bytes" and all(_is_within(part, size_bytes) for part in parts.split(","))):
        told = f"the file has {size_bytes} bytes: ask for a range such as bytes=0-1023"
        raise Refusal(416, "range_not_satisfiable", told, {"Content-Range": f"bytes */{size_bytes}"})


def _is_within(part: str, size_bytes: int) -> bool:
    match _PART.fullmatch(part):
        case None:
            return False
        case found if found[1]:
            return int(found[1]) < size_bytes and (not found[2] or int(found[1]) <= int(found[2]))
        case found:
            return bool(found[2]) and int(found[2]) > 0 and size_bytes > 0
