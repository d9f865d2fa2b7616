"""Talk with an engine in a helper process: its crash, its memory and its global state are its own.

Requests go in as one line of JSON each. The answer is a line of JSON, `{"error"}` or `{"bytes", ...}`, the
latter followed by that many bytes of 16-bit mono sound. The end of its input is the end of the process.
"""

import json
import logging
import subprocess
import threading
import time
from collections.abc import Sequence
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Any, NamedTuple

import numpy as np

from ...errors import Interrupted, SpeechFailed
from ...settings import helper_environment
from ...stopping import Stop

log = logging.getLogger(__name__)

#: Seconds between two looks at whether anybody still waits.
_LOOK_SECONDS = 0.2
#: Seconds the process is given to leave by itself.
_LEAVE_SECONDS = 2.0


class Answer(NamedTuple):
    """What the process said."""

    samples: np.ndarray[tuple[int], np.dtype[np.int16]]
    about: dict[str, Any]
    """What it told beside the sound."""


class Conversation:
    """A helper process: it starts with the first request, and anew after one that failed."""

    def __init__(self, name: str, command: Sequence[str], *, task: str = "speak") -> None:
        """Tell whom to talk with.

        Args:
            name: of the engine, for errors.
            command: what starts the process.
            task: what it does, for errors.
        """
        self._name, self._command, self._task = name, command, task
        self._process: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes] | None = None

    def ask(self, request: dict[str, Any], limit_seconds: float, stop: Stop | None = None) -> Answer:
        """Send a request and read its answer, killing a process that does not give one in time.

        Raises:
            SpeechFailed: it could not, it took too long, or it is gone.
            Interrupted: `stop` was set.
        """
        process = self._process or self._start()
        watch = _Watch(process, limit_seconds, stop)
        try:
            with watch:
                return self._exchange(process, request)
        except (OSError, ValueError, KeyError, TypeError) as error:
            process.kill()
            process.wait()
            reason = watch.reason or self._last_words()
            self.close()
            if watch.was_stopped:
                raise Interrupted(f"stopped while {self._name} was at work") from error
            raise SpeechFailed(f"{self._name} {reason}") from error

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process:
            _end(process)
        if self._complaints:
            self._complaints.close()

    def _start(self) -> subprocess.Popen[bytes]:
        log.debug("speech_process_started", extra={"command": subprocess.list2cmdline(self._command)})
        self._complaints = TemporaryFile()  # noqa: SIM115  (closed with the process)
        self._process = subprocess.Popen(
            self._command,
            env=helper_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
        )
        return self._process

    def _last_words(self) -> str:
        """Tell how the process ended."""
        if not self._process or not self._complaints:
            return "is gone"
        self._complaints.seek(0)
        lines = self._complaints.read().decode(errors="replace").strip().splitlines()
        return f"ended with status {self._process.returncode}" + (f": {lines[-1]}" if lines else "")

    def _exchange(self, process: subprocess.Popen[bytes], request: dict[str, Any]) -> Answer:
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            raise BrokenPipeError("the process is gone")
        about = json.loads(line)
        if "error" in about:
            raise SpeechFailed(f"{self._name} cannot {self._task}: {about['error']}")
        sound = process.stdout.read(about["bytes"])
        if len(sound) < about["bytes"]:
            raise BrokenPipeError("the process went away while it spoke")
        return Answer(np.frombuffer(sound, "<i2"), about)


class _Watch:
    """Kills a process that takes too long, or that nobody waits for any more."""

    def __init__(self, process: subprocess.Popen[bytes], limit_seconds: float, stop: Stop | None) -> None:
        self._process, self._limit_seconds, self._stop = process, limit_seconds, stop
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, name="speech-watch", daemon=True)
        self.reason = ""
        self.was_stopped = False

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        ends_at = time.monotonic() + self._limit_seconds
        while not self._done.wait(min(_LOOK_SECONDS, max(0.0, ends_at - time.monotonic()))):
            self.was_stopped = self._stop is not None and self._stop.is_set()
            if self.was_stopped or time.monotonic() >= ends_at:
                self.reason = f"took longer than {self._limit_seconds:g} s"
                self._process.kill()
                return


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the process to leave by ending its input; make it leave if it does not."""
    with process:
        try:
            if process.stdin:
                process.stdin.close()
            process.wait(_LEAVE_SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            process.kill()
