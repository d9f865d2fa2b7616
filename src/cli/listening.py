"""Where the service listens: addresses of IPv4 and IPv6, or a socket in the file system."""

import contextlib
import errno
import ipaddress
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

from ..errors import NeuroShortsError

_BACKLOG = 2048
#: The own machine by both protocols; a resolver may know one of them only.
_LOCALHOST = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))

#: What the system says of an address that it does not have.
_ABSENT = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}

Address = tuple[socket.AddressFamily, str]


class CannotListen(NeuroShortsError):
    """An address that the service cannot have."""

    code = "cannot_listen"


def addresses_of(host: str) -> tuple[Address, ...]:
    """Find the addresses of a host, `localhost` being both of the machine's own.

    Raises:
        CannotListen: nobody knows the host.
    """
    if host == "localhost":
        return _LOCALHOST
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise CannotListen(f"{host!r} is no address of this machine: name another --host") from error
    return tuple(dict.fromkeys((family, str(address[0])) for family, _, _, _, address in found))


def is_loopback(addresses: tuple[Address, ...]) -> bool:
    """Tell whether only this machine reaches all of the addresses."""
    return all(ipaddress.ip_address(address.partition("%")[0]).is_loopback for _, address in addresses)


@contextlib.contextmanager
def listening(addresses: tuple[Address, ...], port: int) -> Iterator[list[socket.socket]]:
    """Listen on a port of each address that this machine has; close when the block ends.

    Raises:
        CannotListen: the port is taken, or may not be had.
    """
    with contextlib.ExitStack() as opened:
        sockets: list[socket.socket] = []
        for family, address in addresses:
            with contextlib.suppress(_NoSuchAddress):
                sockets.append(opened.enter_context(_listener(family, address, port)))
                port = port or sockets[0].getsockname()[1]
        if not sockets:
            raise CannotListen(f"this machine has none of {', '.join(told for _, told in addresses)}")
        yield sockets


@contextlib.contextmanager
def listening_at(file: Path) -> Iterator[list[socket.socket]]:
    """Listen on a socket in the file system, for its owner and group; remove it when the block ends.

    Raises:
        CannotListen: another process listens there, something else stands there, or the folder refuses.
    """
    _remove_left_over(file)
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(str(file))
        file.chmod(0o660)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise CannotListen(f"cannot listen at {file}: {error.strerror or error}") from error
    try:
        with listener:
            yield [listener]
    finally:
        file.unlink(missing_ok=True)


class _NoSuchAddress(Exception):
    """An address that this machine does not have, such as those of IPv6 where it is switched off."""


def _listener(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    try:
        return socket.create_server((address, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        if error.errno in _ABSENT:
            raise _NoSuchAddress from error
        told = f"cannot listen on {address} port {port}: {error.strerror or error}; choose another --port"
        raise CannotListen(told) from error


def _remove_left_over(file: Path) -> None:
    if not file.exists():
        return
    if not stat.S_ISSOCK(file.stat().st_mode):
        raise CannotListen(f"{file} is there and is no socket: name another file")
    with socket.socket(socket.AF_UNIX) as caller:
        try:
            caller.connect(str(file))
        except ConnectionRefusedError:
            file.unlink()
        except OSError as error:
            raise CannotListen(f"cannot use {file}: {error.strerror or error}") from error
        else:
            raise CannotListen(f"another process listens at {file}: stop it, or name another file")
