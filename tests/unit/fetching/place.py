"""A machine that fetches, as the tests of that have it."""

import threading
from pathlib import Path
from typing import Any, NamedTuple

from src.cloud.signing import StoreSigner
from src.fetching.fetcher import MediaFetcher
from src.fetching.pace import Limits
from src.models.media_refs import MediaKind, MediaRef
from src.pipeline.request import Fetched
from src.settings import Settings

MEGABYTE = 1024 * 1024
BODY = bytes(range(256)) * 4096
PATH = "scenes[0].visuals[0].src"
#: Impatient, so that what never succeeds fails soon; a server may be slow, as on a busy machine.
LIMITS = Limits(64 * MEGABYTE, 120, stall_seconds=60, patience_seconds=1)


class Place(NamedTuple):
    """A machine that fetches."""

    folder: Path
    settings: Settings

    def fetch(self, src: str, kind: MediaKind = "image", limits: Limits = LIMITS, **more: Any) -> Fetched:
        work = self.folder / "work"
        work.mkdir(exist_ok=True)
        fetcher = MediaFetcher(self.settings, StoreSigner(self.settings), more.get("guard"), limits)
        told, stop = more.get("told", lambda had, whole: None), more.get("stop", threading.Event())
        held_up = more.get("held_up", lambda setback: None)
        return fetcher.fetch(MediaRef(PATH, src, kind), work, told, stop, held_up)

    def left(self) -> list[str]:
        """List what lies in the work folder."""
        return sorted(file.name for file in (self.folder / "work").iterdir())


def place_at(folder: Path, **more: Any) -> Place:
    return Place(
        folder, Settings(cache_dir=folder / "cache", **{"fetch_allow_hosts": ("127.0.0.1",), **more})
    )
