"""Films brought to a real server of S3, and what it refuses."""

import json
import threading
from functools import partial
from typing import Any

import pytest

from src.errors import DeliveryFailed, ForbiddenBucket
from tests.unit.delivery.parcels import ID, parcel_in
from tests.unit.delivery.shelves import KEYS, LARGE_BYTES, Shelf, refusal


def test_film_poster_captions_and_what_tells_of_them_arrive_together(shelf: Shelf) -> None:
    shelf.deliver()

    assert shelf.names() == KEYS
    film = shelf.client.get_object(Bucket=shelf.bucket, Key=f"{ID}.mp4")
    assert film["Body"].read() == (shelf.folder / "film.mp4").read_bytes()
    assert (film["ContentType"], film["CacheControl"]) == ("video/mp4", "max-age=86400")
    assert film["Metadata"] == {"sha256": parcel_in(shelf.folder).film.sha256}
    told = json.load(shelf.client.get_object(Bucket=shelf.bucket, Key=f"{ID}.job.json")["Body"])
    assert told["job_id"] == "row-1"


def test_a_large_film_arrives_in_parts(shelf: Shelf) -> None:
    shelf.deliver(size_bytes=LARGE_BYTES)

    film = shelf.client.get_object(Bucket=shelf.bucket, Key=f"{ID}.mp4")
    assert film["Body"].read() == (shelf.folder / "film.mp4").read_bytes()
    assert film["ETag"].endswith('-4"')
    assert shelf.unfinished() == []


def test_a_key_is_filled_in_below_the_operators_prefix(shelf: Shelf) -> None:
    shelf.deliver({"key": "{date}/{job_id}/film.{format}"}, s3_prefix="films/{owner}/")

    assert "films/carol/2026-11-21/row-1/film.mp4" in shelf.names()


def test_a_repeated_delivery_uploads_nothing(shelf: Shelf) -> None:
    shelf.deliver()
    before = shelf.client.list_objects_v2(Bucket=shelf.bucket)["Contents"]

    shelf.deliver()

    after = shelf.client.list_objects_v2(Bucket=shelf.bucket)["Contents"]
    assert [found["LastModified"] for found in after] == [found["LastModified"] for found in before]


def test_an_empty_file_is_known_again(shelf: Shelf) -> None:
    parcel = parcel_in(shelf.folder)
    (shelf.folder / "film.words.json").write_bytes(b"")

    links = [shelf.round(None, parcel).go(threading.Event())[0] for _ in range(2)]

    assert sorted(links[1].of) == sorted(links[0].of)
    assert shelf.client.head_object(Bucket=shelf.bucket, Key=f"{ID}.words.json")["ContentLength"] == 0


@pytest.mark.parametrize("content", [b"somebody else's", b""])
def test_another_object_is_replaced_only_when_asked_for(shelf: Shelf, content: bytes) -> None:
    shelf.client.put_object(Bucket=shelf.bucket, Key=f"{ID}.mp4", Body=content)

    error = refusal(shelf.deliver)

    assert (error.code, error.path, shelf.names()) == (
        "object_exists",
        "output.destinations[0]",
        [f"{ID}.mp4"],
    )
    shelf.deliver({"overwrite": True})
    assert shelf.names() == KEYS


def test_a_bucket_that_the_operator_does_not_allow_is_refused(shelf: Shelf) -> None:
    other = {"bucket": "somebody-elses"}

    error = refusal(lambda: shelf.deliver(other))

    assert (type(error), error.path) == (ForbiddenBucket, "output.destinations[0].bucket")
    assert refusal(lambda: shelf.deliver(other, s3_allow_buckets=("*",))).code == "missing_bucket"
    assert refusal(lambda: shelf.deliver(other, s3_allow_buckets=(other["bucket"],))).code == "missing_bucket"
    assert refusal(lambda: shelf.deliver(s3_bucket="")).code == "forbidden_bucket"


def test_wrong_credentials_missing_buckets_and_rights_are_told_at_once(shelf: Shelf) -> None:
    stranger = shelf.ceph.new_user()
    theirs: dict[str, Any] = {
        "s3_access_key_id": stranger.access_key_id,
        "s3_secret_access_key": stranger.secret_access_key,
    }
    wrong: dict[str, dict[str, Any]] = {
        "wrong_credentials": {"s3_secret_access_key": "wrong"},
        "missing_bucket": {"s3_bucket": "there-is-none"},
        "no_rights": theirs,
    }
    for code, settings in wrong.items():
        error = refusal(partial(shelf.deliver, **settings))
        assert (type(error), error.code) == (DeliveryFailed, code)
        assert (error.path, error.retryable) == ("output.destinations[0]", False)
    nobody: dict[str, Any] = {"s3_access_key_id": "NOBODY"}
    assert refusal(lambda: shelf.deliver(**nobody)).code == "wrong_credentials"
    assert refusal(lambda: shelf.deliver({"overwrite": True}, **theirs)).code == "no_rights"
