"""Films brought to a real server of S3, and what it refuses."""

import json
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from botocore.exceptions import ClientError

from src.delivery import round as round_module
from src.delivery import s3
from src.delivery.catalogue import destinations_of
from src.delivery.parcel import Links, Parcel
from src.delivery.round import Round
from src.errors import DeliveryFailed, DestinationAway, ForbiddenBucket, Interrupted, NeuroShortsError
from src.models.output import Output, S3Destination
from src.settings import Settings
from tests.services.ceph import KMS_KEY_ID, Ceph
from tests.unit.delivery.parcels import ID, parcel_in
from tests.waiting import eventually

#: A film in several parts.
LARGE_BYTES = 3 * s3.PART_BYTES + 1
KEYS = [f"{ID}.job.json", f"{ID}.jpg", f"{ID}.mp4", f"{ID}.words.json"]


class Shelf:
    """A bucket of its own, and deliveries to it."""

    def __init__(self, ceph: Ceph, folder: Path) -> None:
        self.ceph, self.folder = ceph, folder
        self.bucket = ceph.new_bucket()
        self.client = ceph.client()

    def settings(self, **more: Any) -> Settings:
        user = self.ceph.user
        known: dict[str, Any] = {
            "s3_endpoint_url": self.ceph.url,
            "s3_bucket": self.bucket,
            "s3_access_key_id": user.access_key_id,
            "s3_secret_access_key": user.secret_access_key,
            "s3_path_style": True,
        }
        return Settings(**(known | more))

    def deliver(self, asked: dict[str, Any] | None = None, *, size_bytes: int = 1000, **more: Any) -> Links:
        return self.round(asked, parcel_in(self.folder, size_bytes), **more).go(threading.Event())[0]

    def round(self, asked: dict[str, Any] | None, parcel: Parcel, **more: Any) -> Round:
        output = Output(destinations=(S3Destination.model_validate({"type": "s3", **(asked or {})}),))
        settings = self.settings(**more)
        return Round(parcel, destinations_of(output, settings), settings.max_delivery_seconds)

    def names(self) -> list[str]:
        return [found["Key"] for found in self.client.list_objects_v2(Bucket=self.bucket).get("Contents", ())]

    def takes(self, **wishes: str) -> bool:
        """Tell whether the server takes an object with such wishes."""
        try:
            self.client.put_object(Bucket=self.ceph.new_bucket(), Key="object", Body=b"bytes", **wishes)
        except ClientError:
            return False
        return True

    def unfinished(self) -> list[str]:
        found = self.client.list_multipart_uploads(Bucket=self.bucket)
        return [upload["Key"] for upload in found.get("Uploads", ())]


@pytest.fixture
def shelf(ceph: Ceph, tmp_path: Path) -> Shelf:
    return Shelf(ceph, tmp_path / "films")


def refusal(deliver: Callable[[], Any]) -> NeuroShortsError:
    with pytest.raises(NeuroShortsError) as caught:
        deliver()
    return caught.value


def test_film_poster_captions_and_what_tells_of_them_arrive_together(shelf: Shelf) -> None:
    shelf.deliver()

    assert shelf.names() == KEYS
    film = shelf.client.get_object(Bucket=shelf.bucket, Key=f"{ID}.mp4")
    assert film["Body"].read() == (shelf.folder / "film.mp4").read_bytes()
    assert (film["ContentType"], film["CacheControl"]) == ("video/mp4", "max-age=86400")
    assert film["Metadata"] == {"sha256": parcel_in(shelf.folder).film.sha256}
    told = json.load(shelf.client.get_object(Bucket=shelf.bucket, Key=f"{ID}.job.json")["Body"])
    assert told["job_id"] == "row-1"


def test_what_is_uploaded_is_private(shelf: Shelf) -> None:
    link = shelf.deliver().film

    assert httpx.get(link).status_code == 200
    assert httpx.get(link.partition("?")[0]).status_code == 403


def test_a_large_film_arrives_in_parts(shelf: Shelf) -> None:
    shelf.deliver(size_bytes=LARGE_BYTES)

    film = shelf.client.get_object(Bucket=shelf.bucket, Key=f"{ID}.mp4")
    assert film["Body"].read() == (shelf.folder / "film.mp4").read_bytes()
    assert film["ETag"].endswith('-4"')
    assert shelf.unfinished() == []


def test_a_presigned_link_plays_in_parts(shelf: Shelf) -> None:
    link = shelf.deliver().film

    answer = httpx.get(link, headers={"Range": "bytes=10-19"})

    assert answer.status_code == 206
    assert answer.content == (shelf.folder / "film.mp4").read_bytes()[10:20]
    assert answer.headers["Content-Type"] == "video/mp4"


def test_a_presigned_link_expires_when_it_was_told_to(shelf: Shelf) -> None:
    # Shorter than a job may say.
    asked = S3Destination.model_construct(type="s3", key="film.mp4", expires_in=3)
    settings = shelf.settings()
    links = s3.Bucket(asked, shelf.bucket, settings).deliver(
        parcel_in(shelf.folder), threading.Event(), lambda _: None
    )

    assert httpx.get(links.film).status_code == 200
    assert eventually(lambda: httpx.get(links.film).status_code == 403)


@pytest.mark.parametrize("change", ["key", "time"])
def test_a_presigned_link_cannot_be_altered(shelf: Shelf, change: str) -> None:
    link = shelf.deliver().film
    altered = {
        "key": link.replace(f"{ID}.mp4", f"{ID}.jpg"),
        "time": link.replace("X-Amz-Expires=604800", "X-Amz-Expires=604801"),
    }

    assert altered[change] != link
    assert httpx.get(altered[change]).status_code == 403


def test_presigned_links_begin_with_the_address_for_callers(shelf: Shelf) -> None:
    link = shelf.deliver(s3_public_endpoint_url="https://s3.films.example").film

    assert urlsplit(link).netloc == "s3.films.example"


def test_links_of_a_public_bucket_begin_with_its_base(shelf: Shelf) -> None:
    links = shelf.deliver({"key": "a film/{id}.mp4", "public_base_url": "https://cdn.example/films/"})

    assert links.film == f"https://cdn.example/films/a%20film/{ID}.mp4"


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


def test_a_server_that_is_away_for_a_while_is_waited_for(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.ceph.stop()
    arrived: list[tuple[Links, ...]] = []
    round_ = shelf.round(None, parcel_in(shelf.folder))
    work = threading.Thread(target=lambda: arrived.append(round_.go(threading.Event())))
    work.start()
    eventually(lambda: "destination_away" in [record.getMessage() for record in caplog.records])
    shelf.ceph.start()
    work.join(60)
    assert len(arrived) == 1
    assert shelf.names() == KEYS


def test_a_server_that_stays_away_is_told_as_one_that_may_come_back(shelf: Shelf) -> None:
    shelf.ceph.stop()

    error = refusal(lambda: shelf.deliver(max_delivery_seconds=1))

    assert (type(error), error.retryable) == (DestinationAway, True)


KMS: dict[str, Any] = {"s3_encryption": "aws:kms", "s3_kms_key_id": KMS_KEY_ID}


@pytest.mark.parametrize("size_bytes", [1000, LARGE_BYTES])
def test_every_object_is_encrypted_by_the_store_when_asked_for(shelf: Shelf, size_bytes: int) -> None:
    link = shelf.deliver(size_bytes=size_bytes, **KMS).film

    for name in KEYS:
        told = shelf.client.head_object(Bucket=shelf.bucket, Key=name)
        assert (told["ServerSideEncryption"], told["SSEKMSKeyId"]) == ("aws:kms", KMS_KEY_ID)
    film = (shelf.folder / "film.mp4").read_bytes()
    assert shelf.client.get_object(Bucket=shelf.bucket, Key=f"{ID}.mp4")["Body"].read() == film
    assert httpx.get(link, headers={"Range": "bytes=100-199"}).content == film[100:200]


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


def test_a_delivery_that_is_stopped_leaves_no_part(shelf: Shelf) -> None:
    halt = threading.Event()
    destination = s3.Bucket(S3Destination(type="s3"), shelf.bucket, shelf.settings())

    # Stopped as soon as the first bytes are under way.
    with pytest.raises(Interrupted):
        destination.deliver(parcel_in(shelf.folder, 4 * LARGE_BYTES), halt, lambda _: halt.set())

    assert (shelf.names(), shelf.unfinished()) == ([], [])


def test_parts_that_a_killed_worker_left_are_taken_back(shelf: Shelf) -> None:
    shelf.client.create_multipart_upload(Bucket=shelf.bucket, Key=f"{ID}.mp4")
    shelf.client.create_multipart_upload(Bucket=shelf.bucket, Key=f"{ID}.mp4.other")

    shelf.deliver(size_bytes=LARGE_BYTES)

    assert shelf.unfinished() == [f"{ID}.mp4.other"]


class Meanwhile(threading.Event):
    """A wish to stop that never comes; the nth look at it lets something else happen."""

    def __init__(self, look: int, happen: Callable[[], object]) -> None:
        super().__init__()
        self._looks, self._happen = iter(range(1, look)), happen
        self.has_happened = False

    def is_set(self) -> bool:
        if next(self._looks, None) is None and not self.has_happened:
            self.has_happened = True
            self._happen()
        return False


@pytest.mark.parametrize("overwrite", [True, False])
@pytest.mark.parametrize("look", range(1, 10))
def test_of_two_films_brought_to_one_key_at_the_same_time_one_is_there_as_a_whole(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, overwrite: bool, look: int
) -> None:
    monkeypatch.setattr(round_module, "FIRST_PAUSE_SECONDS", 0.01)
    films = {"anna": parcel_in(tmp_path / "anna"), "berta": parcel_in(tmp_path / "berta")}
    for name, parcel in films.items():
        for item in parcel.items[:-1]:
            assert isinstance(item.content, Path)
            item.content.write_text(f"{name}'s {item.kind}")
    refused: dict[str, str] = {}

    def bring(name: str, halt: threading.Event) -> None:
        try:
            shelf.round({"key": "one.mp4", "overwrite": overwrite}, films[name]).go(halt)
        except DeliveryFailed as error:
            refused[name] = error.code

    halt = Meanwhile(look, lambda: bring("berta", threading.Event()))
    bring("anna", halt)

    bodies = [shelf.client.get_object(Bucket=shelf.bucket, Key=key)["Body"].read() for key in shelf.names()]
    there = {name for name in films if any(f"{name}'s".encode() in body for body in bodies)}
    assert (halt.has_happened, len(bodies), len(there)) == (True, 4, 1)
    assert there.isdisjoint(refused)
    assert list(refused.values()) in ([[]] if overwrite else [[], ["object_exists"]])
