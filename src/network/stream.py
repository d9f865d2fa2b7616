"""Connections to addresses that were checked, over before a deadline however slowly the other side talks."""

import math
import socket
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore

from .addresses import Address
from .deadline import Deadline
from .failures import AnswerTimeout, Unreachable, UntrustedHost
from .guard import Guard

#: Longest time for one of several addresses: the next one may answer.
_CONNECT_SECONDS = 5.0
#: Seconds between two looks at the deadline while nothing comes in.
_LOOK_SECONDS = 0.5


class GuardedBackend(httpcore.NetworkBackend):
    """Connects one call: finds the addresses, has them checked, and connects to those, not to the name."""

    def __init__(self, guard: Guard, deadline: Deadline) -> None:
        self._guard, self._deadline = guard, deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers; the deadline stands in for all time-outs.

        Raises:
            ForbiddenHost, UnknownHost, Unreachable, AnswerTimeout: there is no connection.
        """
        addresses = self._guard.addresses(host, port, self._deadline)
        last: OSError | None = None
        for tried, address in enumerate(addresses):
            seconds = min(_CONNECT_SECONDS, self._deadline.left() / (len(addresses) - tried))
            try:
                connection = _connected(address, port, seconds)
            except OSError as error:
                last = error
            else:
                return DeadlineStream(connection, host, self._deadline)
        if isinstance(last, TimeoutError):
            raise AnswerTimeout(host, self._deadline.seconds) from last
        raise Unreachable(host, _reason(last)) from last


class DeadlineStream(httpcore.NetworkStream):
    """A connection of which each step gets the time that is left."""

    def __init__(self, connection: socket.socket, host: str, deadline: Deadline) -> None:
        self._socket, self._host, self._deadline = connection, host, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what there is; the deadline is asked again and again, for it may end the work at once."""
        while True:
            self._limit(_LOOK_SECONDS)
            try:
                return self._socket.recv(max_bytes)
            except TimeoutError:
                continue
            except OSError as error:
                raise httpcore.ReadError(_reason(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it."""
        self._limit()
        try:
            self._socket.sendall(buffer)
        except TimeoutError as error:
            raise self._too_late() from error
        except OSError as error:
            raise httpcore.WriteError(_reason(error)) from error

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Encrypt from now on; the certificate has to be for the name, whatever the address.

        Raises:
            UntrustedHost: it is not.
        """
        self._limit()
        try:
            encrypted = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
        except OSError as error:
            self._socket.close()
            if isinstance(error, TimeoutError):
                raise self._too_late() from error
            if isinstance(error, ssl.SSLCertVerificationError):
                raise UntrustedHost(self._host, error.verify_message) from error
            raise Unreachable(self._host, _reason(error)) from error
        return DeadlineStream(encrypted, self._host, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """Tell the one thing that the HTTP library asks for here."""
        return self._socket if info == "ssl_object" and isinstance(self._socket, ssl.SSLSocket) else None

    def _limit(self, longest_seconds: float = math.inf) -> None:
        seconds = self._deadline.left()
        if not seconds:
            raise self._too_late()
        self._socket.settimeout(min(seconds, longest_seconds))

    def _too_late(self) -> AnswerTimeout:
        return AnswerTimeout(self._host, self._deadline.seconds)


def _connected(address: Address, port: int, seconds: float) -> socket.socket:
    if not seconds:
        raise TimeoutError
    connection = socket.create_connection((str(address), port), seconds)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _reason(error: OSError | None) -> str:
    return (error and (error.strerror or str(error))) or "connection failed"
