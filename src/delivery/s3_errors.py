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
    "not_encrypted": "the server does not encrypt as it should: the operator looks at"
    " NEUROSHORTS_S3_ENCRYPTION and NEUROSHORTS_S3_KMS_KEY_ID, and whether the server can do that",
    "bucket_full": "the quota of the bucket is used up: make room",
    "delivery_refused": "the server refuses the request: look at its message",
}
#: NotImplemented has a status of the kind 5xx, and stays nevertheless.
_FINAL = FINAL | {"NotImplemented": "delivery_refused"}
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
#: What an upload is told that asks for what cannot be encrypted; Ceph says the first of a key of its key
#: service that is missing, and of credentials.
_NOT_ENCRYPTED = {"InvalidAccessKeyId", "InvalidArgument", "NotImplemented"}
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


def refuses_encryption(error: ClientError) -> bool:
    """Tell whether an upload that asked for encryption, with credentials that hold, was refused for that."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    return code in _NOT_ENCRYPTED or code.startswith("KMS.")


def not_encrypted(where: str, reason: str) -> DeliveryFailed:
    """Tell that the server does not encrypt as the operator asks."""
    return _failed("not_encrypted", where, reason)


def _answer(error: ClientError, where: str) -> NeuroShortsError:
    told = error.response.get("Error", {})
    code, message = str(told.get("Code", "")), str(told.get("Message") or "")
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    # A number stands for an answer without a body: its connection was cut before that came.
    is_trouble = status >= 500 and code not in _FINAL
    if is_trouble or status == _TOO_MANY_REQUESTS or code in _PASSING or code.isdigit():
        return DestinationAway(where, f"{code} {message}".strip())
    return _failed(_FINAL.get(code, "delivery_refused"), where, f"{code} {message}".strip())


def _failed(code: str, where: str, reason: str) -> DeliveryFailed:
    return DeliveryFailed(code, f"cannot deliver to {where}: {_TOLD[code]} ({reason})")
