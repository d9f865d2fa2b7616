"""Bodies of requests: JSON by their headers, and never more bytes than allowed."""

from email.message import Message
from typing import Any

import anyio
from fastapi import Request

from .problems import Refusal

#: Seconds for which the rest of a body that is too large is thrown away, so that its sender, who may not
#: listen before it has sent everything, gets the answer.
_DISCARD_SECONDS = 5
#: What bodies are called that nobody called anything: by no header at all, and by `curl -d`.
_UNSAID = frozenset({"text/plain", "application/x-www-form-urlencoded"})
#: Headers that browsers send with a page's requests, and tools do not.
_BROWSER_HEADERS = frozenset({"origin", "sec-fetch-site"})
_CHARSETS = frozenset({"utf-8", "utf8", "us-ascii"})


async def read_body(request: Request, most_bytes: int) -> bytes:
    """Read a body of JSON.

    Tools that send one without saying so (`curl -d` calls it a form) are understood. Pages of other sites are
    not: what does not say that it is JSON, a browser sends for them without asking first.

    Raises:
        Refusal: its headers say that it is not JSON in UTF-8, or it is too large.
    """
    _refuse_other_types(request)
    body, parts = bytearray(), request.stream()
    declared = request.headers.get("content-length", "")
    if not (declared.isdecimal() and int(declared[:20]) > most_bytes):
        async for part in parts:
            body += part
            if len(body) > most_bytes:
                break
        else:
            return bytes(body)
    if "expect" not in request.headers:
        with anyio.move_on_after(_DISCARD_SECONDS):
            async for _ in parts:
                pass
    raise Refusal(413, "job_too_large", f"the body may have {most_bytes} bytes")


def _refuse_other_types(request: Request) -> None:
    said = Message()
    said["content-type"] = request.headers.get("content-type", "")
    kind, charset = said.get_content_type(), said.get_content_charset("utf-8")
    is_json = kind == "application/json" or kind.endswith("+json")
    is_a_tools = kind in _UNSAID and not _BROWSER_HEADERS.intersection(request.headers)
    if not (is_json or is_a_tools) or charset not in _CHARSETS:
        raise Refusal(
            415,
            "unsupported_media_type",
            "send the job as JSON with the header Content-Type: application/json",
        )
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Refusal(415, "unsupported_media_type", "send the job uncompressed, without Content-Encoding")


def json_body(schema: dict[str, Any], *, is_required: bool = True) -> dict[str, Any]:
    """Describe a body that is read by hand for OpenAPI."""
    return {"requestBody": {"required": is_required, "content": {"application/json": {"schema": schema}}}}
