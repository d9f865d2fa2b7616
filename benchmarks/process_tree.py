"""CPU time and memory of a command, with everything it starts.

On Linux the meter adopts orphans (`PR_SET_CHILD_SUBREAPER`), so the CPU time of every descendant comes
back through `wait4` exactly, however short its life; memory is sampled from /proc. Elsewhere only the CPU
time of waited-for children is known.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from .machine import Load, glance, load_between

#: Seconds between two looks at the resident memory of the tree; a look costs about 2 ms.
RSS_PERIOD_S = 0.05
#: Looks at resident memory for one at the proportional share, which walks page tables.
PSS_EVERY = 6
#: `prctl` option of Linux: descendants that lose their parent become children of this process.
_PR_SET_CHILD_SUBREAPER = 36


class Cost(NamedTuple):
    """What a command used, all of its descendants included."""

    cpu_s: float
    """User and system time."""
    wall_s: float
    peak_rss_bytes: int | None
    """Highest sum of resident memory; shared pages count once per process. None where it is unknown."""
    peak_pss_bytes: int | None
    """Highest sum of proportional shares, where a shared page counts once."""
    most_processes: int | None
    left_behind: int
    """Processes that outlived the command and had to be killed."""


class CommandFailed(Exception):
    """The measured command did not succeed."""

    def __init__(self, command: Sequence[str], status: int, output: str) -> None:
        super().__init__(f"{' '.join(command)} ended with {status}:\n{output[-4000:]}")
        self.status = status


class Outcome(NamedTuple):
    """What a command printed, what it cost, and what else the machine did meanwhile."""

    stdout: str
    cost: Cost
    load: Load


#: Given the error stream so far, tells whether the command is to be killed now.
KillWhen = Callable[[str], bool]


def measure(
    command: Sequence[str],
    folder: Path,
    environment: dict[str, str] | None = None,
    kill_when: KillWhen | None = None,
) -> Outcome:
    """Run a command to its end; its streams go through files below `folder`.

    With `kill_when`, which needs Linux, its whole tree is ended by SIGKILL at that moment, and that it lives
    so long is part of the measurement.

    Raises:
        CommandFailed: with the end of its error stream; also when it ended before it could be killed.
    """
    if sys.platform != "linux" and (kill_when or sys.platform == "win32"):
        raise OSError("process costs are measured on Linux and macOS only, killed trees on Linux only")
    stdout, stderr = folder / "stdout.txt", folder / "stderr.txt"
    before = glance()
    with stdout.open("wb") as out, stderr.open("wb") as err:

        def start(*, start_new_session: bool = False) -> subprocess.Popen[bytes]:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env=_as_installed(environment or {}),
                start_new_session=start_new_session,
            )

        kill_now = partial(_reached, kill_when, stderr) if kill_when else None
        status, cost = _measure_linux(start, kill_now) if sys.platform == "linux" else _measure_posix(start)
    load = load_between(before, glance(), cost.cpu_s)
    if status != (-signal.SIGKILL if kill_when else 0):
        raise CommandFailed(command, status, stderr.read_text("utf-8", "replace"))
    return Outcome(stdout.read_text("utf-8", "replace"), cost, load)


def _as_installed(environment: dict[str, str]) -> dict[str, str]:
    """Have Python keep its byte code, as it does for people: some machines of builders forbid it."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return inherited | environment


def _reached(kill_when: KillWhen, stderr: Path) -> bool:
    return kill_when(stderr.read_text("utf-8", "replace"))


def _measure_posix(start: Callable[[], subprocess.Popen[bytes]]) -> tuple[int, Cost]:
    started = time.perf_counter()
    status, usage = _wait(start())
    return status, Cost(usage, time.perf_counter() - started, None, None, None, 0)


def _measure_linux(
    start: Callable[..., subprocess.Popen[bytes]], kill_now: Callable[[], bool] | None
) -> tuple[int, Cost]:
    before = frozenset(_children())
    _adopt_orphans(True)
    try:
        started = time.perf_counter()
        process = start(start_new_session=True)
        peaks = _watch(process.pid, before, kill_now)
        wall_s = time.perf_counter() - started
        status, cpu_s = _wait(process)
        orphans_cpu_s, left_behind = _end_orphans(before)
    except BaseException:
        _end_orphans(before)
        raise
    finally:
        _adopt_orphans(False)
    return status, Cost(
        cpu_s + orphans_cpu_s, wall_s, peaks.rss_bytes, peaks.pss_bytes, peaks.processes, left_behind
    )


class _Peaks(NamedTuple):
    rss_bytes: int
    pss_bytes: int
    processes: int


def _watch(root: int, before: frozenset[int], kill_now: Callable[[], bool] | None) -> _Peaks:
    """Sample the tree until its root has ended; the root stays a zombie, so its times are not lost."""
    peaks, looks = _Peaks(0, 0, 0), 0
    flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
    while os.waitid(os.P_PID, root, flags) is None:
        tree = descendants(os.getpid(), before)
        pss_bytes = sum(map(_pss_bytes, tree)) if looks % PSS_EVERY == 0 else 0
        sample = (sum(map(_rss_bytes, tree)), pss_bytes, len(tree))
        peaks = _Peaks(*map(max, peaks, sample))
        looks += 1
        if kill_now and kill_now():
            _kill(tree)
        time.sleep(RSS_PERIOD_S)
    return peaks


def _kill(tree: Sequence[int]) -> None:
    for pid in tree:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, float]:
    """Collect a child: its exit status, and the CPU seconds of it and of all it waited for."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_utime + usage.ru_stime


def _end_orphans(before: frozenset[int]) -> tuple[float, int]:
    """Kill and collect what the command left behind: CPU seconds, and how many were still running."""
    cpu_s, running = 0.0, 0
    while orphans := [pid for pid in _children() if pid not in before]:
        for pid in orphans:
            running += _state(pid) != "Z"
            _kill([pid])
            _, _, usage = os.wait4(pid, 0)
            cpu_s += usage.ru_utime + usage.ru_stime
    return cpu_s, running


def _adopt_orphans(adopt: bool) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, int(adopt), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def descendants(root: int, without: frozenset[int] = frozenset()) -> list[int]:
    """List the processes below `root`; those in `without` and all below them are left out."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (parent := _parent(int(entry.name))) is not None:
            children.setdefault(parent, []).append(int(entry.name))
    found, open_ends = [], [root]
    while open_ends:
        below = [pid for pid in children.get(open_ends.pop(), []) if pid not in without]
        found += below
        open_ends += below
    return found


def _children() -> list[int]:
    own = os.getpid()
    return [int(e.name) for e in Path("/proc").iterdir() if e.name.isdigit() and _parent(int(e.name)) == own]


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat after the command's name, which may hold spaces and brackets."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _parent(pid: int) -> int | None:
    fields = _stat(pid)
    return int(fields[1]) if fields else None


def _state(pid: int) -> str:
    fields = _stat(pid)
    return fields[0] if fields else "Z"


def _rss_bytes(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _pss_bytes(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return 0
