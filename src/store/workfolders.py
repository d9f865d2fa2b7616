"""Folders for work in progress, each locked by the process that works in it.

The system lets go of a lock when its process ends, however it ends. So a folder whose lock can be taken
belongs to nobody any more, and whoever starts next clears it away, with what its render had begun to hand
over.
"""

import logging
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from ..pipeline.staging import take_back

_log = logging.getLogger(__name__)

_PREFIX = "render-"
#: What the name of a folder that is to stay begins with.
_KEPT_PREFIX = "kept-"


class WorkFolders:
    """The work folders below a cache folder."""

    def __init__(self, cache_dir: Path) -> None:
        self._root = (cache_dir / "work").absolute()

    @contextmanager
    def open(self) -> Iterator[Path]:
        """Give an empty folder to work in, and clear away those of processes that were killed."""
        self.sweep()
        lock = self._locked()
        folder = _folder_of(Path(lock.lock_file))
        try:
            folder.mkdir()
            yield folder
        finally:
            _clear(folder, lock)

    def sweep(self) -> int:
        """Clear away the folders whose process is gone; tell how many."""
        self._root.mkdir(parents=True, exist_ok=True)
        cleared = 0
        for file in filter(_is_mine, sorted(self._root.glob(f"{_PREFIX}*.lock"))):
            lock = FileLock(file)
            try:
                lock.acquire(blocking=False)
            except (Timeout, OSError):  # somebody works there, or it is somebody else's
                continue
            _log.info("work_folder_cleared", extra={"folder": str(_folder_of(file))})
            _clear(_folder_of(file), lock)
            cleared += 1
        return cleared

    def _locked(self) -> FileLock:
        """Lock the name of a new folder; before there is a folder, or others would think it left behind."""
        while True:
            file = self._root / f"{_PREFIX}{uuid.uuid4().hex[:12]}.lock"
            lock = FileLock(file)
            lock.acquire()
            if file.exists():
                return lock
            lock.release()  # somebody took the lock between its making and its locking, and cleared it away


def keep(folder: Path) -> Path:
    """Move a work folder to a name under which it stays; return that."""
    kept = folder.with_name(_KEPT_PREFIX + folder.name.removeprefix(_PREFIX))
    folder.rename(kept)
    return kept


def _is_mine(lock_file: Path) -> bool:
    """Tell whether this user made a lock: what others note in their folders is not carried out."""
    try:
        return not hasattr(os, "getuid") or lock_file.stat().st_uid == os.getuid()
    except OSError:
        return False


def _folder_of(lock_file: Path) -> Path:
    return lock_file.with_suffix("")


def _clear(folder: Path, lock: FileLock) -> None:
    if folder.exists():
        take_back(folder)
        shutil.rmtree(folder, ignore_errors=True)
    # Windows deletes no file that is open; whoever takes the lock in between finds nothing left to clear.
    lock.release()
    with suppress(OSError):
        Path(lock.lock_file).unlink(missing_ok=True)
