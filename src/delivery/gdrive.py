"""A folder of Google Drive."""

import hashlib
import json
import logging
from typing import NamedTuple

from ..cloud.google import WrongCredentials, drive_credentials
from ..errors import DeliveryFailed, DestinationAway, NeuroShortsError
from ..models.object_key import expand, wrong_name
from ..models.output import GoogleDriveDestination
from ..settings import Settings
from .drive_files import DriveFile, Folder
from .drive_upload import SessionExpired, Upload
from .drive_wire import Wire
from .parcel import FILM, JOB, Item, Links, Parcel
from .round import Halt, Sent

_log = logging.getLogger(__name__)

#: Properties by which a file is found again; only the same OAuth client, or service accounts of the same
#: project, see them. A key and its value have at most 124 bytes together, hence a digest.
_JOB_PROPERTY, _KIND_PROPERTY = "neuroshorts_job", "neuroshorts_kind"
#: How often one file is begun where Drive forgets what has begun.
_BEGINNINGS = 3


class _Order(NamedTuple):
    """What is to become of one item."""

    item: Item
    name: str
    properties: dict[str, str]


class DriveFolder:
    """A place in a folder for one film."""

    def __init__(self, asked: GoogleDriveDestination, folder_id: str, settings: Settings) -> None:
        """Connect to nothing yet.

        Raises:
            DeliveryFailed: the settings cannot be used.
        """
        self._asked, self._folder_id = asked, folder_id
        try:
            credentials = drive_credentials(settings)
        except WrongCredentials as error:
            raise DeliveryFailed(error.code, f"cannot deliver to Google Drive: {error.message}") from error
        where = f"the folder {folder_id!r} of Google Drive"
        self._wire = Wire(credentials, settings.gdrive_endpoint_url, where)
        self._begun: Upload | None = None
        # What arrived damaged is ours to replace, whatever the job says.
        self._damaged: set[str] = set()

    def deliver(self, parcel: Parcel, halt: Halt, sent: Sent) -> Links:
        """Upload what is not there yet; see `Destination`."""
        names = self._names(parcel)
        folder = Folder(self._wire, self._folder_id, halt)
        try:
            folder.check()
            links = {}
            for item in parcel.items:
                order = _Order(item, names[item.kind], _properties(parcel, item, names[FILM]))
                file = self._bring(folder, order, halt, sent)
                if self._asked.share == "anyone" and item.kind != JOB:
                    folder.share(file)
                links[item.kind] = file.link
        except DestinationAway:
            raise
        except NeuroShortsError:
            self.give_up()
            raise
        return Links(links)

    def give_up(self) -> None:
        """End an upload that was to be gone on with."""
        if self._begun:
            self._wire.take_back(self._begun.url)
            self._begun = None

    def _names(self, parcel: Parcel) -> dict[str, str]:
        """Name the files by the kinds of their items."""
        suffix = parcel.suffix(parcel.film)
        film = expand(self._asked.name, parcel.template_values)
        if wrong := wrong_name(film):
            raise DeliveryFailed("wrong_name", f"cannot use the name {film!r}: {wrong}")
        names = {item.kind: film.removesuffix(suffix) + parcel.suffix(item) for item in parcel.items}
        return names | {FILM: film}

    def _bring(self, folder: Folder, order: _Order, halt: Halt, sent: Sent) -> DriveFile:
        """Upload one item unless an equal one is there."""
        for _ in range(_BEGINNINGS):
            found = self._there(folder, order)
            if found and found.is_equal_to(order.item):
                _log.info("file_there_already", extra={"file_id": found.id, "file_name": order.name})
                sent(order.item.size_bytes)
                self._begun = None
                return found
            try:
                told = self._upload(folder, order, found).finish(halt, sent)
            except SessionExpired:
                _log.info("upload_expired", extra={"file_name": order.name})
                self._begun = None
                continue
            self._begun = None
            file = DriveFile.of(told, self._wire.where)
            if file.is_equal_to(order.item):
                return file
            self._damaged.add(file.id)
            raise DestinationAway(self._wire.where, f"{order.name!r} arrived damaged")
        raise DestinationAway(self._wire.where, "it forgets what was begun")

    def _there(self, folder: Folder, order: _Order) -> DriveFile | None:
        """Find what was brought before.

        Raises:
            DeliveryFailed: that is another one, and may not be replaced.
        """
        every = folder.find(order.properties)
        equal = [file for file in every if file.is_equal_to(order.item)]
        found = next(iter(equal or every), None)
        if found and not equal and not self._asked.overwrite and found.id not in self._damaged:
            told = "is there already, and is another one: choose another name, or say overwrite: true"
            raise DeliveryFailed("object_exists", f"{order.name!r} in {self._wire.where} {told}")
        return found

    def _upload(self, folder: Folder, order: _Order, found: DriveFile | None) -> Upload:
        """Go on with the upload that was interrupted, or begin one."""
        if self._begun is None or self._begun.item is not order.item:
            replaced = found.id if found else ""
            self._begun = folder.begin(order.item, order.name, order.properties, replaced)
        return self._begun


def _properties(parcel: Parcel, item: Item, film: str) -> dict[str, str]:
    """Tell what a file is found again by: whose film of which job, under which name."""
    sender = parcel.sender
    told = json.dumps([sender.owner, sender.job_id or sender.id, film])
    return {_JOB_PROPERTY: hashlib.sha256(told.encode()).hexdigest(), _KIND_PROPERTY: item.kind}
