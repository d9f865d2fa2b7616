"""The process that renders one job: started, listened to, held to its limits, ended with all below it."""

import logging
import os
import queue
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import copy_context
from enum import Enum
from typing import IO, NamedTuple

from pydantic import ValidationError

from ..cloud.signing import Signer
from ..errors import NeuroShortsError, RenderFailed
from ..models.status import JobError
from ..runtime import IMPORT_ENVIRONMENT
from ..settings import helper_environment
from ..speech.calls import Calls
from . import memory
from .messages import MESSAGES, Answer, Ask, Last, Message, Order, Say, Voiced
from .speakers import Speakers

_log = logging.getLogger(__name__)

#: What renders an order; -P, lest a folder `src` where the worker was started be taken for ours.
RENDER_COMMAND = (sys.executable, "-P", "-m", "src.worker.child")
#: Seconds between two looks at the limits.
LOOK_SECONDS = 0.25
#: Bytes of one message: a longer one is not ours.
_MAX_LINE_BYTES = 4 * 1024 * 1024
#: Bytes of stderr that are kept for the log.
_KEPT_STDERR_BYTES = 4000
#: Wishes for URLs that wait for an answer; a process that has more of them is heard on only after that.
_MOST_ASKS = 100
#: Seconds that a stream may stay open after its process: something holds it that was started and went astray.
_STREAM_SECONDS = 2.0


class Kill(Enum):
    """Why a process was killed."""

    CANCELLED = "nobody wants the job any more"
    CLAIM_LOST = "somebody else has the job"
    STOPPED = "the worker was stopped"
    TIME_LIMIT = "it took too long"
    MEMORY_LIMIT = "it took too much memory"


class Ending(NamedTuple):
    """How a process ended, and the last thing that it told."""

    returncode: int
    killed: Kill | None
    told: Last | None
    stderr: str
    """The end of it."""
    most_bytes: int
    """Highest memory that was seen; 0 where that is not known."""


class RenderProcess:
    """A process at work on an order; the leader of a session and group of its own."""

    def __init__(
        self,
        order: Order,
        command: Sequence[str],
        hear: Callable[[Message], None],
        signer: Signer,
        calls: Calls,
    ) -> None:
        self.ended = threading.Event()
        """Set when the process has ended."""
        self._order, self._command, self._hear, self._signer = order, command, hear, signer
        self._killed: Kill | None = None
        self._told: Last | None = None
        self._stderr = b""
        self._most_bytes = 0
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._speakers = Speakers(calls, self._write, self.ended)
        self._asks: queue.Queue[Ask | None] = queue.Queue(_MOST_ASKS)
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start it; the thread that does so has to stay for as long as the process does."""
        _log.info("child_started", extra={"command": shlex.join(self._command)})
        self._process = subprocess.Popen(
            self._command,
            # The order says all that the settings do.
            env=IMPORT_ENVIRONMENT | helper_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._until = time.monotonic() + self._order.settings.max_render_seconds
        works = (self._tend, self._listen, self._keep_stderr, self._hold_to_limits)
        self._threads = [_begun(work) for work in works]
        # Nobody waits for the end of this one: whoever gives the credentials may take long.
        _begun(self._answer)

    def kill(self, why: Kill) -> None:
        """Kill it with everything below it; does nothing once it has ended."""
        if not self.ended.is_set():
            self._killed = self._killed or why
            self._kill_group()

    def close(self) -> Ending:
        """Wait for its end, end what it left running, and tell how it ended."""
        self.ended.wait()
        self._kill_group()
        with self._lock:
            returncode = self._process.wait()
        # What has left the session may hold streams: whoever uses or closes one waits until it ends.
        closing = threading.Thread(target=self._close_streams, name="streams", daemon=True)
        closing.start()
        closing.join(_STREAM_SECONDS)
        if closing.is_alive():
            _log.warning("child_left_something_running")
        ending = Ending(
            returncode, self._killed, self._told, self._stderr.decode("utf-8", "replace"), self._most_bytes
        )
        _log_ending(ending)
        return ending

    def _close_streams(self) -> None:
        for thread in self._threads:
            thread.join()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            with suppress(BrokenPipeError, ValueError):
                _opened(stream).close()

    def _kill_group(self) -> None:
        """Kill the group for as long as nobody has collected its leader: until then its number is its own."""
        with self._lock:
            if self._process.returncode is not None:
                return
            if sys.platform == "win32":
                self._process.kill()
            else:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(self._process.pid, signal.SIGKILL)

    def _tend(self) -> None:
        """Hand over the order, then wait for the end without collecting the process."""
        self._write(self._order)
        if sys.platform != "win32" and hasattr(os, "waitid"):
            os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
        else:
            self._process.wait()
        self.ended.set()

    def _listen(self) -> None:
        stdout = _opened(self._process.stdout)
        try:
            while line := stdout.readline(_MAX_LINE_BYTES):
                self._take_in(line)
        finally:
            self._asks.put(None)

    def _take_in(self, line: bytes) -> None:
        try:
            message = MESSAGES.validate_json(line)
        except ValidationError:
            _log.warning("child_not_understood", extra={"line": line[:200].decode("utf-8", "replace")})
            return
        if isinstance(message, Last):
            self._told = message
        elif isinstance(message, Ask):
            self._asks.put(message)
        elif isinstance(message, Say):
            self._speakers.take(message)
        else:
            self._hear(message)

    def _answer(self) -> None:
        while ask := self._asks.get():
            if not self.ended.is_set():
                self._write(_answered(ask, self._signer))

    def _write(self, line: Order | Answer | Voiced) -> None:
        # A process that has ended needs no answer.
        with self._writing, suppress(BrokenPipeError, ValueError):
            stdin = _opened(self._process.stdin)
            stdin.write(line.model_dump_json().encode() + b"\n")
            stdin.flush()

    def _keep_stderr(self) -> None:
        while part := os.read(_opened(self._process.stderr).fileno(), 4096):
            self._stderr = (self._stderr + part)[-_KEPT_STDERR_BYTES:]

    def _hold_to_limits(self) -> None:
        limit_bytes = self._order.settings.max_render_memory_bytes
        while not self.ended.wait(LOOK_SECONDS):
            if memory.is_known():
                self._most_bytes = max(self._most_bytes, memory.tree_bytes(self._process.pid))
            if self._most_bytes > limit_bytes:
                self.kill(Kill.MEMORY_LIMIT)
            elif time.monotonic() > self._until:
                self.kill(Kill.TIME_LIMIT)


def _begun(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=copy_context().run, args=(work,), name="child", daemon=True)
    thread.start()
    return thread


def _answered(ask: Ask, signer: Signer) -> Answer:
    """Sign, or tell why not; whatever is asked, the process gets an answer."""
    try:
        return Answer(number=ask.number, signed=signer.signed(ask.verb, ask.uri))
    except NeuroShortsError as error:
        return Answer(number=ask.number, error=JobError.of(error))
    except Exception as error:
        _log.exception("signing_broke")
        broken = RenderFailed(f"unexpected {type(error).__name__}: {error}")
        return Answer(number=ask.number, error=JobError.of(broken))


def _opened(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


def _log_ending(ending: Ending) -> None:
    fields = {
        "returncode": ending.returncode,
        "killed": ending.killed.value if ending.killed else None,
        "most_memory_bytes": ending.most_bytes,
        "stderr": ending.stderr,
    }
    _log.info("child_ended", extra=fields)
