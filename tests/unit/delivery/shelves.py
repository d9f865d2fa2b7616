"""Deliveries to a bucket of the tests."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from src.delivery import s3
from src.delivery.catalogue import destinations_of
from src.delivery.parcel import Links, Parcel
from src.delivery.round import Round
from src.errors import NeuroShortsError
from src.models.output import Output, S3Destination
from src.settings import Settings
from tests.services.ceph import Ceph
from tests.unit.delivery.parcels import ID, parcel_in

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


def refusal(deliver: Callable[[], Any]) -> NeuroShortsError:
    with pytest.raises(NeuroShortsError) as caught:
        deliver()
    return caught.value
