"""Who asks. The one place that knows: every route names its caller by one of the types below.

Keys come in headers only, never in an address, where logs and histories would keep them. A page in a browser
cannot set headers of a WebSocket: with a key it reads the server-sent events at the same address by `fetch`.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends
from fastapi.concurrency import run_in_threadpool
from fastapi.openapi.models import APIKey, APIKeyIn, HTTPBearer
from fastapi.security.base import SecurityBase
from starlette.requests import HTTPConnection

from ..store.keys import Scope
from .door import Caller
from .problems import Refusal
from .service import Serving


class _Bearer(SecurityBase):
    """Reads a key from `Authorization`. Unlike FastAPI's own class it reads it of a WebSocket, too."""

    model = HTTPBearer(description="A key: `neuroshorts keys create NAME` makes one.")
    scheme_name = "bearer"

    async def __call__(self, connection: HTTPConnection) -> str | None:
        """Take the key; other schemes are for proxies in front of the service."""
        scheme, _, text = connection.headers.get("authorization", "").partition(" ")
        return text.strip() if scheme.lower() == "bearer" else None


class _KeyHeader(SecurityBase):
    """Reads a key from a header of its own."""

    model = APIKey.model_validate(
        {"in": APIKeyIn.header, "name": "X-API-Key", "description": "The same key."}
    )
    scheme_name = "apiKey"

    async def __call__(self, connection: HTTPConnection) -> str | None:
        """Take the key."""
        return connection.headers.get(self.model.name)


async def _caller(
    connection: HTTPConnection,
    service: Serving,
    bearer: Annotated[str | None, Depends(_Bearer())],
    own_header: Annotated[str | None, Depends(_KeyHeader())],
) -> Caller:
    text = bearer if bearer is not None else own_header
    if text is None:
        return service.door.admit_without_key(connection.headers.get("host", ""))
    return await run_in_threadpool(service.door.admit, text)


def _caller_with(*needed: Scope) -> Callable[[Caller], Awaitable[Caller]]:
    async def permitted(caller: Annotated[Caller, Depends(_caller)]) -> Caller:
        missing = [scope.value for scope in needed if scope not in caller.scopes]
        if missing:
            told = f"this key lacks the scope {' and '.join(missing)}: use one that has it"
            challenge = f'Bearer error="insufficient_scope", scope="{" ".join(needed)}"'
            raise Refusal(403, "scope_missing", told, {"WWW-Authenticate": challenge})
        return caller

    return permitted


def _sight_with(*needed: Scope) -> Callable[[Caller], Awaitable[str | None]]:
    async def seen(caller: Annotated[Caller, Depends(_caller_with(*needed))]) -> str | None:
        return caller.sees

    return seen


#: Who hands jobs in, and may see none of them.
Submitter = Annotated[Caller, Depends(_caller_with(Scope.SUBMIT))]
#: Owner whose jobs and films are read; None is everybody. Also asked for by WebSockets.
Reader = Annotated[str | None, Depends(_sight_with(Scope.READ))]
#: Owner whose jobs are cancelled, retried, told again; None is everybody. Who changes them sees them.
Owner = Annotated[str | None, Depends(_sight_with(Scope.SUBMIT, Scope.READ))]
#: Who looks after the service.
Admin = Annotated[Caller, Depends(_caller_with(Scope.ADMIN))]
