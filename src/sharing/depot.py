"""Entries of the cache as objects in a bucket, read and written by signed URLs."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import httpcore

from ..cloud.s3_codes import Complaint
from ..cloud.signing import Signed, Signer
from ..errors import CallFailed, NeuroShortsError
from ..network.deadline import Deadline
from ..network.destination import Destination
from ..network.exchange import Asked, Exchange, beginning_of
from ..network.guard import Guard
from ..store.entry import Name

#: What is shared: these cost most to make.
KIND = "segment"
#: Seconds for bringing one: what takes longer is rendered sooner.
_SECONDS = 15.0
#: Tries of one; a connection may be cut.
_TRIES = 2
#: Bytes of one; larger ones are not shared.
MOST_BYTES = 24 * 1024**2
_PART = re.compile(rf"{KIND}/[0-9a-f]{{64}}")
T = TypeVar("T")


class DepotUnusable(NeuroShortsError):
    """The shared cache does not give or take what it should."""

    code = "shared_cache_unusable"


class Depot:
    """A place in a bucket; safe to use from several threads."""

    def __init__(self, place: str, signer: Signer) -> None:
        """Name the place by its URL, such as `s3://bucket/segments`."""
        self._place, self._signer, self._guard = place, signer, Guard()

    def bring(self, name: Name, into: Path) -> bool:
        """Download the file of an entry; tell whether there is one.

        Raises:
            DepotUnusable: nobody knows.
        """
        return self._tried(lambda: self._bring(name, into))

    def put(self, name: Name, file: Path) -> None:
        """Upload the file of an entry.

        Raises:
            DepotUnusable: it was not taken.
        """
        self._tried(lambda: self._put(name, file))

    def _tried(self, work: Callable[[], T]) -> T:
        for attempt in range(1, _TRIES + 1):
            try:
                return work()
            except CallFailed as error:
                if attempt == _TRIES:
                    raise DepotUnusable(error.message) from error
            except DepotUnusable:
                raise
            except NeuroShortsError as error:
                raise DepotUnusable(error.message) from error
        raise AssertionError

    def _bring(self, name: Name, into: Path) -> bool:
        signed = self._signer.signed("GET", self._uri(name))
        with self._exchange(signed).open(_asked("GET", signed), Deadline(_SECONDS)) as response:
            if response.status == 200:
                _save(response, into)
                return True
            complaint = Complaint.read(beginning_of(response))
        if complaint.code == "NoSuchKey":
            return False
        raise _refused(response.status, complaint)

    def _put(self, name: Name, file: Path) -> None:
        signed = self._signer.signed("PUT", self._uri(name))
        asked = _asked("PUT", signed, file.read_bytes())
        with self._exchange(signed).open(asked, Deadline(_SECONDS)) as response:
            if response.status != 200:
                raise _refused(response.status, Complaint.read(beginning_of(response)))

    def _exchange(self, signed: Signed) -> Exchange:
        return Exchange(self._guard.trusting(signed.url))

    def _uri(self, name: Name) -> str:
        return f"{self._place}/{name}"


def is_part_of(place: str, uri: str) -> bool:
    """Tell whether a URI names an entry in a shared cache, wherever that is."""
    return bool(place) and uri.startswith(f"{place}/") and bool(_PART.fullmatch(uri[len(place) + 1 :]))


def _asked(method: str, signed: Signed, body: bytes | None = None) -> Asked:
    return Asked(method, Destination.of(signed.url), signed.headers, body)


def _save(response: httpcore.Response, into: Path) -> None:
    size_bytes = 0
    with into.open("wb") as file:
        for part in response.iter_stream():
            size_bytes += len(part)
            if size_bytes > MOST_BYTES:
                raise DepotUnusable(f"an entry has more than {MOST_BYTES:,} bytes")
            file.write(part)


def _refused(status: int, complaint: Complaint) -> CallFailed | DepotUnusable:
    told = f"it answers with HTTP {status} {complaint}".strip()
    return CallFailed(told) if status >= 500 else DepotUnusable(told)
