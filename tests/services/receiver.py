"""A receiver of webhooks: an HTTP server that keeps what it gets, and answers as it is told."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Call(NamedTuple):
    """A request that came in."""

    path: str
    headers: Message
    body: bytes


class Receiver:
    """What came in, in order; `answer` decides the status of each answer."""

    def __init__(self, port: int, answer: Callable[[Call], int]) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.answer = answer
        self._calls: list[Call] = []
        self._lock = threading.Lock()

    @property
    def calls(self) -> tuple[Call, ...]:
        """Everything that came in until now."""
        with self._lock:
            return tuple(self._calls)

    def take(self, call: Call) -> int:
        """Keep a call; return the status of its answer."""
        with self._lock:
            self._calls.append(call)
        return self.answer(call)


@contextmanager
def receiving(answer: Callable[[Call], int] = lambda call: 200) -> Iterator[Receiver]:
    """Receive on a port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(receiver.take(Call(self.path, self.headers, body)))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(server.server_port, answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
