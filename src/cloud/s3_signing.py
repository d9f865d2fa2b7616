"""Presigned URLs of objects in S3; made here, nobody is asked but for the role of the machine."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from botocore.exceptions import (
    BotoCoreError,
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
)

from ..plan.media_buckets import ObjectPlace
from ..settings import Settings
from .refusal import StoreRefused
from .s3_client import make_client
from .s3_encryption import encryption_arguments, encryption_headers

if TYPE_CHECKING:
    from .signing import Signed, Verb

_OPERATIONS = {"GET": "get_object", "PUT": "put_object"}
_NO_CREDENTIALS = (
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    CredentialRetrievalError,
)


class S3Signing:
    """Signs with the operator's credentials, or with those that boto3 finds."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def signed(self, verb: "Verb", place: ObjectPlace, seconds: int) -> "Signed":
        """Make a URL that is good for so many seconds.

        Raises:
            StoreRefused: there are no credentials, or the settings cannot be used.
        """
        from .signing import Signed

        is_written = verb == "PUT"
        named = {"Bucket": place.bucket, "Key": place.key}
        asked = named | (encryption_arguments(self._settings) if is_written else {})
        try:
            url: str = self._client.generate_presigned_url(_OPERATIONS[verb], asked, seconds)
        except _NO_CREDENTIALS as error:
            raise StoreRefused("wrong_credentials", str(error)) from error
        except (BotoCoreError, ValueError) as error:
            raise StoreRefused("store_refused", str(error)) from error
        return Signed(url, encryption_headers(self._settings) if is_written else {})

    @cached_property
    def _client(self) -> Any:
        return make_client(self._settings)
