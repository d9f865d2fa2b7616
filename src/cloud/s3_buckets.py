"""Buckets that the service needs, made where they are missing."""

from typing import Any

from botocore.exceptions import ClientError

from ..settings import Settings
from .s3_client import make_client

#: The one region that is not named when a bucket is made. Source: Amazon S3 API Reference, "CreateBucket".
_UNNAMED_REGION = "us-east-1"
#: What tells that a bucket is there already, and ours.
_THERE = {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}


def buckets_of(settings: Settings) -> tuple[str, ...]:
    """Name the buckets that the operator has set: for films, and for shared segments."""
    shared = settings.shared_cache_url.removeprefix("s3://").partition("/")[0]
    return tuple(dict.fromkeys(name for name in (settings.s3_bucket, shared) if name))


def ensure_bucket(settings: Settings, name: str) -> bool:
    """Make a private bucket unless we have it; tell whether it was made.

    Raises:
        BotoCoreError, ClientError: it cannot be made, or nobody answers.
    """
    client = make_client(settings)
    try:
        client.head_bucket(Bucket=name)
    except ClientError as error:
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") != 404:
            raise
        return _made(client, name)
    return False


def _made(client: Any, name: str) -> bool:
    region = client.meta.region_name
    is_unnamed = region == _UNNAMED_REGION
    where = {} if is_unnamed else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    try:
        client.create_bucket(Bucket=name, **where)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _THERE:
            return False
        raise
    return True
