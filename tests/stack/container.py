"""A container as this machine sees it: its processes, who they are, what they may, where they listen."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from tests.e2e.renders import is_render
from tests.stack.engine import Engine

#: Where a worker has what it renders, as its own processes name it.
_WORK = Path("/cache/work")
#: A socket that waits for connections, in the tables of the kernel; one of UDP that waits for anything.
#: Source: Linux, include/net/tcp_states.h.
_LISTENS = {"tcp": "0A", "tcp6": "0A", "udp": "07", "udp6": "07"}
#: As those tables write addresses: each group of 8 digits with its bytes in the order of this machine.
_LOOPBACK = re.compile(r"(0{16}FFFF0000)?[0-9A-F]{6}7F|0{24}01000000")


class Identity(NamedTuple):
    """Who a process is, and what it may do."""

    command: str
    users: frozenset[int]
    capabilities: int
    gains_nothing: bool


class Container:
    """A container of the stack."""

    def __init__(self, engine: Engine, id: str) -> None:
        self._engine, self.id = engine, id

    @property
    def facts(self) -> dict[str, Any]:
        """Everything that the engine knows of it now."""
        found: dict[str, Any] = json.loads(self._engine.docker("inspect", self.id))[0]
        return found

    @property
    def first_process(self) -> int:
        """The process whose end is its own."""
        return int(self.facts["State"]["Pid"])

    @property
    def address(self) -> str:
        """Where this machine reaches it."""
        (network,) = self.facts["NetworkSettings"]["Networks"].values()
        return str(network["IPAddress"])

    def published(self) -> set[tuple[str, int]]:
        """List addresses of this machine that lead to its ports."""
        bindings = self.facts["HostConfig"]["PortBindings"] or {}
        return {
            (binding["HostIp"], int(port.partition("/")[0]))
            for port, bound in bindings.items()
            for binding in bound
        }

    def processes(self) -> list[int]:
        """List its processes, by the numbers that this machine gives them."""
        try:
            told = self._engine.docker("top", self.id, "-eo", "pid")
        except AssertionError:  # it has ended
            return []
        return [int(line) for line in told.split()[1:]]

    def identities(self) -> list[Identity]:
        """Tell who its processes are; those that end meanwhile are left out."""
        found = []
        for pid in self.processes():
            with suppress(OSError):
                found.append(_identity(pid))
        return found

    def listens_on(self) -> set[int]:
        """List its ports that others may reach: those of its own loopback are left out."""
        ports: set[int] = set()
        for pid in self.processes():
            with suppress(OSError):
                ports |= set(_listening(pid))
        return ports

    def renders(self) -> list[int]:
        """List its processes that render."""
        return [pid for pid in self.processes() if is_render(pid, _WORK)]


def _identity(pid: int) -> Identity:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    status = dict(line.split(":", 1) for line in lines)
    allowed = [int(status[f"Cap{kind}"], 16) for kind in ("Eff", "Prm", "Inh", "Amb")]
    return Identity(
        Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip(),
        frozenset(map(int, status["Uid"].split() + status["Gid"].split())),
        allowed[0] | allowed[1] | allowed[2] | allowed[3],
        status["NoNewPrivs"].strip() == "1",
    )


def _listening(pid: int) -> Iterator[int]:
    for kind, state in _LISTENS.items():
        for row in Path(f"/proc/{pid}/net/{kind}").read_text("ascii").splitlines()[1:]:
            _, local, _, found, *_ = row.split()
            address, _, port = local.partition(":")
            if found == state and not _LOOPBACK.fullmatch(address):
                yield int(port, 16)
