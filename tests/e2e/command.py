"""The command as people run it: a process in a folder of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
#: Seconds after which a command that should have ended is given up.
TIMEOUT_SECONDS = 300


def start(folder: Path, *arguments: str, stdin: int | None = None) -> "subprocess.Popen[str]":
    """Start the command in a folder, as the leader of a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "src.main", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def run(folder: Path, *arguments: str, job: dict[str, Any]) -> "subprocess.CompletedProcess[str]":
    """Run the command on a job and wait for its end."""
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    process = start(folder, *arguments)
    out, err = process.communicate(timeout=TIMEOUT_SECONDS)
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve in a folder on a free port until the block ends; gives the address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "src.main", "serve", "--port", "0", "--grace", "0"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr
    line = next(line for line in process.stderr if line.startswith("Listening on"))
    try:
        yield line.split()[2]
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == 0


def kill_tree(process: "subprocess.Popen[str]") -> None:
    """Kill a command and every process that it started, at once."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=TIMEOUT_SECONDS)
