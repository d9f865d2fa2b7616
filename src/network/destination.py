"""Where a call goes: the parts of its URL, read once, so that what is checked is what is called."""

from typing import NamedTuple, Self

from pydantic_core import Url

from ..errors import UncallableUrl

_PORTS = {"http": 80, "https": 443}


class Destination(NamedTuple):
    """A URL that can be called."""

    scheme: str
    host: str
    """Lower case and ASCII, without brackets and without a dot at its end."""
    port: int
    target: str
    """Path and query."""

    @classmethod
    def of(cls, url: str) -> Self:
        """Read a URL as browsers do (WHATWG): strange spellings of hosts become the usual ones.

        Raises:
            UncallableUrl: it is none, is not of HTTP, or carries a name and a password.
        """
        try:
            parsed = Url(url)
        except ValueError as error:
            raise UncallableUrl("it is no URL") from error
        if parsed.scheme not in _PORTS:
            raise UncallableUrl("it does not begin with http:// or https://")
        if parsed.username or parsed.password:
            raise UncallableUrl("it carries a name or a password: send them in a header")
        host = bare_host(parsed.host or "")
        if not host:
            raise UncallableUrl("it names no host")
        query = "" if parsed.query is None else f"?{parsed.query}"
        return cls(parsed.scheme, host, parsed.port or _PORTS[parsed.scheme], f"{parsed.path or '/'}{query}")

    @property
    def authority(self) -> str:
        """Host and port as the header `Host` names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def bare_host(host: str) -> str:
    """Write a host as it is compared."""
    return host.lower().removeprefix("[").removesuffix("]").rstrip(".")
