"""Links to finished files that need no key: they are signed, and end by themselves."""

import base64
import hashlib
import hmac
import time
from typing import Literal, NamedTuple, cast, get_args

from ..errors import NeuroShortsError
from ..models.output import SidecarKind
from ..models.status import JobStatus

#: A file of a finished job.
FileKind = Literal["film", "poster"] | SidecarKind
FILE_KINDS = (*get_args(Literal["film", "poster"]), *get_args(SidecarKind))

_DAY_SECONDS = 24 * 3600
#: Least time for which links of a status are valid, unless somebody asks for another.
DEFAULT_SECONDS = 7 * _DAY_SECONDS
#: Keeps these signatures apart from others that may be made with the same secret.
_PURPOSE = b"neuroshorts share link\0"


class LinkRefused(NeuroShortsError):
    """A link that leads nowhere."""


class LinkInvalid(LinkRefused):
    """A link that was not signed here, or was altered."""

    code = "link_invalid"

    def __init__(self) -> None:
        super().__init__("this link is not valid: ask whoever gave it to you for another")


class LinkExpired(LinkRefused):
    """A link whose time is over."""

    code = "link_expired"

    def __init__(self) -> None:
        super().__init__("this link has expired: ask whoever gave it to you for another")


class Shared(NamedTuple):
    """What a link leads to."""

    id: str
    kind: FileKind


class ShareLinks:
    """Makes links and reads them; HMAC-SHA256 over job, file and expiry."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def url(self, base_url: str, shared: Shared, expires_at: int) -> str:
        """Make a link that is valid until a time in seconds since 1970 UTC."""
        signed = f"{shared.id}.{shared.kind}.{expires_at}"
        return f"{base_url}/share/{signed}.{self._signature(signed)}"

    def read(self, token: str) -> Shared:
        """Tell what a link leads to.

        Raises:
            LinkInvalid: it was not signed here, or was altered.
            LinkExpired: its time is over.
        """
        signed, _, signature = token.rpartition(".")
        if not hmac.compare_digest(self._signature(signed).encode(), signature.encode(errors="replace")):
            raise LinkInvalid
        id, kind, expires_at = signed.split(".")
        if int(expires_at) <= time.time():
            raise LinkExpired
        return Shared(id, cast(FileKind, kind))

    def told(self, status: JobStatus, base_url: str, at: float | None = None) -> JobStatus:
        """Put links in the place of the paths of a status; links to elsewhere stay.

        Args:
            status: what is told.
            base_url: what the links begin with.
            at: when it is told first, in seconds since 1970 UTC, for the same links each time; now.
        """
        if status.result is None:
            return status
        # Whole days, so that a status that is asked for again tells the same links.
        told_at = int(time.time() if at is None else at)
        expires_at = (told_at // _DAY_SECONDS + 1) * _DAY_SECONDS + DEFAULT_SECONDS

        def link(url: str, kind: str) -> str:
            shared = Shared(status.id, cast(FileKind, kind))
            return url if is_elsewhere(url) else self.url(base_url, shared, expires_at)

        result = status.result
        changes = {
            "url": link(result.url, "film"),
            "urls": tuple(link(url, "film") for url in result.urls),
            "poster_url": result.poster_url and link(result.poster_url, "poster"),
            "sidecars": {kind: link(url, kind) for kind, url in result.sidecars.items()},
        }
        return status.model_copy(update={"result": result.model_copy(update=changes)})

    def _signature(self, signed: str) -> str:
        digest = hmac.digest(self._secret, _PURPOSE + signed.encode(errors="replace"), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def is_elsewhere(url: str) -> bool:
    """Whether a file is reached over the network rather than by its path."""
    return "://" in url
