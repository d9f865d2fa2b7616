"""Keeps calls that jobs ask for on the public internet, unless the operator allowed their host."""

import socket
import threading
from collections.abc import Callable, Sequence
from ipaddress import ip_address

from ..errors import ForbiddenHost, NeuroShortsError
from .addresses import Address, inner_address, is_public, spelt_address
from .allowance import Allowance
from .deadline import Deadline
from .destination import Destination
from .failures import AnswerTimeout, UnknownHost

#: Finds the addresses of a name.
Resolve = Callable[[str, int], Sequence[Address]]
#: Ports that a URL need not name.
_USUAL_PORTS = (80, 443)


class Guard:
    """Decides which addresses a call may connect to."""

    def __init__(self, allowed: Sequence[str] = (), resolve: Resolve | None = None) -> None:
        self._allowed = tuple(Allowance.of(entry) for entry in allowed)
        self._resolve = resolve or resolved

    def refuse_spelt(self, url: str, path: str = "") -> None:
        """Refuse a URL that cannot be called by what it says, without asking the DNS.

        Args:
            url: what is to be called.
            path: JSON path of the field that holds it.

        Raises:
            UncallableUrl: it is not of HTTP, or carries a password.
            ForbiddenHost: its host is a forbidden address, or a name of this machine.
        """
        try:
            destination = Destination.of(url)
            self._refuse_host(destination.host, destination.port)
        except NeuroShortsError as error:
            error.path = path
            raise

    def trusting(self, url: str) -> "Guard":
        """Make a guard that lets calls reach the host of this URL, too: one that we made ourselves."""
        to, other = Destination.of(url), Guard((), self._resolve)
        host = f"[{to.host}]" if ":" in to.host else to.host
        other._allowed = (*self._allowed, Allowance.of(f"{host}:{to.port}"))
        return other

    def addresses(self, host: str, port: int, deadline: Deadline) -> tuple[Address, ...]:
        """Find the addresses of a host, and leave out those that may not be connected to.

        Raises:
            UnknownHost: it has no address.
            AnswerTimeout: the DNS does not answer in time.
            ForbiddenHost: none of its addresses may be connected to.
        """
        self._refuse_host(host, port)
        spelt = spelt_address(host)
        found = (spelt,) if spelt else _in_time(lambda: self._resolve(host, port), host, deadline)
        if self._is_name_allowed(host, port):
            return tuple(found)
        permitted = tuple(address for address in found if self._may_reach(address, port))
        if not permitted:
            raise ForbiddenHost(host, port if port not in _USUAL_PORTS else None)
        return permitted

    def _refuse_host(self, host: str, port: int) -> None:
        address = spelt_address(host)
        is_local = host == "localhost" or host.endswith(".localhost")
        is_forbidden = is_local or (address is not None and not self._may_reach(address, port))
        if is_forbidden and not self._is_name_allowed(host, port):
            raise ForbiddenHost(host, port if port not in _USUAL_PORTS else None)

    def _is_name_allowed(self, host: str, port: int) -> bool:
        return any(allowance.covers_name(host, port) for allowance in self._allowed)

    def _may_reach(self, address: Address, port: int) -> bool:
        reached = inner_address(address)
        return is_public(address) or any(
            allowance.covers_address(reached, port) for allowance in self._allowed
        )


def resolved(host: str, port: int) -> tuple[Address, ...]:
    """Ask the system for the addresses of a name, in the order in which they should be tried.

    Raises:
        UnknownHost: it has none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnknownHost(host) from error
    # Addresses with a zone (fe80::1%eth0) are of this link and forbidden in any case.
    told = (ip_address(str(sockaddr[0]).partition("%")[0]) for *_, sockaddr in found)
    return tuple(dict.fromkeys(told))


def _in_time(ask: Callable[[], Sequence[Address]], host: str, deadline: Deadline) -> Sequence[Address]:
    """Ask in a thread of its own: the system's resolver cannot be told how long to wait."""
    answers: list[Sequence[Address] | NeuroShortsError] = []

    def run() -> None:
        try:
            answers.append(ask())
        except NeuroShortsError as error:
            answers.append(error)

    thread = threading.Thread(target=run, name="resolve", daemon=True)
    thread.start()
    thread.join(deadline.left())
    if not answers:
        raise AnswerTimeout(host, deadline.seconds)
    if isinstance(answers[0], NeuroShortsError):
        raise answers[0]
    return answers[0]
