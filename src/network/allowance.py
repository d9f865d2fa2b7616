"""What the operator allows to be called although it is not on the public internet."""

import re
from ipaddress import ip_network
from typing import NamedTuple, Self

from ..errors import NeuroShortsError
from ..settings import PREFIX
from .addresses import Address, Network
from .destination import bare_host

#: What the setting holds: a name, `*.name`, an address or a network, and maybe a port.
_ENTRY = re.compile(
    r"(?P<host>\[[0-9a-f:.]+(?:/\d{1,3})?\]|[0-9a-f]*:[0-9a-f:.]*:[0-9a-f:.]*(?:/\d{1,3})?"
    r"|[0-9.]+/\d{1,2}|(?:\*\.)?[\w.-]+)(?::(?P<port>\d{1,5}))?",
    re.IGNORECASE,
)


class WrongAllowance(NeuroShortsError):
    """An entry of the setting that means nothing."""

    code = "bad_setting"

    def __init__(self, entry: str) -> None:
        super().__init__(
            f"{PREFIX}FETCH_ALLOW_HOSTS: {entry!r} is no host: write example.org, *.example.org, 10.1.2.3 or"
            " 10.1.0.0/16, with or without :port"
        )


class Allowance(NamedTuple):
    """A host, or some, that may be called although not public."""

    name: str
    """Empty where addresses are allowed; with a dot in front for all names below it."""
    network: Network | None
    port: int | None

    @classmethod
    def of(cls, entry: str) -> Self:
        """Read an entry of the setting.

        Raises:
            WrongAllowance: it means nothing.
        """
        found = _ENTRY.fullmatch(entry)
        if not found:
            raise WrongAllowance(entry)
        host, port = found["host"].lower(), int(found["port"]) if found["port"] else None
        try:
            return cls("", ip_network(host.replace("[", "").replace("]", ""), strict=False), port)
        except ValueError as error:
            if "/" in host or ":" in host:
                raise WrongAllowance(entry) from error
        return cls(bare_host(host.removeprefix("*")), None, port)

    def covers_name(self, host: str, port: int) -> bool:
        """Tell whether a name may be called, wherever it leads."""
        if not self.name or self.port not in (None, port):
            return False
        return host.endswith(self.name) if self.name.startswith(".") else host == self.name

    def covers_address(self, address: Address, port: int) -> bool:
        """Tell whether an address may be called."""
        return self.network is not None and self.port in (None, port) and address in self.network
