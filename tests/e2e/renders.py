"""Processes that render, as this machine sees them."""

import os
from contextlib import suppress
from pathlib import Path


def processes() -> list[int]:
    """List all processes of this machine."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def is_render(pid: int, work: Path) -> bool:
    """Tell whether a process has files of a render open, below a folder as that process names it."""
    with suppress(OSError):
        if b"src.worker.child" in Path(f"/proc/{pid}/cmdline").read_bytes():
            return any(os.readlink(file).startswith(str(work)) for file in Path(f"/proc/{pid}/fd").iterdir())
    return False
