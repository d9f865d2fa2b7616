"""The folder of one command's work in progress, and the cache beside it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..runtime import importing
from .console import Desk

if TYPE_CHECKING:
    from ..cloud.signing import Signer
    from ..pipeline.cache import Cache
    from ..stopping import Stop


class Workshop(NamedTuple):
    """Where a command works."""

    work_dir: Path
    cache: "Cache"
    signer: "Signer"
    """Of the user, who may read whatever the user may."""


@contextmanager
def open_workshop(desk: Desk, stop: "Stop | None" = None, *, keep_work: bool = False) -> Iterator[Workshop]:
    """Give a fresh folder below the cache folder, and remove it afterwards unless it is to be kept.

    Args:
        desk: of the command.
        stop: set when its work is to end; without one, `KeyboardInterrupt` ends it.
        keep_work: whether the folder stays.
    """
    with importing():
        from ..cloud.signing import StoreSigner
        from ..sharing.opening import opened_cache
        from ..store.workfolders import WorkFolders, keep
        from .jobfile import make_writable_folder

    settings = desk.settings
    make_writable_folder(settings.cache_dir / "work")
    with WorkFolders(settings.cache_dir).open() as work_dir:
        signer = StoreSigner(settings)
        try:
            with opened_cache(settings, work_dir, signer, stop or threading.Event()) as cache:
                yield Workshop(work_dir, cache, signer)
        finally:
            if keep_work and work_dir.exists():
                desk.say(f"work files: {keep(work_dir)}")
