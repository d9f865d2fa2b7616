"""What is delivered: the film with everything that goes with it, the same however often it is packed."""

import hashlib
import json
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from ..models.output import MEDIA_TYPES, UNKNOWN_TYPE
from ..models.status import RenderResult

#: What a result tells that differs from one render of the same film to the next.
_PASSING = {"url", "urls", "poster_url", "sidecars", "timings", "cpu_seconds", "bytes_fetched", "cache"}
#: Kind of the item that tells what the film is.
JOB = "job"
FILM = "film"
POSTER = "poster"
_NOBODY = "-"


class Sender(NamedTuple):
    """Whose film it is."""

    id: str
    """Our name of the job."""
    job_id: str
    """The caller's name of it."""
    owner: str
    created_at: datetime
    """When the job was handed in."""


class Item:
    """One file, or a few bytes that have none."""

    def __init__(self, kind: str, name: str, content: Path | bytes) -> None:
        self.kind = kind
        """film, poster, job or the kind of a sidecar."""
        self.name = name
        self.content = content

    @property
    def media_type(self) -> str:
        """What it is, for a browser."""
        return MEDIA_TYPES.get(Path(self.name).suffix, UNKNOWN_TYPE)

    @property
    def size_bytes(self) -> int:
        """Its size."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size

    @cached_property
    def sha256(self) -> str:
        """Its digest in hex."""
        if isinstance(self.content, bytes):
            return hashlib.sha256(self.content).hexdigest()
        with self.content.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


class Parcel(NamedTuple):
    """A film and what goes with it."""

    sender: Sender
    items: tuple[Item, ...]
    """The film first, what tells of it last: where that stands, everything stands."""

    @property
    def film(self) -> Item:
        """The film itself."""
        return self.items[0]

    @property
    def size_bytes(self) -> int:
        """Size of everything."""
        return sum(item.size_bytes for item in self.items)

    @property
    def template_values(self) -> dict[str, str]:
        """What is filled into the template of a key or a name."""
        sender = self.sender
        return {
            "id": sender.id,
            "job_id": sender.job_id or sender.id,
            # No slash, and no two owners alike.
            "owner": quote(sender.owner, safe="@ ") or _NOBODY,
            "date": sender.created_at.date().isoformat(),
            "format": self.suffix(self.film).removeprefix("."),
        }

    def suffix(self, item: Item) -> str:
        """Tell what an item's name has instead of the film's suffix."""
        return item.name.removeprefix(Path(self.film.name).stem)


class Links(NamedTuple):
    """Where the items of a parcel are now, by their kind."""

    of: dict[str, str]

    @property
    def film(self) -> str:
        """Where the film is."""
        return self.of[FILM]


def pack(sender: Sender, metadata: dict[str, Any], result: RenderResult) -> Parcel:
    """Put the files of a finished render together."""
    film = Path(result.url)
    beside = {POSTER: result.poster_url} if result.poster_url else {}
    files = {kind: Path(path) for kind, path in (beside | result.sidecars).items()}
    told = {
        "id": sender.id,
        "job_id": sender.job_id,
        "metadata": metadata,
        "created_at": sender.created_at.isoformat(),
        "film": result.model_dump(mode="json", exclude=_PASSING),
    }
    content = json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"
    return Parcel(
        sender,
        (
            Item(FILM, film.name, film),
            *(Item(kind, file.name, file) for kind, file in files.items()),
            Item(JOB, f"{film.stem}.job.json", content),
        ),
    )
