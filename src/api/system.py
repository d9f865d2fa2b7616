"""What the service is, whether it can work, and what a job may name."""

import tempfile
from pathlib import Path
from typing import Any, get_args

from fastapi import APIRouter, Response
from pydantic import BaseModel

from .. import __version__
from ..engines.audio.espeak_voices import voices
from ..engines.subtitle.presets import presets
from ..engines.visuals.effects import EFFECTS
from ..engines.visuals.moviepy_clip import factories
from ..engines.visuals.palettes import PALETTES
from ..engines.visuals.procedural import families as background_families
from ..engines.visuals.transitions import TRANSITIONS
from ..media.fonts import families as font_families
from ..metrics import TEXT_TYPE
from ..models.job import MAX_JOB_BYTES
from ..models.output import SidecarKind
from ..models.sound import Mood
from ..plan.schema import job_schema
from ..settings import Settings
from ..speech.catalogue import Known, catalogue
from ..store.jobs.listing import Wanted
from .access import Admin, Reader
from .problems import Refusal, documented
from .service import Serving
from .shares import MAX_SECONDS as MAX_SHARE_SECONDS
from .submissions import MAX_BATCH_BYTES, MAX_BATCH_JOBS

_TEXT = {"type": "string"}

router = APIRouter(tags=["system"])


class Health(BaseModel):
    """The process answers."""

    status: str
    version: str


@router.get("/", summary="Tell where to begin", responses=documented())
def welcome() -> dict[str, str | dict[str, str]]:
    """Name the service and its first pages."""
    links = {
        "docs": "/docs",
        "openapi": "/openapi.json",
        "capabilities": "/capabilities",
        "jobs": "/jobs",
        "health": "/healthz",
        "readiness": "/readyz",
        "metrics": "/metrics",
    }
    return {"name": "NeuroShorts", "version": __version__, "links": links}


@router.get("/healthz", summary="Tell that the process answers", responses=documented())
async def healthz() -> Health:
    """Answer."""
    return Health(status="ok", version=__version__)


@router.get("/readyz", summary="Tell whether jobs can be taken in", responses=documented())
def readyz(service: Serving) -> Health:
    """Ask the database, and write to the data folder."""
    service.desk.page(wanted=Wanted(limit=1))
    _write_to(service.settings.data_dir)
    return Health(status="ready", version=__version__)


@router.get(
    "/metrics",
    summary="Tell what is counted and measured, for Prometheus",
    response_class=Response,
    responses={
        200: {"description": "Prometheus' text format", "content": {"text/plain": {"schema": _TEXT}}},
        **documented(),
    },
)
def metrics(service: Serving, _: Admin) -> Response:
    """Write all metrics of this process, and what is in the store."""
    return Response(service.metrics.text(), media_type=TEXT_TYPE)


@router.get("/capabilities", summary="List what a job may name", responses=documented())
def capabilities(service: Serving, _: Reader) -> dict[str, Any]:
    """List voices, fonts, styles, all that pictures are made of and with, the limits, and the schema."""
    return {
        "voices": [voice._asdict() for voice in voices()],
        "voice_providers": [_provider(known) for known in catalogue(service.settings)],
        "fonts": font_families(),
        "backgrounds": background_families(),
        "palettes": list(PALETTES),
        "effects": list(EFFECTS),
        "moviepy": sorted(factories()),
        "caption_styles": list(presets(service.settings.styles_folder)),
        "transitions": list(TRANSITIONS),
        "moods": get_args(Mood),
        "sidecars": get_args(SidecarKind),
        "limits": _limits(service.settings),
        "job_schema": job_schema(),
    }


def _provider(known: Known) -> dict[str, str | bool]:
    told = {"provider": known.provider, "voice": known.voice, "model": known.model}
    return {**told, "is_set_up": known.is_set_up}


def _limits(settings: Settings) -> dict[str, int]:
    return {
        "job_bytes": MAX_JOB_BYTES,
        "batch_jobs": MAX_BATCH_JOBS,
        "batch_bytes": MAX_BATCH_BYTES,
        "share_seconds": MAX_SHARE_SECONDS,
        "queued_jobs": settings.max_queued_jobs,
        "pixels": settings.max_pixels,
        "media_seconds": settings.max_media_seconds,
        "media_bytes": settings.max_media_bytes,
        "film_seconds": settings.max_film_seconds,
        "render_seconds": settings.max_render_seconds,
        "retention_days": settings.job_retention_days,
    }


def _write_to(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"ready?")
    except OSError as error:
        told = f"the data folder cannot be written: {error.strerror}"
        raise Refusal(503, "not_ready", told) from error
