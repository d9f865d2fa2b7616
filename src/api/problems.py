"""Every answer that is an error: a problem document with a stable `code`. Source: RFC 9457."""

import logging
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from ..errors import (
    Busy,
    InvalidJob,
    KeyReused,
    NeuroShortsError,
    Problem,
    RejectedJob,
    UnknownJob,
)
from ..models.wording import in_words
from ..store.jobs.database import AWAY
from ..store.jobs.depth import QueueFull
from ..store.jobs.quotas import QuotaReached
from ..store.links import LinkRefused

_log = logging.getLogger(__name__)

#: Media type of an error.
PROBLEM_TYPE = "application/problem+json"
#: Problems of one job that are told.
_MOST_PROBLEMS = 50
#: Seconds after which a caller may try again: a queue that is full moves slowly, a database is soon back.
_RETRY_AFTER_SECONDS = {429: "30", 503: "5"}

#: What could be the `id` that a caller gave its job, and can be asked for as it is.
_CALLERS_ID = re.compile(r"[A-Za-z0-9_.:-]{1,200}")

_MEANINGS = {
    401: "A key is missing, wrong or revoked",
    403: "The key lacks a scope, the host is not this service's, or the link is altered or has expired",
    404: "There is nothing of that name",
    409: "The state of the job does not allow it",
    413: "The body is too large",
    415: "The body is not JSON by its headers",
    416: "The file has no such range of bytes",
    422: "The request or the job is wrong; every problem is told with its place",
    429: "Too many requests, or too many jobs wait or are being checked already",
    500: "The service broke on this request",
    503: "The service cannot work now; try again later",
}
_SCHEMA_REF = {"$ref": "#/components/schemas/ProblemDocument"}


class ProblemItem(BaseModel):
    """One thing that is wrong."""

    path: str
    """JSON path in the job, or name of the parameter; empty for the whole."""
    code: str
    """Stable across versions."""
    message: str
    """What to do about it."""


class ProblemDocument(BaseModel):
    """What every error is told as."""

    type: str
    title: str
    status: int
    code: str
    """Stable across versions, for programs."""
    detail: str
    """For people."""
    problems: list[ProblemItem] = []
    """Everything that is wrong with a job or a request."""


class Refusal(NeuroShortsError):
    """A request that is answered with an error of HTTP alone."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = headers


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the errors of a route for OpenAPI; those that any route may give are added."""
    content = {PROBLEM_TYPE: {"schema": _SCHEMA_REF}}
    return {
        status: {"description": _MEANINGS[status], "content": content} for status in (*statuses, 500, 503)
    }


def problem_of(error: NeuroShortsError) -> ProblemDocument:
    """Tell an error as a problem document."""
    problems = error.problems if isinstance(error, InvalidJob) else ()
    if isinstance(error, RejectedJob) and error.path and not problems:
        problems = (Problem(error.path, error.code, error.message),)
    detail = str(InvalidJob(problems[:_MOST_PROBLEMS])) if problems else error.message
    if isinstance(error, UnknownJob) and _CALLERS_ID.fullmatch(error.id):
        detail += f": ask GET /jobs?job_id={error.id} for the `id` of your own"
    return _document(_status_of(error), error.code, detail, problems)


def _status_of(error: NeuroShortsError) -> int:
    if error.code == "job_too_large":
        return 413
    match error:
        case Refusal(status=status):
            return status
        case LinkRefused():
            return 403
        case UnknownJob():
            return 404
        case KeyReused():
            return 409
        case QueueFull() | QuotaReached() | Busy():
            return 429
        case RejectedJob():
            return 422
    return 503 if error.retryable else 500


def _document(status: int, code: str, detail: str, problems: Sequence[Problem] = ()) -> ProblemDocument:
    return ProblemDocument(
        type=f"urn:neuroshorts:problem:{code}",
        title=_MEANINGS.get(status, HTTPStatus(status).phrase),
        status=status,
        code=code,
        detail=detail,
        problems=[ProblemItem(**problem._asdict()) for problem in problems[:_MOST_PROBLEMS]],
    )


def answer(document: ProblemDocument, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Answer with a problem document."""
    told = dict(headers or {})
    if document.status in _RETRY_AFTER_SECONDS:
        told.setdefault("Retry-After", _RETRY_AFTER_SECONDS[document.status])
    return JSONResponse(document.model_dump(), document.status, told, PROBLEM_TYPE)


def broken() -> JSONResponse:
    """Answer that the service broke, and nothing about its inside."""
    detail = "the service broke on this request; its log tells more"
    return answer(_document(500, "internal_error", detail))


def install(app: FastAPI) -> None:
    """Have every error answered as a problem document."""
    app.exception_handler(NeuroShortsError)(_on_error)
    app.exception_handler(HTTPException)(_on_http)
    app.exception_handler(RequestValidationError)(_on_wrong_request)
    for away in AWAY:
        app.exception_handler(away)(_on_database_away)


async def _on_error(_: Request, error: NeuroShortsError) -> JSONResponse:
    return answer(problem_of(error), _headers_of(error))


def _headers_of(error: NeuroShortsError) -> Mapping[str, str] | None:
    match error:
        case Refusal(headers=headers):
            return headers
        case QuotaReached(retry_after_seconds=seconds):
            return {"Retry-After": str(seconds)}
    return None


async def _on_http(request: Request, error: HTTPException) -> JSONResponse:
    code = HTTPStatus(error.status_code).name.lower()
    detail = {
        404: f"there is no {request.url.path!r}: GET / lists where to begin",
        405: f"{request.method} is not allowed here: see the Allow header",
    }.get(error.status_code, str(error.detail))
    return answer(_document(error.status_code, code, detail), error.headers)


async def _on_wrong_request(_: Request, error: RequestValidationError) -> JSONResponse:
    problems = [
        Problem(
            ".".join(str(part) for part in wrong["loc"][1:]),
            wrong["type"],
            in_words(wrong["type"], wrong["input"], wrong.get("ctx", {}), wrong["msg"]),
        )
        for wrong in error.errors()
    ]
    detail = "; ".join(f"{problem.path}: {problem.message}" for problem in problems[:_MOST_PROBLEMS])
    return answer(_document(422, "invalid_request", detail, problems))


async def _on_database_away(_: Request, error: Exception) -> JSONResponse:
    _log.warning("database_away", extra={"reason": str(error)})
    return answer(_document(503, "unavailable", "the database does not answer: try again later"))
