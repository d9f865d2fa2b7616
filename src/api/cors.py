"""Pages of other sites that may call the service: none, unless the operator names their origins."""

from collections.abc import Sequence

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

_METHODS = ("GET", "HEAD", "POST", "DELETE")
#: Headers that a page may send, beside those that every page may.
_ASKED = (
    "Authorization",
    "X-API-Key",
    "Content-Type",
    "Idempotency-Key",
    "If-None-Match",
    "If-Range",
    "Last-Event-ID",
    "Range",
    "traceparent",
)
#: Headers that a page may read, beside those that every page may.
_TOLD = ("Accept-Ranges", "Content-Disposition", "Content-Range", "ETag", "Location", "Retry-After")


def allow_origins(app: FastAPI, origins: Sequence[str]) -> None:
    """Answer browsers that ask for pages of these origins; keys come in headers, so cookies stay out."""
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=_METHODS,
            allow_headers=_ASKED,
            expose_headers=_TOLD,
            allow_credentials=False,
        )
