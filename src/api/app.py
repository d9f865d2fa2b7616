"""The HTTP interface: jobs checked without a file being opened, and what this build can do."""

from typing import Any, get_args

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from .. import __version__
from ..engines.visuals.moviepy_clip import factories
from ..engines.visuals.palettes import PALETTES
from ..engines.visuals.procedural import families as background_families
from ..errors import InvalidJob, Problem, RejectedJob
from ..media.fonts import families as font_families
from ..models.captions import CaptionStyleName
from ..models.job import MAX_JOB_BYTES, RenderJob, parse_job
from ..models.sound import Mood
from ..models.visual import TransitionType
from ..plan.support import refuse_unsupported

#: Media type of an error. Source: RFC 9457.
PROBLEM_TYPE = "application/problem+json"
#: Problems of one job that are told.
_MOST_PROBLEMS = 50


def create_app() -> FastAPI:
    """Build the application."""
    app = FastAPI(
        title="NeuroShorts",
        version=__version__,
        description="Turns a JSON job into a finished vertical short.",
    )
    app.get("/healthz", summary="Tell that the process answers")(healthz)
    app.get("/capabilities", summary="List what a job may name")(capabilities)
    app.post(
        "/render/validate",
        summary="Check a job without opening the files that it names",
        openapi_extra={"requestBody": {"content": {"application/json": {"schema": _job_schema()}}}},
        responses={413: {"description": "The body is too large"}, 422: {"description": "The job is wrong"}},
    )(validate)
    return app


def _job_schema() -> dict[str, Any]:
    return {"type": "object", "title": "RenderJob", "example": {"scenes": [{"text": "Hello"}]}}


def healthz() -> dict[str, str]:
    """Answer."""
    return {"status": "ok", "version": __version__}


def capabilities() -> dict[str, Any]:
    """List fonts, backgrounds, palettes, clips, styles, transitions and moods by name, and the schema."""
    return {
        "fonts": font_families(),
        "backgrounds": background_families(),
        "palettes": list(PALETTES),
        "moviepy": sorted(factories()),
        "caption_styles": get_args(CaptionStyleName),
        "transitions": get_args(TransitionType),
        "moods": get_args(Mood),
        "job_schema": RenderJob.model_json_schema(by_alias=False),
    }


async def validate(request: Request) -> Response:
    """Check a job's schema, names and features; 422 tells every problem by its JSON path."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_JOB_BYTES:
            return _problem_response(
                413, [Problem("", "job_too_large", f"a job may have {MAX_JOB_BYTES} bytes")]
            )
    # A large job takes a while to read: not on the loop that answers everybody else.
    return await run_in_threadpool(_verdict, bytes(body))


def _verdict(body: bytes) -> Response:
    try:
        job = parse_job(body)
        refuse_unsupported(job)
    except InvalidJob as error:
        return _problem_response(422, error.problems)
    except RejectedJob as error:
        return _problem_response(422, [Problem(error.path, error.code, error.message)])
    return JSONResponse({"valid": True, "scenes": len(job.scenes)})


def _problem_response(status: int, problems: list[Problem] | tuple[Problem, ...]) -> JSONResponse:
    first, problems = problems[0], problems[:_MOST_PROBLEMS]
    told = {
        "type": f"urn:neuroshorts:problem:{first.code}",
        "title": "The job cannot be rendered as written",
        "status": status,
        "code": first.code,
        "detail": str(InvalidJob(problems)),
        "problems": [problem._asdict() for problem in problems],
    }
    return JSONResponse(told, status, media_type=PROBLEM_TYPE)
