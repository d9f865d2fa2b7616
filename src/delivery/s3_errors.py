"""What errors of S3 mean for a delivery."""

from boto3.exceptions import Boto3Error
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    CredentialRetrievalError,
    HTTPClientError,
    InvalidRegionError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
)
from s3transfer.exceptions import S3UploadFailedError

from ..cloud.s3_codes import FINAL
from ..errors import DeliveryFailed, DestinationAway, NeuroShortsError

_TOLD = {
    "wrong_credentials": "the server refuses the credentials: the operator sets NEUROSHORTS_S3_ACCESS_KEY_ID"
    " and NEUROSHORTS_S3_SECRET_ACCESS_KEY, or the profile or role of the machine, and its clock",
    "missing_bucket": "there is no such bucket: make it, or name another",
    "no_rights": "the credentials do not allow this: they need s3:PutObject, s3:GetObject, s3:ListBucket,"
    " s3:AbortMultipartUpload and s3:ListBucketMultipartUploads",
    "wrong_region": "the bucket is in another region: the operator sets NEUROSHORTS_S3_REGION",
    "bucket_full": "the quota of the bucket is used up: make room",
    "delivery_refused": "the server refuses the request: look at its message",
}
#: Refusals of the kind 4xx that pass. NoSuchUpload: somebody else took this upload for an abandoned one.
_PASSING = {
    "RequestTimeout",
    "SlowDown",
    "Throttling",
    "TooManyRequests",
    "OperationAborted",
    "BadDigest",
    "IncompleteBody",
    "NoSuchUpload",
    "XAmzContentSHA256Mismatch",
}
_TOO_MANY_REQUESTS = 429


def meaning(error: BotoCoreError | ClientError | Boto3Error | ValueError, where: str) -> NeuroShortsError:
    """Tell what an error means: whether to try again, and what to do about it."""
    if isinstance(error, ClientError):
        return _answer(error, where)
    if isinstance(error, NoCredentialsError | PartialCredentialsError | ProfileNotFound):
        return _failed("wrong_credentials", where, str(error))
    if isinstance(error, InvalidRegionError):
        return _failed("wrong_region", where, str(error))
    if isinstance(error, ConnectionError | HTTPClientError | CredentialRetrievalError | S3UploadFailedError):
        return DestinationAway(where, f"{type(error).__name__}: {error}")
    return _failed("delivery_refused", where, str(error))


def _answer(error: ClientError, where: str) -> NeuroShortsError:
    told = error.response.get("Error", {})
    code, message = str(told.get("Code", "")), str(told.get("Message") or "")
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    # A number stands for an answer without a body: its connection was cut before that came.
    if status >= 500 or status == _TOO_MANY_REQUESTS or code in _PASSING or code.isdigit():
        return DestinationAway(where, f"{code} {message}".strip())
    return _failed(FINAL.get(code, "delivery_refused"), where, f"{code} {message}".strip())


def _failed(code: str, where: str, reason: str) -> DeliveryFailed:
    return DeliveryFailed(code, f"cannot deliver to {where}: {_TOLD[code]} ({reason})")
