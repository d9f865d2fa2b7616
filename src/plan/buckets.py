"""Which bucket a destination means, and whether jobs may name it."""

from collections.abc import Sequence

from ..errors import ForbiddenBucket
from ..models.output import Destination, S3Destination
from ..settings import Settings

#: Allows every bucket.
_ANY = "*"


def refuse_forbidden_buckets(destinations: Sequence[Destination], settings: Settings) -> None:
    """Refuse a job that names a bucket of somebody else's, before any work is spent.

    Raises:
        ForbiddenBucket: the operator does not allow it, or has none for jobs that name none.
    """
    for index, destination in enumerate(destinations):
        if isinstance(destination, S3Destination):
            bucket_of(destination, settings, f"output.destinations[{index}].bucket")


def bucket_of(destination: S3Destination, settings: Settings, path: str) -> str:
    """Name the bucket that a destination means.

    Raises:
        ForbiddenBucket: jobs may not name it, or there is none.
    """
    allowed = {settings.s3_bucket, *settings.s3_allow_buckets}
    bucket = destination.bucket or settings.s3_bucket
    if not bucket or not {bucket, _ANY} & allowed:
        raise ForbiddenBucket(bucket, path=path)
    return bucket
