"""The folder for the files of one render's work in progress."""

import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .console import Desk
from .jobfile import make_writable_folder
from .signals import handled


@contextmanager
def work_folder(desk: Desk, *, keep: bool = False) -> Iterator[Path]:
    """Make a fresh folder below the cache folder, and remove it afterwards unless it is to be kept."""
    make_writable_folder(desk.settings.cache_dir)
    work_dir = Path(tempfile.mkdtemp(prefix="render-", dir=desk.settings.cache_dir)).absolute()
    try:
        yield work_dir
    finally:
        if keep:
            desk.say(f"work files: {work_dir}")
        else:
            with handled(signal.SIG_IGN):
                shutil.rmtree(work_dir, ignore_errors=True)
