"""Clients of S3, and what their errors mean for a delivery."""

import threading
from functools import cache
from typing import Any

import boto3
from boto3.exceptions import Boto3Error
from botocore.config import Config
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

from ..errors import DeliveryFailed, DestinationAway, NeuroShortsError
from ..settings import Settings

#: Seconds for connecting, and between two signs of life of a connection.
_CONNECT_SECONDS, _READ_SECONDS = 5, 20
#: Tries of one request, one after the other: the connections of one large film may be cut more than once.
_TRIES = 5
#: Where no region is told, servers that are not Amazon's take this one.
_REGION = "us-east-1"

#: What S3 calls it, and what it is for a caller. Source: Amazon S3 API Reference, "Error Responses".
_FINAL = {
    "InvalidAccessKeyId": "wrong_credentials",
    "SignatureDoesNotMatch": "wrong_credentials",
    "InvalidToken": "wrong_credentials",
    "ExpiredToken": "wrong_credentials",
    "RequestTimeTooSkewed": "wrong_credentials",
    "NoSuchBucket": "missing_bucket",
    "AccessDenied": "no_rights",
    "AllAccessDisabled": "no_rights",
    "AccountProblem": "no_rights",
    "PermanentRedirect": "wrong_region",
    "AuthorizationHeaderMalformed": "wrong_region",
    "QuotaExceeded": "bucket_full",
}
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
#: Clients may be used by any thread, but are made by one at a time. Source: boto3, "Multithreading".
_LOCK = threading.Lock()


def make_client(settings: Settings, endpoint_url: str = "") -> Any:
    """Make a client of the server that the operator set, or of the same one by another address.

    Raises:
        DeliveryFailed: the settings cannot be used.
    """
    endpoint = endpoint_url or settings.s3_endpoint_url or None
    config = Config(
        signature_version="s3v4",
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={"total_max_attempts": _TRIES, "mode": "standard"},
        s3={"addressing_style": "path" if settings.s3_path_style else "auto"},
        # Trailing checksums are Amazon's own: other servers take them for a part of the object.
        request_checksum_calculation="when_required" if endpoint else "when_supported",
        response_checksum_validation="when_required",
    )
    try:
        with _LOCK:
            session = _session()
            return session.client(
                "s3",
                endpoint_url=endpoint,
                region_name=settings.s3_region or session.region_name or _REGION,
                aws_access_key_id=settings.s3_access_key_id or None,
                aws_secret_access_key=settings.s3_secret_access_key.get_secret_value() or None,
                config=config,
            )
    except (BotoCoreError, ValueError) as error:
        raise meaning(error, "S3") from error


@cache
def _session() -> Any:
    """Read what describes S3 to boto3 once: that takes longer than an upload."""
    return boto3.session.Session()


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
    return _failed(_FINAL.get(code, "delivery_refused"), where, f"{code} {message}".strip())


def _failed(code: str, where: str, reason: str) -> DeliveryFailed:
    return DeliveryFailed(code, f"cannot deliver to {where}: {_TOLD[code]} ({reason})")
