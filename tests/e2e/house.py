"""A folder in which workers render real jobs of a real database, and what they render there."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from src.cli.jobstore import equip
from src.metrics import Metrics
from src.models.status import JobStatus, State
from src.settings import PREFIX, Settings
from src.store.jobs.database import database_url, open_database
from src.store.jobs.desk import JobDesk
from src.store.jobs.submission import Submission
from src.worker.supervisor import Supervisor
from tests.e2e.command import ROOT
from tests.waiting import PATIENCE_SECONDS, eventually

TINY = {"width": 64, "height": 112, "fps": 10, "sidecars": ["srt"]}
LARGER = {"width": 360, "height": 640, "fps": 30}
SHORT: dict[str, Any] = {"id": "row:1", "output": TINY, "scenes": [{"text": "Hello", "pad_end": 0}]}
#: Its segments are finished one after the other, for some seconds.
LONG: dict[str, Any] = {
    "id": "long",
    "output": LARGER,
    "scenes": [
        {"duration": 4, "visuals": [{"type": "procedural", "family": name}], "transition": {"type": "none"}}
        for name in ("aurora", "rain", "dunes", "voronoi", "flow")
    ],
}
#: Seconds within which a cancelled render is gone, on a machine that is busy with much else: far below those
#: that whatever it waited for would have taken.
AT_ONCE_SECONDS = 60.0
#: Stands for a render that never ends; told in the list of processes from those of tests beside these.
ENDLESS = (sys.executable, "-c", f"import time; time.sleep(600); 'a render of {os.getpid()}'")


class House:
    """A folder with a database, films and a cache, and whoever works in it."""

    def __init__(self, folder: Path, **more: Any) -> None:
        folders = {name: folder / name for name in ("data_dir", "cache_dir", "log_dir")}
        self.settings = Settings(**{**folders, "workers": 1, **more})
        self.engine = open_database(database_url(self.settings))
        self.desk = JobDesk(self.engine, self.settings.max_queued_jobs)

    def submit(self, job: dict[str, Any]) -> str:
        return self.desk.submit(Submission(json.dumps(job).encode())).status.id

    def supervisor(self, metrics: Metrics | None = None, **more: Any) -> Supervisor:
        slots: int = more.get("slots", 1)
        return Supervisor(equip(self.engine, self.settings, slots, metrics or Metrics()), **more)

    @contextmanager
    def working(self, **more: Any) -> Iterator[Supervisor]:
        """Work in this process until the block ends."""
        supervisor = self.supervisor(**more)
        supervisor.start()
        try:
            yield supervisor
        finally:
            supervisor.end_now()
            supervisor.stop()

    @contextmanager
    def worker(self, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
        """Start the command as a process of its own; it is killed when the block ends."""
        names = ("data_dir", "cache_dir", "log_dir", "lease_seconds", "workers", "max_render_seconds")
        own = {PREFIX + name.upper(): str(getattr(self.settings, name)) for name in names}
        process = subprocess.Popen(
            [sys.executable, "-m", "src.main", "worker", *arguments],
            cwd=self.settings.data_dir,
            env={**os.environ, **own, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def leases_run_out(self) -> None:
        """Let the time pass after which workers that are gone are known to be."""
        with self.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE job SET lease_ms = 0 WHERE lease_ms IS NOT NULL")

    def ended(self, id: str) -> JobStatus:
        """Wait until a job has ended."""
        eventually(lambda: self.desk.status(id).finished_at)
        return self.desk.status(id)

    def until(self, id: str, state: State, seconds: float = PATIENCE_SECONDS) -> JobStatus:
        eventually(lambda: self.desk.status(id).status is state, seconds)
        return self.desk.status(id)

    def segments(self) -> int:
        folder = self.settings.cache_dir / "entries" / "segment"
        return sum(len(files) for _, _, files in os.walk(folder))

    def renders(self) -> list[int]:
        """List the processes that render in this house."""
        work = str(self.settings.cache_dir / "work")
        return [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if works_in(pid, work)]

    def files(self) -> set[str]:
        """List films and work in progress."""
        folders = (self.settings.data_dir / "jobs", self.settings.cache_dir / "work")
        return {name for folder in folders for name in names_below(folder)}

    def events(self, name: str) -> list[dict[str, Any]]:
        """Read events of one name from the log file of worker processes."""
        log = self.settings.log_dir / "app.log"
        # The last line may be half of one.
        lines = log.read_text(encoding="utf-8").split("\n")[:-1] if log.exists() else []
        return [event for event in map(json.loads, lines) if event["event"] == name]


def names_below(folder: Path) -> list[str]:
    """List files and folders, of which some may go meanwhile: `Path.rglob` would break."""
    return [name for _, folders, files in os.walk(folder) for name in (*folders, *files)]


def works_in(pid: int, folder: str) -> bool:
    """Tell whether a process renders with files open below a folder."""
    files = f"/proc/{pid}/fd"
    try:
        is_render = "src.worker.child" in Path(f"/proc/{pid}/cmdline").read_text()
        return is_render and any(
            os.readlink(f"{files}/{name}").startswith(folder) for name in os.listdir(files)
        )
    except OSError:
        return False


def descendants_named(text: str) -> list[int]:
    """List processes whose command line holds a text."""
    found = []
    for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
        try:
            is_it = text in Path(f"/proc/{pid}/cmdline").read_text()
            found += [pid] if is_it and os.getsid(pid) == pid else []
        except OSError:
            continue
    return found
