"""What a delivery asks of Google Drive beside the bytes: folders, files, who may open them."""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import DeliveryFailed, DestinationAway
from .drive_answers import Answer, failed, meaning, meaning_for_sharing
from .drive_upload import Upload
from .drive_wire import Wire
from .parcel import Item
from .round import Halt

_FILES = "/drive/v3/files"
_UPLOADS = "/upload/drive/v3/files"
_ALL_DRIVES = {"supportsAllDrives": "true"}
#: What is wanted of a file. Source: Google Drive API, "REST Resource: files".
_FIELDS = "id,size,sha256Checksum,md5Checksum,webViewLink"
_FOLDER_FIELDS = "mimeType,trashed,driveId,capabilities(canAddChildren)"
_FOLDER_TYPE = "application/vnd.google-apps.folder"
_NOT_FOUND = 404


class DriveFile(NamedTuple):
    """A file that is in Drive."""

    id: str
    link: str
    size_bytes: int
    sha256: str
    md5: str

    @classmethod
    def of(cls, told: Mapping[str, Any], where: str) -> "DriveFile":
        """Read what Drive tells of a file."""
        if "id" not in told:
            raise DestinationAway(where, "an answer was cut")
        id = str(told["id"])
        link = str(told.get("webViewLink") or f"https://drive.google.com/file/d/{id}/view")
        checksums = str(told.get("sha256Checksum", "")), str(told.get("md5Checksum", ""))
        return cls(id, link, int(told.get("size", -1)), *checksums)

    def is_equal_to(self, item: Item) -> bool:
        """Tell whether it holds the same bytes."""
        if self.size_bytes != item.size_bytes:
            return False
        return self.sha256 == item.sha256 if self.sha256 else self.md5 == _md5(item)


class Folder:
    """A folder, as one delivery sees it."""

    def __init__(self, wire: Wire, id: str, halt: Halt) -> None:
        self._wire, self._id, self._halt = wire, id, halt

    def check(self) -> None:
        """Make sure that files can be put there.

        Raises:
            DeliveryFailed: they cannot.
        """
        told = self._told
        if told.get("mimeType") != _FOLDER_TYPE or told.get("trashed"):
            raise failed("missing_folder", self._wire.where, "it is no folder, or in the bin")
        if told.get("capabilities", {}).get("canAddChildren") is False:
            raise failed("no_rights", self._wire.where, "it may only be looked at")

    def find(self, properties: Mapping[str, str]) -> list[DriveFile]:
        """Find the files that carry all these properties, the oldest first."""
        query = {
            "q": search_of(self._id, properties),
            "fields": f"files({_FIELDS})",
            "orderBy": "createdTime",
            "spaces": "drive",
            "includeItemsFromAllDrives": "true",
        }
        if drive_id := self._told.get("driveId"):
            query |= {"corpora": "drive", "driveId": str(drive_id)}
        found = self._call("GET", _FILES, query).told.get("files", ())
        return [DriveFile.of(each, self._wire.where) for each in found]

    def begin(self, item: Item, name: str, properties: Mapping[str, str], instead_of: str = "") -> Upload:
        """Begin to upload a file, or other content of the file with an id."""
        kind = item.media_type.partition(";")[0]
        told: dict[str, object] = {"name": name, "mimeType": kind, "appProperties": dict(properties)}
        query = {"uploadType": "resumable", "fields": _FIELDS}
        headers = {"X-Upload-Content-Type": kind, "X-Upload-Content-Length": str(item.size_bytes)}
        if instead_of:
            answer = self._replace(instead_of, query, told, headers)
        else:
            answer = self._call("POST", _UPLOADS, query, {**told, "parents": [self._id]}, headers)
        if not answer.location:
            raise DestinationAway(self._wire.where, "it tells no place for the upload")
        return Upload(self._wire, answer.location, item)

    def share(self, file: DriveFile) -> None:
        """Let anyone open a file who has its link; doing so again changes nothing."""
        path = f"{_FILES}/{file.id}/permissions"
        told = {"type": "anyone", "role": "reader"}
        answer = self._wire.call(self._halt, "POST", path, query=_ALL_DRIVES, told=told)
        if answer.status == _NOT_FOUND:
            raise DestinationAway(self._wire.where, "the file was removed meanwhile")
        if answer.status >= 300:
            raise meaning_for_sharing(answer, self._wire.where)

    def _replace(
        self, id: str, query: Mapping[str, str], told: Mapping[str, object], headers: Mapping[str, str]
    ) -> Answer:
        try:
            return self._call("PATCH", f"{_UPLOADS}/{id}", query, told, headers)
        except DeliveryFailed as error:
            if error.code != "missing_folder":
                raise
            raise DestinationAway(self._wire.where, "the file was removed meanwhile") from error

    @cached_property
    def _told(self) -> dict[str, Any]:
        return self._call("GET", f"{_FILES}/{self._id}", {"fields": _FOLDER_FIELDS}).told

    def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        told: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        asked = {**_ALL_DRIVES, **query}
        answer = self._wire.call(self._halt, method, path, query=asked, told=told, headers=headers)
        if answer.status >= 300:
            raise meaning(answer, self._wire.where)
        return answer


def search_of(folder_id: str, properties: Mapping[str, str]) -> str:
    """Write a search for files of a folder. Source: Google Drive API, "Search query terms and operators"."""
    has = [
        f"appProperties has {{ key={_quoted(key)} and value={_quoted(value)} }}"
        for key, value in properties.items()
    ]
    return " and ".join([f"{_quoted(folder_id)} in parents", "trashed = false", *has])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _md5(item: Item) -> str:
    content = item.content
    if isinstance(content, Path):
        with content.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
