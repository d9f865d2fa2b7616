"""What of Google Drive a delivery uses: its folders, files and uploads, and what goes wrong with them."""

import hashlib
import re
import secrets
import threading
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from tests.google_account import ROBOT, Answered, GoogleAccounts

#: What is kept of bytes whose request was cut is a multiple of this.
GRAIN_BYTES = 256 * 1024
_FOLDER = "application/vnd.google-apps.folder"

Call = Literal["token", "folder", "find", "begin", "chunk", "question", "share", "farewell"]


class Fault(NamedTuple):
    """What happens to one request."""

    on: Call
    does: Literal["refuse", "cut", "lose", "hang", "halve", "expire", "damage"]
    status: int = 503
    reason: str = ""
    after_bytes: int = 0
    """Bytes of the body that are taken in before it is cut, or before it hangs."""


class Stored:
    """A file in a folder."""

    def __init__(self, id: str, file: Path, told: dict[str, Any]) -> None:
        self.id, self.file, self.told = id, file, told
        self.shared_with: list[dict[str, str]] = []
        self.name = str(told["name"])

    @property
    def content(self) -> bytes:
        return self.file.read_bytes()

    def fields(self) -> dict[str, Any]:
        """Tell what Drive tells of it."""
        with self.file.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            md5 = hashlib.file_digest(file, "md5").hexdigest()
        link = f"https://drive.google.com/file/d/{self.id}/view?usp=drivesdk"
        size = str(self.file.stat().st_size)
        return {
            "id": self.id,
            "size": size,
            "sha256Checksum": sha256,
            "md5Checksum": md5,
            "webViewLink": link,
        }


class Session:
    """An upload that has begun."""

    def __init__(self, told: dict[str, Any], size_bytes: int, file: Path, replaces: str) -> None:
        self.told, self.size_bytes, self.file, self.replaces = told, size_bytes, file, replaces
        self.finished_id = ""
        file.touch()

    @property
    def received_bytes(self) -> int:
        return self.file.stat().st_size


class Drive:
    """Folders, files, uploads, and what goes wrong with them next."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.port = urlsplit(url).port or 0
        self.accounts = GoogleAccounts(url)
        self.folders: dict[str, dict[str, Any]] = {"films": {"driveId": "shared-drive"}, "mine": {}}
        self.files: dict[str, Stored] = {}
        self.sessions: dict[str, Session] = {}
        self.faults: list[Fault] = []
        self.calls: list[tuple[Call, str]] = []
        """What was asked, and the `Content-Range` of bytes."""
        self.forbids_sharing = False
        self.closing = threading.Event()
        """Set when nobody is answered any more."""
        self._lock = threading.Lock()

    def named(self, name: str) -> Stored:
        """Find the one file of a name."""
        [found] = [file for file in self.files.values() if file.name == name]
        return found

    def names(self) -> list[str]:
        return sorted(file.name for file in self.files.values())

    def asked(self, call: Call) -> int:
        """Count the requests of a kind."""
        return [kind for kind, _ in self.calls].count(call)

    def next_fault(self, call: Call) -> Fault | None:
        """Take what happens to this request."""
        with self._lock:
            found = next((fault for fault in self.faults if fault.on == call), None)
            if found:
                self.faults.remove(found)
        return found

    def find(self, query: dict[str, str]) -> Answered:
        folder_id, properties = _understood(query["q"])
        drive_id = self.folders.get(folder_id, {}).get("driveId")
        if folder_id not in self.folders:
            return refusal(404, "notFound", f"File not found: {folder_id}")
        assert query["includeItemsFromAllDrives"] == "true"
        assert query.get("driveId") == drive_id
        found = [
            file.fields()
            for file in self.files.values()
            if folder_id in file.told["parents"] and properties.items() <= file.told["appProperties"].items()
        ]
        return Answered(200, {"files": found})

    def look_at(self, id: str) -> Answered:
        if id not in self.folders:
            return refusal(404, "notFound", f"File not found: {id}")
        folder = {"mimeType": _FOLDER, "trashed": False, "capabilities": {"canAddChildren": True}}
        return Answered(200, folder | self.folders[id])

    def begin(self, who: str, replaces: str, told: dict[str, Any], size_bytes: int) -> Answered:
        for parent in told.get("parents", ()):
            if parent not in self.folders:
                return refusal(404, "notFound", f"File not found: {parent}")
            if who == ROBOT and not self.folders[parent].get("driveId"):
                return refusal(403, "storageQuotaExceeded", "Service Accounts do not have storage quota.")
        assert all(len((key + value).encode()) <= 124 for key, value in told["appProperties"].items())
        id = secrets.token_hex(8)
        self.sessions[id] = Session(told, size_bytes, self.folder / f"upload-{id}", replaces)
        where = f"{self.url}/upload/drive/v3/files?uploadType=resumable&upload_id={id}"
        return Answered(200, {}, where)

    def finish(self, session: Session, *, damaged: bool) -> dict[str, Any]:
        """Make a file of an upload, once."""
        if damaged:
            with session.file.open("r+b") as file:
                first = file.read(1)
                file.seek(0)
                file.write(bytes([first[0] ^ 1]))
        if not session.finished_id:
            id = session.finished_id = session.replaces or secrets.token_hex(8)
            before = self.files[id].told if session.replaces else {}
            self.files[id] = Stored(id, session.file, before | session.told)
        return self.files[session.finished_id].fields()

    def share(self, id: str, told: dict[str, str]) -> Answered:
        if self.forbids_sharing:
            return refusal(403, "publishOutNotPermitted", "Sharing outside of the domain is not allowed.")
        if told not in self.files[id].shared_with:
            self.files[id].shared_with.append(told)
        return Answered(200, {"id": "anyoneWithLink"})


def refusal(status: int, reason: str, message: str = "") -> Answered:
    """Refuse as Google does."""
    error = {"code": status, "message": message, "errors": [{"domain": "global", "reason": reason}]}
    return Answered(status, {"error": error})


def _understood(search: str) -> tuple[str, dict[str, str]]:
    """Read a search of the one form that is used."""
    text = r"'((?:[^'\\]|\\['\\])*)'"
    head = re.match(rf"{text} in parents and trashed = false", search)
    assert head, search
    rest = search[head.end() :]
    pattern = rf" and appProperties has {{ key={text} and value={text} }}"
    found = {_plain(key): _plain(value) for key, value in re.findall(pattern, rest)}
    assert not re.sub(pattern, "", rest), search
    return _plain(head[1]), found


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
