"""The machine that is measured on: what it is, and what else it does during a measurement."""

import os
import platform
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from av import library_versions

from src import __version__

_PACKAGES = ("av", "moviepy", "imageio-ffmpeg", "numpy", "opencv-python-headless", "pillow")


class Load(NamedTuple):
    """What the machine did beside a measured command; None where the system does not tell."""

    average: float | None
    """Load average of the minute before the command."""
    others_share: float | None
    """Share of all cores' time, 0 to 1, that others kept busy."""
    steal_share: float | None
    """Share of all cores' time that the hypervisor gave to other machines."""


class Glance(NamedTuple):
    """Seconds since the machine started, over all cores, and what this process used of them."""

    busy_s: float
    steal_s: float
    total_s: float
    own_s: float
    average: float


def glance() -> Glance | None:
    """Look at the machine's own books; None where it keeps none in /proc.

    Source: proc(5), /proc/stat and /proc/loadavg.
    """
    try:
        first = Path("/proc/stat").read_text("ascii").split("\n", 1)[0].split()
        average = float(Path("/proc/loadavg").read_text("ascii").split()[0])
    except FileNotFoundError:
        return None
    tick_s = 1 / os.sysconf("SC_CLK_TCK")
    user, nice, system, idle, iowait, irq, softirq, steal = (int(ticks) * tick_s for ticks in first[1:9])
    busy = user + nice + system + irq + softirq
    return Glance(busy, steal, busy + idle + iowait + steal, time.process_time(), average)


def load_between(before: Glance | None, after: Glance | None, command_s: float) -> Load:
    """Tell what others did between two looks, while a command used `command_s` seconds of CPU time."""
    if before is None or after is None or after.total_s <= before.total_s:
        return Load(None, None, None)
    total_s = after.total_s - before.total_s
    others_s = after.busy_s - before.busy_s - (after.own_s - before.own_s) - command_s
    return Load(before.average, max(0.0, others_s / total_s), (after.steal_s - before.steal_s) / total_s)


def machine_facts() -> dict[str, Any]:
    """Describe the machine without naming it."""
    return {"cores": os.cpu_count(), "system": platform.system(), "processor": platform.machine()}


def versions() -> dict[str, str]:
    """Name the versions of everything that figures depend on."""
    packages = {package: version(package) for package in _PACKAGES}
    libavcodec = ".".join(map(str, library_versions["libavcodec"]))
    return {
        "neuroshorts": __version__,
        "python": platform.python_version(),
        "libavcodec": libavcodec,
        **packages,
    }
