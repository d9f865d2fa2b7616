"""Somebody on this machine who serves files by HTTP, with ranges and validators, well or badly."""

import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

_RANGE = re.compile(r"bytes=(\d+)-")
_CHUNK_BYTES = 64 * 1024


class Offer(NamedTuple):
    """What lies at a path, and how it is handed out."""

    body: bytes = b""
    content_type: str = "application/octet-stream"
    status: int = 200
    location: str = ""
    etag: bool = True
    ranges: bool = True
    checks_if_range: bool = True
    tells_length: bool = True
    claims_bytes: int = 0
    """Added to the length that is told."""
    cut_after: int | None = None
    """Bytes after which each answer is cut."""
    send: Callable[[Any, bytes], None] | None = None
    """Sends the body in its own way."""
    more: tuple[tuple[str, str], ...] = ()
    """Further headers."""


class Ask(NamedTuple):
    """A request that came."""

    path: str
    range: str
    condition: str
    status: int


class FileServer:
    """A server on a port of its own."""

    def __init__(self) -> None:
        self.offers: dict[str, Offer] = {}
        self.asked: list[Ask] = []
        self.sent_bytes = 0
        self._lock = threading.Lock()
        files = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                with suppress(OSError):
                    files._answer(self)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, request: Any, client_address: Any) -> None:
                """Say nothing: connections are cut on purpose."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        self.address = f"127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def offer(self, path: str, offer: Offer) -> str:
        """Put something at a path; return its URL."""
        self.offers[path] = offer
        return f"http://{self.address}{path}"

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def bodies(self) -> list[Ask]:
        """List the requests that were answered with a body."""
        return [ask for ask in self.asked if ask.status in (200, 206)]

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        offer = self.offers.get(handler.path.partition("?")[0], Offer(status=404))
        etag = f'"{hashlib.sha256(offer.body).hexdigest()[:16]}"'
        status, start = self._status(handler, offer, etag)
        condition = handler.headers.get("If-None-Match", "")
        with self._lock:
            self.asked.append(Ask(handler.path, handler.headers.get("Range", ""), condition, status))
        body = b"" if status == 304 else offer.body[start:]
        handler.send_response(status)
        told = {"Content-Type": offer.content_type, "Content-Length": str(len(body) + offer.claims_bytes)}
        if not offer.tells_length:
            del told["Content-Length"]
        if offer.etag:
            told["ETag"] = etag
        if offer.location:
            told["Location"] = offer.location.encode().decode("latin-1")
        if status == 206:
            told["Content-Range"] = f"bytes {start}-{len(offer.body) - 1}/{len(offer.body)}"
        for name, value in (*told.items(), *offer.more):
            handler.send_header(name, value)
        handler.end_headers()
        handler.close_connection = True
        self._send(handler, offer, body)

    def _status(self, handler: BaseHTTPRequestHandler, offer: Offer, etag: str) -> tuple[int, int]:
        if offer.status != 200:
            return offer.status, 0
        if offer.etag and handler.headers.get("If-None-Match") == etag:
            return 304, 0
        asked = _RANGE.fullmatch(handler.headers.get("Range", ""))
        if offer.ranges and asked and (handler.headers.get("If-Range") == etag or not offer.checks_if_range):
            return 206, int(asked[1])
        return 200, 0

    def _send(self, handler: BaseHTTPRequestHandler, offer: Offer, body: bytes) -> None:
        if offer.send:
            offer.send(handler, body)
            return
        body = body if offer.cut_after is None else body[: offer.cut_after]
        for start in range(0, len(body), _CHUNK_BYTES):
            part = body[start : start + _CHUNK_BYTES]
            handler.wfile.write(part)
            with self._lock:
                self.sent_bytes += len(part)


@contextmanager
def serving_files() -> Iterator[FileServer]:
    """Serve files until the block ends."""
    server = FileServer()
    try:
        yield server
    finally:
        server.close()
