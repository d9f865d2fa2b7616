"""What every route works with."""

import asyncio
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from ..errors import UnknownJob
from ..metrics import Metrics
from ..models.outlook import Outlook
from ..network.guard import Guard
from ..settings import Settings
from ..store.jobs.desk import JobDesk
from ..store.jobs.previews import Previews
from ..store.links import ShareLinks
from ..store.webhooks import Webhooks
from .door import Door
from .followers import Followers

#: What may stand in a `Host` header that links are made from.
_HOST = re.compile(r"[A-Za-z0-9._-]{1,255}(?::[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](?::[0-9]{1,5})?")
_JOB_ID = re.compile(r"[0-9a-f]{32}")


#: Does everything with a job short of rendering, until the event is set; raises what is wrong with it.
Check = Callable[[bytes, threading.Event], Outlook]


@dataclass(frozen=True)
class Parts:
    """What a root makes for the application."""

    desk: JobDesk
    """Where jobs are handed in and asked after."""
    door: Door
    """Decides who is let in."""
    metrics: Metrics
    previews: Previews
    """Where workers show frames of films in the making."""
    webhooks: Webhooks
    """How callers were told of their jobs."""
    check: Check
    wake: Callable[[], None]
    """Called from any thread after a submission, so that a worker in this process looks at once."""


@dataclass(frozen=True)
class Service(Parts):
    """What every route finds."""

    settings: Settings
    links: ShareLinks
    guard: Guard
    """Knows whom jobs may have called."""
    followers: Followers
    stopping: asyncio.Event
    """Set when the server stops: streams of events end then."""

    def base_url(self, connection: HTTPConnection) -> str:
        """Tell what links begin with: what the operator set, or the address that was asked."""
        if self.settings.public_url:
            return self.settings.public_url.rstrip("/")
        host = connection.headers.get("host", "")
        prefix = connection.scope.get("root_path", "").rstrip("/")
        return f"{connection.scope['scheme']}://{host if _HOST.fullmatch(host) else 'localhost'}{prefix}"


async def _service_of(connection: HTTPConnection) -> Service:
    service: Service = connection.app.state.service
    return service


async def well_formed(id: str) -> str:
    """Take the name of a job from an address, unless it cannot be one: PostgreSQL would choke on some.

    Raises:
        UnknownJob: no job has such a name.
    """
    if _JOB_ID.fullmatch(id):
        return id
    raise UnknownJob(id)


Serving = Annotated[Service, Depends(_service_of)]
JobId = Annotated[str, Depends(well_formed)]
