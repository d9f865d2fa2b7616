"""The outermost layer: headers that every answer carries, and what happens when the service breaks."""

import logging

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .problems import broken

_log = logging.getLogger(__name__)

_NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
#: A browser that opens a film draws its own page around it.
_MEDIA = f"{_NOTHING}; media-src 'self'; img-src 'self'; style-src 'unsafe-inline'"
#: Swagger UI sets styles of its elements by itself.
_DOCS = (
    f"{_NOTHING}; connect-src 'self'; img-src 'self' data:; script-src 'self'; "
    "style-src 'self' 'unsafe-inline'"
)
_POLICIES = {"text/html": _DOCS, "video": _MEDIA, "image": _MEDIA}
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}


class Rim:
    """Adds security headers; turns an error that nobody foresaw into an answer that tells nothing of it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_answering = False

        async def send_with_headers(message: Message) -> None:
            nonlocal is_answering
            if message["type"] == "http.response.start":
                is_answering = True
                _add_headers(MutableHeaders(scope=message))
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except ClientDisconnect:
            pass
        except Exception:
            if is_answering:
                raise
            _log.exception("request_broke", extra={"method": scope["method"], "path": scope["path"]})
            await broken()(scope, receive, send_with_headers)


def _add_headers(headers: MutableHeaders) -> None:
    media_type = headers.get("content-type", "").partition(";")[0]
    for name, value in _ALWAYS.items():
        headers[name] = value
    family = media_type.partition("/")[0]
    headers["Content-Security-Policy"] = _POLICIES.get(media_type, _POLICIES.get(family, _NOTHING))
    headers.setdefault("Cache-Control", "no-store")
