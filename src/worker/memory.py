"""Memory of a process with everything that it started, from Linux's /proc."""

import os
import sys
from pathlib import Path
from typing import NamedTuple


class _Process(NamedTuple):
    pid: int
    parent: int
    session: int
    resident_bytes: int


def is_known() -> bool:
    """Tell whether this system tells how much memory processes use."""
    return sys.platform == "linux"


def tree_bytes(root: int) -> int:
    """Add up the resident memory of a process, of its session and of all that descends from them.

    Pages that processes share count once for each.
    """
    return sum(process.resident_bytes for process in _tree(root))


def _tree(root: int) -> list[_Process]:
    rest = [process for name in os.listdir("/proc") if name.isdigit() and (process := _process(int(name)))]
    found: list[_Process] = []
    inside = {root}
    while grown := [p for p in rest if p.pid in inside or p.session == root or p.parent in inside]:
        found += grown
        inside |= {process.pid for process in grown}
        rest = [process for process in rest if process.pid not in inside]
    return found


def _process(pid: int) -> _Process | None:
    """Read what is known of a process. Source: proc(5), /proc/pid/stat."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The command's name comes in brackets and may hold spaces and brackets itself.
    fields = text.rpartition(")")[2].split()
    return _Process(pid, int(fields[1]), int(fields[3]), int(fields[21]) * os.sysconf("SC_PAGE_SIZE"))
