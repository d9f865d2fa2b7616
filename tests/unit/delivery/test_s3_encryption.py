"""Films that a real server of S3 keeps encrypted."""

from typing import Any

import httpx
import pytest

from src.errors import DeliveryFailed
from tests.services.ceph import KMS_KEY_ID
from tests.unit.delivery.parcels import ID
from tests.unit.delivery.shelves import KEYS, LARGE_BYTES, Shelf, refusal
from tests.waiting import PATIENCE_SECONDS

KMS: dict[str, Any] = {"s3_encryption": "aws:kms", "s3_kms_key_id": KMS_KEY_ID}


@pytest.mark.parametrize("size_bytes", [1000, LARGE_BYTES])
def test_every_object_is_encrypted_by_the_store_when_asked_for(shelf: Shelf, size_bytes: int) -> None:
    link = shelf.deliver(size_bytes=size_bytes, **KMS).film

    for name in KEYS:
        told = shelf.client.head_object(Bucket=shelf.bucket, Key=name)
        assert (told["ServerSideEncryption"], told["SSEKMSKeyId"]) == ("aws:kms", KMS_KEY_ID)
    film = (shelf.folder / "film.mp4").read_bytes()
    assert shelf.client.get_object(Bucket=shelf.bucket, Key=f"{ID}.mp4")["Body"].read() == film
    answer = httpx.get(link, headers={"Range": "bytes=100-199"}, timeout=PATIENCE_SECONDS)
    assert answer.content == film[100:200]


@pytest.mark.parametrize("size_bytes", [1000, LARGE_BYTES])
@pytest.mark.parametrize("key_id", ["there-is-none", ""])
def test_a_key_that_does_not_exist_is_told_at_once(shelf: Shelf, key_id: str, size_bytes: int) -> None:
    error = refusal(lambda: shelf.deliver(size_bytes=size_bytes, **{**KMS, "s3_kms_key_id": key_id}))

    assert (type(error), error.code, error.retryable) == (DeliveryFailed, "not_encrypted", False)
    assert (error.path, shelf.names(), shelf.unfinished()) == ("output.destinations[0]", [], [])


def test_a_server_that_has_no_keys_of_its_own_is_told(shelf: Shelf) -> None:
    # Ceph 16 takes the wish without a word and encrypts nothing; 18 refuses the upload.
    kept = [f"{ID}.mp4"] if shelf.takes(ServerSideEncryption="AES256") else []

    error = refusal(lambda: shelf.deliver(s3_encryption="AES256"))

    assert (error.code, shelf.names()) == ("not_encrypted", kept)


def test_an_object_from_before_the_encryption_does_not_stand_for_the_film(shelf: Shelf) -> None:
    shelf.deliver()

    assert refusal(lambda: shelf.deliver(**KMS)).code == "object_exists"
    shelf.deliver({"overwrite": True}, **KMS)
    told = shelf.client.head_object(Bucket=shelf.bucket, Key=f"{ID}.mp4")
    assert told["ServerSideEncryption"] == "aws:kms"
