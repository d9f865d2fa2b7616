"""A bucket of Amazon S3, or of a server that speaks its language."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from io import BytesIO
from typing import Any
from urllib.parse import quote

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from s3transfer.exceptions import CancelledError
from s3transfer.manager import TransferConfig, TransferManager
from s3transfer.subscribers import BaseSubscriber

from ..cloud.s3_client import make_client
from ..cloud.s3_encryption import encryption_arguments
from ..errors import DeliveryFailed, DestinationAway, Interrupted
from ..models.object_key import expand, wrong_key
from ..models.output import S3Destination
from ..settings import Settings
from ..stopping import DaemonExecutor, raise_if_stopped
from .parcel import FILM, Item, Links, Parcel
from .round import BEFORE_DELIVERY, Halt, Sent
from .s3_errors import meaning, not_encrypted, refuses_encryption

_log = logging.getLogger(__name__)

#: Bytes of one part, and from which size on a file is sent in parts.
PART_BYTES = 8 * 1024**2
#: Parts that are sent at the same time.
_PARTS_AT_ONCE = 4
#: Seconds between two looks whether the delivery should end.
_LOOK_SECONDS = 0.1
#: Name of the digest among an object's metadata.
_DIGEST = "sha256"


class Bucket:
    """A place in a bucket for one film."""

    def __init__(self, asked: S3Destination, bucket: str, settings: Settings) -> None:
        """Connect to nothing yet.

        Raises:
            DeliveryFailed: the settings cannot be used.
        """
        self._asked, self._bucket, self._settings = asked, bucket, settings
        # Keys of what came from here: it may be replaced, whatever the job says.
        self._brought: set[str] = set()
        try:
            self._client = make_client(settings)
        except (BotoCoreError, ValueError) as error:
            raise meaning(error, "S3") from error

    def deliver(self, parcel: Parcel, halt: Halt, sent: Sent) -> Links:
        """Upload what is not there yet; see `Destination`."""
        keys = self._keys(parcel)
        # All are looked for before one is sent: what is refused leaves nothing behind.
        missing = [item for item in parcel.items if not self._is_there(item, keys[item.kind], halt)]
        for item in parcel.items:
            raise_if_stopped(halt, before=BEFORE_DELIVERY)
            if item not in missing:
                sent(item.size_bytes)
                continue
            with self._told(keys[item.kind]):
                self._upload(item, keys[item.kind], halt, sent)
                self._confirm_encryption(keys[item.kind])
            self._brought.add(keys[item.kind])
        if missing:
            self._refuse_mixture({keys[item.kind]: item for item in parcel.items})
        return Links({kind: self._link(key) for kind, key in keys.items()})

    def give_up(self) -> None:
        """Do nothing: each upload takes back its own parts."""

    def _keys(self, parcel: Parcel) -> dict[str, str]:
        """Name the objects by the kinds of their items."""
        film = self._film_key(parcel)
        suffix = parcel.suffix(parcel.film)
        keys = {item.kind: film.removesuffix(suffix) + parcel.suffix(item) for item in parcel.items}
        return keys | {FILM: film}

    def _film_key(self, parcel: Parcel) -> str:
        values = parcel.template_values
        key = expand(self._asked.key, values)
        prefix = self._settings.s3_prefix.replace("{owner}", values["owner"])
        if wrong := wrong_key(key) or wrong_key(prefix + key):
            raise DeliveryFailed("wrong_key", f"cannot use the key {prefix + key!r}: {wrong}")
        return prefix + key

    def _is_there(self, item: Item, key: str, halt: Halt) -> bool:
        """Tell whether an equal object is there.

        Raises:
            DeliveryFailed: another one is, and may not be replaced.
        """
        raise_if_stopped(halt, before=BEFORE_DELIVERY)
        with self._told(key):
            found = self._found(key)
            if found is None:
                return False
            is_equal = _is_equal(found, item)
            if is_equal and self._is_encrypted(found):
                _log.info("object_there_already", extra={"bucket": self._bucket, "key": key})
                return True
        if not self._asked.overwrite and key not in self._brought:
            what = "is another one" if not is_equal else "is not encrypted as it should be"
            told = f"is there already, and {what}: choose another key, or say overwrite: true"
            raise DeliveryFailed("object_exists", f"{self._named(key)} {told}")
        return False

    def _refuse_mixture(self, items: Mapping[str, Item]) -> None:
        """Make sure that nobody else has brought another film to the same keys in between.

        Whoever brings the last object learns of it and brings all again: the last film is there as a whole.

        Raises:
            DestinationAway: some objects are of another film.
        """
        ours = []
        for key, item in items.items():
            with self._told(key):
                if found := self._found(key):
                    ours.append(_is_equal(found, item))
        if any(ours) and not all(ours):
            where = self._named(next(iter(items)))
            raise DestinationAway(where, "another film is brought there at the same time")

    def _found(self, key: str) -> Mapping[str, Any] | None:
        """Look at an object; None if there is none, or none that may be looked at."""
        try:
            # HEAD would not tell why it refuses: its answers have no body.
            found = self._client.get_object(Bucket=self._bucket, Key=key, Range="bytes=0-0")
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code")
            if code == "NoSuchKey" or (code == "AccessDenied" and self._asked.overwrite):
                return None
            if code != "InvalidRange":
                raise
            # An empty object has no first byte.
            found = self._client.head_object(Bucket=self._bucket, Key=key)
        else:
            found["Body"].close()
        told: Mapping[str, Any] = found
        return told

    def _is_encrypted(self, found: Mapping[str, Any]) -> bool:
        """Tell whether an object is encrypted as the operator asks."""
        return self._settings.s3_encryption in ("", found.get("ServerSideEncryption"))

    def _confirm_encryption(self, key: str) -> None:
        """Look at what was uploaded: servers that know no encryption take it without a word."""
        if self._settings.s3_encryption and not self._is_encrypted(
            self._client.head_object(Bucket=self._bucket, Key=key)
        ):
            raise not_encrypted(self._named(key), "it is there now, and is not encrypted")

    def _upload(self, item: Item, key: str, halt: Halt, sent: Sent) -> None:
        """Upload one item; a large one in parts, of which none is left behind."""
        if item.size_bytes < PART_BYTES:
            self._send(item, key, halt, sent)
            return
        # Those of a worker that was killed.
        self._abort_abandoned(key)
        try:
            self._send(item, key, halt, sent)
        finally:
            # An upload whose beginning was confirmed over a connection that was cut has begun twice.
            self._abort_abandoned(key)

    def _send(self, item: Item, key: str, halt: Halt, sent: Sent) -> None:
        config = TransferConfig(
            multipart_threshold=PART_BYTES,
            multipart_chunksize=PART_BYTES,
            max_request_concurrency=_PARTS_AT_ONCE,
            max_submission_concurrency=1,
        )
        content = BytesIO(item.content) if isinstance(item.content, bytes) else str(item.content)
        with TransferManager(self._client, config, executor_cls=DaemonExecutor) as manager:
            upload = manager.upload(
                content, self._bucket, key, extra_args=self._arguments(item), subscribers=[_Counter(sent)]
            )
            while not upload.done():
                if halt.wait(_LOOK_SECONDS):
                    upload.cancel()
                    break
            # Waits for the parts that are under way, and aborts the upload when it was cancelled or broke.
            with self._telling_of_encryption(key):
                upload.result()

    def _arguments(self, item: Item) -> dict[str, Any]:
        arguments: dict[str, Any] = {
            "ContentType": item.media_type,
            "Metadata": {_DIGEST: item.sha256},
            **encryption_arguments(self._settings),
        }
        if self._asked.cache_control:
            arguments["CacheControl"] = self._asked.cache_control
        if not self._settings.s3_endpoint_url:
            arguments["ChecksumAlgorithm"] = "SHA256"
        return arguments

    def _abort_abandoned(self, key: str) -> None:
        """Take back the parts of uploads that nobody is at: nobody else would, and they cost money."""
        try:
            found = self._client.list_multipart_uploads(Bucket=self._bucket, Prefix=key)
            for upload in found.get("Uploads", ()):
                if upload["Key"] == key:
                    _log.info("abandoned_upload_aborted", extra={"bucket": self._bucket, "key": key})
                    self._client.abort_multipart_upload(
                        Bucket=self._bucket, Key=key, UploadId=upload["UploadId"]
                    )
        except (BotoCoreError, ClientError) as error:
            _log.warning("abandoned_uploads_not_aborted", extra={"key": key, "reason": str(error)})

    def _link(self, key: str) -> str:
        if self._asked.public_base_url:
            return f"{str(self._asked.public_base_url).rstrip('/')}/{quote(key)}"
        named = {"Bucket": self._bucket, "Key": key}
        link: str = self._signer.generate_presigned_url("get_object", named, self._asked.expires_in)
        return link

    def _named(self, key: str) -> str:
        return f"{key!r} in the bucket {self._bucket!r}"

    @cached_property
    def _signer(self) -> Any:
        public = self._settings.s3_public_endpoint_url
        return make_client(self._settings, public) if public else self._client

    @contextmanager
    def _telling_of_encryption(self, key: str) -> Iterator[None]:
        """Tell refusals of an upload that come from the encryption it asks for."""
        try:
            yield
        except ClientError as error:
            if self._settings.s3_encryption and refuses_encryption(error):
                raise not_encrypted(self._named(key), str(error)) from error
            raise

    @contextmanager
    def _told(self, key: str) -> Iterator[None]:
        """Tell what errors of the client mean."""
        where = self._named(key)
        try:
            yield
        except CancelledError as error:
            raise Interrupted(f"stopped before {BEFORE_DELIVERY}") from error
        except (BotoCoreError, ClientError, Boto3Error) as error:
            raise meaning(error, where) from error
        except (KeyError, ResponseParserError) as error:
            # botocore reads an answer whose end is missing as one without fields.
            raise DestinationAway(where, "an answer was cut") from error


def _is_equal(found: Mapping[str, Any], item: Item) -> bool:
    """Tell whether an object holds the same bytes as an item, as far as it tells."""
    size = str(found.get("ContentRange", found["ContentLength"])).rpartition("/")[2]
    return (found.get("Metadata", {}).get(_DIGEST), size) == (item.sha256, str(item.size_bytes))


class _Counter(BaseSubscriber):  # type: ignore[misc]  # s3transfer brings no types.
    """Counts what was sent, and what has to be sent again."""

    def __init__(self, sent: Sent) -> None:
        self._sent = sent

    def on_progress(self, future: object, bytes_transferred: int, **_: object) -> None:
        """Take in what was sent since the last word."""
        self._sent(bytes_transferred)
