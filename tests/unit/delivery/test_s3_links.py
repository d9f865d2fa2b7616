"""Links to films in a real server of S3: who may follow them, and for how long."""

import threading
from urllib.parse import urlsplit

import httpx
import pytest

from src.delivery import s3
from src.models.output import S3Destination
from tests.unit.delivery.parcels import ID, parcel_in
from tests.unit.delivery.shelves import Shelf
from tests.waiting import PATIENCE_SECONDS, eventually


def asked(link: str, **headers: str) -> httpx.Response:
    """Follow a link."""
    return httpx.get(link, headers=headers, timeout=PATIENCE_SECONDS)


def test_what_is_uploaded_is_private(shelf: Shelf) -> None:
    link = shelf.deliver().film

    assert asked(link).status_code == 200
    assert asked(link.partition("?")[0]).status_code == 403


def test_a_presigned_link_plays_in_parts(shelf: Shelf) -> None:
    link = shelf.deliver().film

    answer = asked(link, Range="bytes=10-19")

    assert answer.status_code == 206
    assert answer.content == (shelf.folder / "film.mp4").read_bytes()[10:20]
    assert answer.headers["Content-Type"] == "video/mp4"


def expiring(shelf: Shelf, seconds: int) -> str:
    destination = S3Destination.model_construct(type="s3", key=f"{seconds}.mp4", expires_in=seconds)
    bucket = s3.Bucket(destination, shelf.bucket, shelf.settings())
    return bucket.deliver(parcel_in(shelf.folder), threading.Event(), lambda _: None).film


def test_a_presigned_link_expires_when_it_was_told_to(shelf: Shelf) -> None:
    # A machine that stands still may come too late to the first one, which is shorter than a job may say.
    for seconds in (3, 60):
        link = expiring(shelf, seconds)
        if (status := asked(link).status_code) == 200:
            break

    assert status == 200
    eventually(lambda: asked(link).status_code == 403)


@pytest.mark.parametrize("change", ["key", "time"])
def test_a_presigned_link_cannot_be_altered(shelf: Shelf, change: str) -> None:
    link = shelf.deliver().film
    altered = {
        "key": link.replace(f"{ID}.mp4", f"{ID}.jpg"),
        "time": link.replace("X-Amz-Expires=604800", "X-Amz-Expires=604801"),
    }

    assert altered[change] != link
    assert asked(altered[change]).status_code == 403


def test_presigned_links_begin_with_the_address_for_callers(shelf: Shelf) -> None:
    link = shelf.deliver(s3_public_endpoint_url="https://s3.films.example").film

    assert urlsplit(link).netloc == "s3.films.example"


def test_links_of_a_public_bucket_begin_with_its_base(shelf: Shelf) -> None:
    links = shelf.deliver({"key": "a film/{id}.mp4", "public_base_url": "https://cdn.example/films/"})

    assert links.film == f"https://cdn.example/films/a%20film/{ID}.mp4"
