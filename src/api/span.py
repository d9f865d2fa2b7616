"""Each request is a span of its caller's trace, an event in the log, and counted."""

import logging
import time
from typing import Annotated

from fastapi import Depends
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .. import log
from ..metrics import Metrics
from ..trace import TraceContext

_log = logging.getLogger(__name__)

#: Asked for by machines every few seconds.
_WATCHED = frozenset({"/healthz", "/readyz", "/metrics"})
#: Methods that are told by their name; anybody can make up others.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OTHER = "other"


class _Answer:
    """What is known of an answer while it is sent."""

    def __init__(self) -> None:
        self._begun = time.perf_counter()
        self.status = 0
        """0 until it begins: a caller that goes away sooner gets none."""
        self.until_begun_seconds = 0.0
        self.sent_bytes = 0

    @property
    def seconds(self) -> float:
        """Seconds since the request came in."""
        return time.perf_counter() - self._begun

    def note(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.until_begun_seconds = message["status"], self.seconds
        elif message["type"] == "http.response.body":
            self.sent_bytes += len(message.get("body", b""))


class Spans:
    """Binds `trace_id` to all that is logged for a request, and tells of the request when it is answered."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).getlist("traceparent")
        span = TraceContext.below(given[0] if len(given) == 1 else "")
        scope.setdefault("state", {})["traceparent"] = span.traceparent
        with log.bound(trace_id=span.trace_id):
            if scope["type"] == "http":
                await self._answer(scope, receive, send, span)
            else:
                await self._app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, span: TraceContext) -> None:
        answer = _Answer()

        async def send_noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["traceparent"] = span.traceparent
            answer.note(message)
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        finally:
            self._tell(scope, answer)

    def _tell(self, scope: Scope, answer: _Answer) -> None:
        method = scope["method"] if scope["method"] in _METHODS else _OTHER
        # Never the path itself: links that play films without a key are paths.
        route = getattr(scope.get("route"), "path", _OTHER)
        if answer.status:
            self._metrics.request_answered(method, route, answer.status, answer.until_begun_seconds)
        fields = {
            "method": method,
            "route": route,
            "status": answer.status,
            "seconds": round(answer.seconds, 4),
            "bytes": answer.sent_bytes,
        }
        _log.log(logging.DEBUG if route in _WATCHED else logging.INFO, "request_answered", extra=fields)


async def _traceparent_of(connection: HTTPConnection) -> str:
    traceparent: str = connection.state.traceparent
    return traceparent


#: What a request passes on to the work that it asks for.
Traceparent = Annotated[str, Depends(_traceparent_of)]
