"""URLs that let whoever has them read or write one object for a while, and nothing else.

What opens other people's media gets such URLs instead of credentials.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from ..errors import NotSupported
from ..plan.media_buckets import ObjectPlace
from ..settings import Settings

if TYPE_CHECKING:
    from .s3_signing import S3Signing

Verb = Literal["GET", "PUT"]

#: Seconds that a URL is good for beyond the longest download, and the longest wait for somebody else's.
_SPARE_SECONDS = 300


class Signed(NamedTuple):
    """A URL, and the headers that have to be sent with it."""

    url: str
    headers: Mapping[str, str] = {}


class Signer(Protocol):
    """Makes such URLs; safe to use from several threads."""

    def signed(self, verb: Verb, uri: str) -> Signed:
        """Make a URL for one use of an object.

        Args:
            verb: what is going to be done with it.
            uri: the object, as `s3://bucket/key` or `gs://bucket/key`.

        Raises:
            UncallableUrl: the URI names no object.
            NotSupported: the store's library is missing.
            RejectedJob: it may not be read, or the credentials cannot be used.
        """
        ...


class StoreSigner:
    """Signs with the operator's own credentials."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seconds = 2 * settings.fetch_max_seconds + _SPARE_SECONDS

    def signed(self, verb: Verb, uri: str) -> Signed:
        """Make a URL, see `Signer`."""
        place = ObjectPlace.of(uri)
        if place.scheme == "s3":
            return self._s3.signed(verb, place, self._seconds)
        if verb == "GET":
            return Signed(self._sign_gs(self._settings, place.bucket, place.key, self._seconds))
        raise NotSupported("writing to 'gs://'", path="", instead="use 's3://'")

    @cached_property
    def _s3(self) -> "S3Signing":
        # Loading boto3 takes a while, and most jobs do without it.
        try:
            from .s3_signing import S3Signing
        except ModuleNotFoundError as error:
            raise _without("boto3", "s3") from error
        return S3Signing(self._settings)

    @cached_property
    def _sign_gs(self) -> Callable[[Settings, str, str, int], str]:
        try:
            from .gs import signed_url
        except ModuleNotFoundError as error:
            raise _without("google-cloud-storage", "gs") from error
        return signed_url


def _without(library: str, store: str) -> NotSupported:
    return NotSupported(f"'{store}://' without {library}", path="", instead="install neuroshorts[service]")
