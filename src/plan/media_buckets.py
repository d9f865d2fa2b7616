"""Which buckets jobs may fetch media from with the operator's rights."""

import re
from typing import NamedTuple, Self

from ..errors import RejectedJob, UncallableUrl
from ..models.media_refs import MediaRef
from ..models.object_key import wrong_key
from ..settings import PREFIX, Settings

#: Allows every bucket.
_ANY = "*"
_SCHEMES = ("s3", "gs")
#: Names of buckets, those from before 2018 included, which may be long and have capitals.
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,254}")


class ForbiddenMediaBucket(RejectedJob):
    """A bucket that jobs may not fetch from."""

    code = "forbidden_bucket"

    def __init__(self, bucket: str, *, path: str = "") -> None:
        super().__init__(
            f"{bucket} is not a bucket that jobs may fetch from: the operator may allow it with"
            f" {PREFIX}FETCH_ALLOW_BUCKETS={bucket}",
            path=path,
        )


class ObjectPlace(NamedTuple):
    """An object in a bucket."""

    scheme: str
    """s3 or gs."""
    bucket: str
    key: str
    """As it is: nothing in it is percent-encoded, and a question mark begins no query."""

    @classmethod
    def of(cls, uri: str) -> Self:
        """Read a URI.

        Raises:
            UncallableUrl: it names no object.
        """
        scheme, _, place = uri.partition("://")
        bucket, _, key = place.partition("/")
        if not is_in_bucket(uri) or not _BUCKET.fullmatch(bucket):
            raise UncallableUrl("it names no bucket: write s3://BUCKET/KEY or gs://BUCKET/KEY")
        if wrong := "it names no key in the bucket" if not key else wrong_key(key):
            raise UncallableUrl(wrong)
        return cls(scheme.lower(), bucket, key)

    def is_below(self, entry: str) -> bool:
        """Tell whether it is in a bucket, or below a prefix in one."""
        scheme, _, place = entry.partition("://")
        bucket, _, prefix = place.partition("/")
        folder = prefix.rstrip("/")
        is_covered = not folder or self.key == folder or self.key.startswith(f"{folder}/")
        return (self.scheme, self.bucket) == (scheme, bucket) and is_covered


def is_in_bucket(uri: str) -> bool:
    """Tell a URI of an object from other URLs, paths and ids."""
    scheme, separator, _ = uri.partition("://")
    return bool(separator) and scheme.lower() in _SCHEMES


def is_allowed_bucket(uri: str, settings: Settings) -> bool:
    """Tell whether jobs may fetch an object.

    Raises:
        UncallableUrl: the URI names no object.
    """
    place = ObjectPlace.of(uri)
    return any(entry == _ANY or place.is_below(entry) for entry in settings.fetch_allow_buckets)


def refused_bucket(ref: MediaRef, settings: Settings) -> RejectedJob | None:
    """Tell why a medium in a bucket may not be fetched, if so; nothing of media elsewhere."""
    if not is_in_bucket(ref.src):
        return None
    try:
        if is_allowed_bucket(ref.src, settings):
            return None
    except UncallableUrl as error:
        error.path = ref.path
        return error
    place = ObjectPlace.of(ref.src)
    return ForbiddenMediaBucket(f"{place.scheme}://{place.bucket}", path=ref.path)
