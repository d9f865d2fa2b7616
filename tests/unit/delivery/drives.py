"""Deliveries to a Drive of the tests."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from src.delivery import drive_upload
from src.delivery.catalogue import destinations_of
from src.delivery.parcel import Links
from src.delivery.round import Round
from src.errors import NeuroShortsError
from src.models.output import GoogleDriveDestination, Output
from src.settings import Settings
from tests.drive import Drive
from tests.unit.delivery.parcels import parcel_in

#: A film in several requests.
LARGE_BYTES = 3 * drive_upload.CHUNK_BYTES + 1
NAMES = ["row-1.job.json", "row-1.jpg", "row-1.mp4", "row-1.words.json"]


class Desk:
    """A Drive, and deliveries to it."""

    def __init__(self, drive: Drive, folder: Path) -> None:
        self.drive, self.folder = drive, folder
        self.robot = drive.accounts.service_account_file(folder)
        self.person = drive.accounts.person_file(folder)

    def settings(self, **more: Any) -> Settings:
        known: dict[str, Any] = {
            "google_credentials_file": self.robot,
            "gdrive_folder_id": "films",
            "gdrive_endpoint_url": self.drive.url,
            "max_delivery_seconds": 120,
        }
        return Settings(**(known | more))

    def round(self, asked: dict[str, Any] | None = None, size_bytes: int = 1000, **more: Any) -> Round:
        output = Output(
            destinations=(GoogleDriveDestination.model_validate({"type": "gdrive", **(asked or {})}),)
        )
        settings = self.settings(**more)
        parcel = parcel_in(self.folder / "films", size_bytes)
        return Round(parcel, destinations_of(output, settings), settings.max_delivery_seconds)

    def deliver(self, asked: dict[str, Any] | None = None, size_bytes: int = 1000, **more: Any) -> Links:
        return self.round(asked, size_bytes, **more).go(threading.Event())[0]

    def has_whole_film(self) -> bool:
        """Tell whether the film, and everything else, is there once."""
        film = self.drive.named("row-1.mp4").content
        return self.drive.names() == NAMES and film == (self.folder / "films" / "film.mp4").read_bytes()


def refusal(deliver: Callable[[], Any]) -> NeuroShortsError:
    with pytest.raises(NeuroShortsError) as caught:
        deliver()
    return caught.value
