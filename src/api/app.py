"""The HTTP interface, put together."""

import asyncio
from functools import partial

from fastapi import FastAPI

from .. import __version__
from ..network.guard import Guard
from ..settings import Settings
from ..store.links import ShareLinks
from ..store.secret import signing_secret
from . import callbacks, checks, events, films, jobs, pages, problems, shares, submissions, system
from .cors import allow_origins
from .followers import Followers
from .headers import Rim
from .schemas import describe
from .service import Parts, Service
from .span import Spans


def create_app(settings: Settings, parts: Parts) -> FastAPI:
    """Build the application of what a root has made.

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
    links, guard = ShareLinks(signing_secret(settings)), Guard(settings.fetch_allow_hosts)
    app.state.service = Service(
        **vars(parts),
        settings=settings,
        links=links,
        guard=guard,
        followers=Followers(),
        stopping=asyncio.Event(),
    )
    for part in (system, pages, submissions, checks, jobs, callbacks, events, films, shares):
        app.include_router(part.router)
    problems.install(app)
    allow_origins(app, settings.cors_origins)
    app.add_middleware(Rim)
    app.add_middleware(Spans, parts.metrics)
    app.openapi = partial(describe, app)  # type: ignore[method-assign]
    return app
