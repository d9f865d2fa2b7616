"""A way to a service that can be narrowed, and cut: every connection is reset at once."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from tests.services.ports import free_port

#: Close with a reset instead of a farewell. Source: socket(7), SO_LINGER.
_RESET = struct.pack("ii", 1, 0)


class TcpProxy:
    """Listens on a port of its own; `upstream` tells for each connection where it leads."""

    def __init__(self, upstream: Callable[[], int]) -> None:
        self._upstream = upstream
        self.port = free_port()
        self.bytes_a_second: float | None = None
        """How much each connection hands on, either way; None for all that comes."""
        self.refused = 0
        """How many of the next connections are reset at once."""
        self.passed_bytes = 0
        """All that was handed on, either way."""
        self._ended = threading.Event()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.come_back()

    def cut(self) -> int:
        """Reset every connection; tell how many there were."""
        with self._lock:
            ends, self._open = self._open, set()
        for end in ends:
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        return len(ends) // 2

    def close(self) -> None:
        """Listen no more, and cut what is open."""
        self._ended.set()
        self.leave()

    def come_back(self) -> None:
        """Listen, as the service does that is there again."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def leave(self) -> None:
        """Be away: refuse whoever comes, and cut what is open."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            if self.refused:
                self.refused -= 1
                caller.close()
                continue
            try:
                service = socket.create_connection(("127.0.0.1", self._upstream()), timeout=5)
            except OSError:
                caller.close()
                continue
            service.settimeout(None)
            with self._lock:
                self._open |= {caller, service}
            for source, sink in ((caller, service), (service, caller)):
                threading.Thread(target=self._hand_on, args=(source, sink), daemon=True).start()

    def _hand_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while part := source.recv(65536):
                sink.sendall(part)
                with self._lock:
                    self.passed_bytes += len(part)
                if self.bytes_a_second:
                    self._ended.wait(len(part) / self.bytes_a_second)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._open.discard(source)
        source.close()


@contextmanager
def proxied(upstream: Callable[[], int]) -> Iterator[TcpProxy]:
    """Put a proxy before a service."""
    proxy = TcpProxy(upstream)
    try:
        yield proxy
    finally:
        proxy.close()
