"""Somebody on this machine who answers as Google Drive does, well or badly."""

import base64
import json
import re
import socket
import struct
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.drive import GRAIN_BYTES, Call, Drive, Fault, Session, refusal
from tests.google_account import Answered

_BLOCK_BYTES = 64 * 1024


class _Cut(Exception):
    """The connection is to break now."""


class _Asked(BaseHTTPRequestHandler):
    """One connection to a Drive."""

    protocol_version = "HTTP/1.1"
    server: "_Server"

    @property
    def drive(self) -> Drive:
        return self.server.drive

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815  # as the base class calls them

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        self.url = urlsplit(self.path)
        self.query = dict(parse_qsl(self.url.query))
        self.left_bytes = int(self.headers.get("Content-Length") or 0)
        with suppress(OSError):
            try:
                call = self._call()
                self.drive.calls.append((call, self.headers.get("Content-Range", "")))
                self._tell(self._carried_out(call, self.drive.next_fault(call)))
            except _Cut:
                # The peer sees a reset, not an end.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True

    def _call(self) -> Call:
        path, method = self.url.path, self.command
        if path in ("/token", "/auth"):
            return "token"
        if "upload_id" in self.query:
            if method == "DELETE":
                return "farewell"
            return "question" if self.headers["Content-Range"].startswith("bytes */") else "chunk"
        assert self.query["supportsAllDrives"] == "true"
        if path.startswith("/upload/drive/v3/files"):
            return "begin"
        if path.endswith("/permissions"):
            return "share"
        return "find" if path == "/drive/v3/files" else "folder"

    def _carried_out(self, call: Call, fault: Fault | None) -> Answered:
        if fault and fault.does == "hang":
            self._take(fault.after_bytes)
            self.drive.closing.wait()
            raise _Cut
        if fault and fault.does == "cut" and call != "chunk":
            raise _Cut
        if fault and fault.does == "refuse":
            self._take(self.left_bytes)
            return refusal(fault.status, fault.reason, "as the test wants it")
        answered = self._done(call, fault)
        if fault and fault.does == "lose":
            raise _Cut
        return answered

    def _done(self, call: Call, fault: Fault | None) -> Answered:
        drive = self.drive
        if call == "token":
            asked = self._client() | self.query | dict(parse_qsl(self._take(self.left_bytes).decode()))
            accounts = drive.accounts
            return accounts.consent(asked) if self.url.path == "/auth" else accounts.grant(asked)
        if call in ("chunk", "question", "farewell"):
            return self._done_to_upload(call, fault)
        who = drive.accounts.tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
        told = json.loads(self._take(self.left_bytes) or "{}")
        if not who:
            return refusal(401, "authError", "Invalid Credentials")
        parts = self.url.path.split("/")
        match call:
            case "begin":
                size_bytes = int(self.headers["X-Upload-Content-Length"])
                return drive.begin(who, parts[5] if len(parts) > 5 else "", told, size_bytes)
            case "share":
                return drive.share(parts[4], told)
            case "find":
                return drive.find(self.query)
        return drive.look_at(parts[4])

    def _client(self) -> dict[str, str]:
        """Read who asks for a token, if the headers tell."""
        scheme, _, told = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Basic":
            return {}
        id, _, secret = base64.b64decode(told).decode().partition(":")
        return {"client_id": id, "client_secret": secret}

    def _done_to_upload(self, call: Call, fault: Fault | None) -> Answered:
        id = self.query["upload_id"]
        session = self.drive.sessions.get(id)
        expires = fault is not None and fault.does == "expire"
        if session and (call == "farewell" or expires):
            del self.drive.sessions[id]
        if not session or expires:
            self._take(self.left_bytes)
            return refusal(fault.status if fault else 404, "notFound", "Upload not found")
        if call == "farewell":
            return Answered(499, {})
        who = self.drive.accounts.tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
        if not who:
            self._take(self.left_bytes)
            return refusal(401, "authError", "Invalid Credentials")
        if call == "chunk" and not session.finished_id:
            self._receive(session, fault)
        if session.received_bytes == session.size_bytes:
            return Answered(200, self.drive.finish(session, damaged=bool(fault and fault.does == "damage")))
        return Answered(308, {"received": session.received_bytes})

    def _receive(self, session: Session, fault: Fault | None) -> None:
        asked = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", self.headers["Content-Range"])
        assert asked
        start, end = int(asked[1]), int(asked[2]) + 1
        assert (start, int(asked[3])) == (session.received_bytes, session.size_bytes)
        assert self.left_bytes == end - start
        assert end == session.size_bytes or self.left_bytes % GRAIN_BYTES == 0
        kept = self.left_bytes
        if fault and fault.does == "cut":
            kept = fault.after_bytes // GRAIN_BYTES * GRAIN_BYTES
        elif fault and fault.does == "halve":
            kept = kept // 2 // GRAIN_BYTES * GRAIN_BYTES
        with session.file.open("ab") as file:
            while kept:
                block = self._take(min(kept, _BLOCK_BYTES))
                file.write(block)
                kept -= len(block)
        if fault and fault.does == "cut":
            self._take(fault.after_bytes % GRAIN_BYTES)
            raise _Cut
        self._take(self.left_bytes)

    def _take(self, size_bytes: int) -> bytes:
        """Read a part of the body."""
        taken = self.rfile.read(min(size_bytes, self.left_bytes))
        if len(taken) < min(size_bytes, self.left_bytes):
            raise _Cut
        self.left_bytes -= len(taken)
        return taken

    def _tell(self, answered: Answered) -> None:
        body = json.dumps(answered.told).encode() if answered.told else b""
        self.send_response(answered.status)
        if answered.location:
            self.send_header("Location", answered.location)
        if answered.status == 308 and (received := answered.told["received"]):
            self.send_header("Range", f"bytes=0-{received - 1}")
        body = b"" if answered.status == 308 else body
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.broken: list[str] = []
        folder.mkdir(exist_ok=True)
        self.drive = Drive(folder, f"http://127.0.0.1:{self.server_address[1]}")

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep what no connection that was cut explains."""
        self.broken.append(traceback.format_exc())


@contextmanager
def drive_in(folder: Path) -> Iterator[Drive]:
    """Run a Drive until the block ends."""
    server = _Server(folder)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server.drive
    finally:
        server.drive.closing.set()
        server.shutdown()
        server.server_close()
    assert not server.broken, "\n".join(server.broken)
