"""URLs that let whoever has them read or write one object for a while, and nothing else.

What opens other people's media gets such URLs instead of credentials.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal, NamedTuple, Protocol

from ..errors import NotSupported
from ..plan.media_buckets import ObjectPlace
from ..settings import Settings
from .refusal import StoreRefused

Verb = Literal["GET", "PUT"]

#: Seconds that a URL is good for beyond the longest download: it may have to wait for a place.
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
    """Signs with the operator's own credentials; asks nobody but for the role of the machine."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seconds = settings.fetch_max_seconds + _SPARE_SECONDS

    def signed(self, verb: Verb, uri: str) -> Signed:
        """Make a URL, see `Signer`."""
        named = ObjectPlace.of(uri)
        if named.scheme == "s3":
            return self._signed_s3(verb, named)
        return self._signed_gs(verb, named)

    def _signed_s3(self, verb: Verb, named: ObjectPlace) -> Signed:
        try:
            from botocore.exceptions import (
                BotoCoreError,
                CredentialRetrievalError,
                NoCredentialsError,
                PartialCredentialsError,
                ProfileNotFound,
            )
        except ModuleNotFoundError as error:
            raise _without("boto3", "s3") from error
        operation = {"GET": "get_object", "PUT": "put_object"}[verb]
        arguments = {"Bucket": named.bucket, "Key": named.key}
        try:
            url: str = self._s3_client.generate_presigned_url(operation, arguments, self._seconds)
        except (
            NoCredentialsError,
            PartialCredentialsError,
            ProfileNotFound,
            CredentialRetrievalError,
        ) as error:
            raise StoreRefused("wrong_credentials", str(error)) from error
        except (BotoCoreError, ValueError) as error:
            raise StoreRefused("store_refused", str(error)) from error
        return Signed(url)

    def _signed_gs(self, verb: Verb, named: ObjectPlace) -> Signed:
        raise NotSupported("fetching from Google Cloud Storage", path="", instead="use https://")

    @cached_property
    def _s3_client(self) -> Any:
        from .s3_client import make_client

        return make_client(self._settings)


def _without(library: str, store: str) -> NotSupported:
    return NotSupported(f"'{store}://' without {library}", path="", instead="install neuroshorts[service]")
