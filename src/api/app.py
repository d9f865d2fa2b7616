"""The HTTP interface, put together."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import FastAPI

from .. import __version__
from ..metrics import Metrics
from ..network.guard import Guard
from ..settings import Settings
from ..store.jobs.desk import JobDesk
from ..store.jobs.previews import Previews
from ..store.secret import signing_secret
from ..store.webhooks import Webhooks
from . import callbacks, checks, events, films, jobs, pages, problems, shares, submissions, system
from .cors import allow_origins
from .door import Door
from .headers import Rim
from .links import ShareLinks
from .schemas import describe
from .service import Check, Service
from .span import Spans


def create_app(
    settings: Settings,
    desk: JobDesk,
    wake: Callable[[], Any] = lambda: None,
    *,
    door: Door,
    metrics: Metrics,
    previews: Previews,
    check: Check,
    webhooks: Webhooks,
) -> FastAPI:
    """Build the application.

    Args:
        settings: what the operator set.
        desk: where jobs are handed in and asked after.
        wake: called from any thread after a job was handed in.
        door: decides who is let in.
        metrics: where requests are counted, and what `/metrics` tells.
        previews: where workers show frames of films in the making.
        check: does everything with a job short of rendering, away from this process.
        webhooks: how callers were told of their jobs.

    Raises:
        SecretUnusable: there is no secret to sign links with, and none can be kept.
        WrongAllowance: the setting of hosts that may be called cannot be understood.
    """
    app = FastAPI(
        title="NeuroShorts",
        version=__version__,
        description="Turns a JSON job into a finished vertical short.",
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
    )
    links = ShareLinks(signing_secret(settings))
    guard = Guard(settings.fetch_allow_hosts)
    app.state.service = Service(
        settings, desk, wake, links, asyncio.Event(), door, metrics, previews, check, webhooks, guard
    )
    for part in (system, pages, submissions, checks, jobs, callbacks, events, films, shares):
        app.include_router(part.router)
    problems.install(app)
    allow_origins(app, settings.cors_origins)
    app.add_middleware(Rim)
    app.add_middleware(Spans, metrics)
    app.openapi = partial(describe, app)  # type: ignore[method-assign]
    return app
