"""Presigned URLs of objects in S3; made here, nobody is asked but for the role of the machine."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
)

from ..errors import CallFailed
from ..plan.media_buckets import ObjectPlace
from ..settings import Settings
from .refusal import StoreRefused
from .s3_client import make_client
from .s3_encryption import encryption_arguments, encryption_headers

if TYPE_CHECKING:
    from .signing import Signed, Verb

_OPERATIONS = {"GET": "get_object", "PUT": "put_object"}
#: Whoever gives the machine its role does not answer.
_ROLE_AWAY = (ConnectionError, HTTPClientError, CredentialRetrievalError)
_NO_CREDENTIALS = (NoCredentialsError, PartialCredentialsError, ProfileNotFound)


class CredentialsAway(CallFailed):
    """Whoever gives the credentials does not answer, or is too busy."""

    code = "credentials_away"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the credentials for the store cannot be had ({reason}): see what gives the machine its role"
        )


class S3Signing:
    """Signs with the operator's credentials, or with those that boto3 finds."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def signed(self, verb: "Verb", place: ObjectPlace, seconds: int) -> "Signed":
        """Make a URL that is good for so many seconds.

        Raises:
            StoreRefused: there are no credentials, or the settings cannot be used.
            CredentialsAway: there are none at this time.
        """
        from .signing import Signed

        is_written = verb == "PUT"
        named = {"Bucket": place.bucket, "Key": place.key}
        asked = named | (encryption_arguments(self._settings) if is_written else {})
        try:
            url: str = self._client.generate_presigned_url(_OPERATIONS[verb], asked, seconds)
        except _NO_CREDENTIALS as error:
            raise StoreRefused("wrong_credentials", str(error)) from error
        except _ROLE_AWAY as error:
            raise CredentialsAway(str(error)) from error
        except ClientError as error:
            raise _role_refused(error) from error
        except (BotoCoreError, ValueError) as error:
            raise StoreRefused("store_refused", str(error)) from error
        return Signed(url, encryption_headers(self._settings) if is_written else {})

    @cached_property
    def _client(self) -> Any:
        return make_client(self._settings)


def _role_refused(error: ClientError) -> StoreRefused | CredentialsAway:
    """Tell what it means that the role was not given: only for that is somebody asked."""
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    is_busy = status >= 500 or "Throttling" in str(error.response.get("Error", {}).get("Code"))
    return CredentialsAway(str(error)) if is_busy else StoreRefused("wrong_credentials", str(error))
