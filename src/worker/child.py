"""One render in a process of its own: `python -m src.worker.child`, started by a worker.

The order comes in on stdin, its end is the end of this process; what happens is told on stdout, see
`messages`. Libraries that print to stdout print to stderr.
"""

import ctypes
import gc
import json
import logging
import os
import signal
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any, BinaryIO

from .. import log
from ..errors import InvalidJob, NeuroShortsError, Problem, RejectedJob, RenderFailed
from ..models.job import parse_job
from ..models.status import JobError
from ..pipeline.request import Progress
from ..runtime import return_large_memory
from ..settings import Settings
from ..store.cache import DiskCache
from ..store.workfolders import WorkFolders
from .folders import film_file
from .messages import Checked, Failed, Finished, Message, Order, Shown

if TYPE_CHECKING:
    from ..pipeline.liveview import LiveView

_log = logging.getLogger(__name__)

#: `prctl` option of Linux: the signal that this process gets when its parent ends.
_PR_SET_PDEATHSIG = 1
#: Largest file that a render may write, if no larger one may come in: far above a film of the longest kind.
_MAX_FILE_BYTES = 2 * 1024**3
#: What this process ends with when its worker is gone.
_ABANDONED = 1


def main() -> None:
    """Carry out the order that stdin holds."""
    teller = Teller(_own_stdout())
    order = Order.model_validate_json(sys.stdin.buffer.readline())
    _end_with_parent(order.parent_pid)
    _limit_files(order.settings)
    return_large_memory()
    stop = threading.Event()
    for name in ("SIGTERM", "SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda signum, frame: stop.set())
    logger = logging.getLogger(log.ROOT)
    logger.setLevel(order.settings.log_level)
    logger.addHandler(LogTeller(teller))
    _carry_out(order, teller, stop)
    gc.freeze()


class Teller:
    """Writes messages to the worker; safe to use from any thread."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._lock = threading.Lock()

    def tell(self, kind: str, **fields: Any) -> None:
        """Write one message."""
        self._write(json.dumps({"kind": kind, **fields}, default=str))

    def pass_on(self, message: Message) -> None:
        """Write a message that is one already."""
        self._write(message.model_dump_json())

    def _write(self, line: str) -> None:
        with self._lock:
            self._out.write(line.encode() + b"\n")
            self._out.flush()


class LogTeller(logging.Handler):
    """Has events logged by the worker, in its way and with its fields."""

    def __init__(self, teller: Teller) -> None:
        super().__init__()
        self._teller = teller

    def emit(self, record: logging.LogRecord) -> None:
        """Tell the worker of an event."""
        fields = log.fields_of(record)
        if record.exc_info:
            fields["traceback"] = "".join(traceback.format_exception(*record.exc_info))
        self._teller.tell(
            "event", logger=record.name, level=record.levelno, event=record.getMessage(), fields=fields
        )


def _carry_out(order: Order, teller: Teller, stop: threading.Event) -> None:
    """Render or check, and tell how that ended as the last thing."""
    try:
        last = _worked(order, teller, stop)
    except NeuroShortsError as error:
        last = Failed(error=JobError.of(error), problems=_problems_of(error))
    except Exception as error:
        _log.exception("render_broke")
        broken = RenderFailed(f"unexpected {type(error).__name__}: {error}")
        last = Failed(error=JobError.of(broken))
    teller.pass_on(last)


def _worked(order: Order, teller: Teller, stop: threading.Event) -> Finished | Checked | Failed:
    from ..fetching.ondemand import OnDemandFetcher
    from ..pipeline.estimate import look_ahead
    from ..pipeline.film import Request, render

    def report(progress: Progress) -> None:
        teller.tell("step", **progress._asdict())

    settings = order.settings
    job = parse_job(order.body)
    with WorkFolders(settings.cache_dir).open() as work_dir:
        cache = DiskCache(settings.cache_dir, settings.cache_max_bytes, work_dir)
        film, fetcher = film_file(order.folder, job), OnDemandFetcher(settings)
        request = Request(job, None, work_dir, film, settings, cache, fetcher)
        if order.task == "check":
            return Checked(outlook=look_ahead(request))
        return Finished(result=render(request, report, stop, _view(order, teller)))


def _view(order: Order, teller: Teller) -> "LiveView | None":
    from ..pipeline.liveview import LiveView

    return LiveView(lambda jpeg: teller.pass_on(Shown(jpeg=jpeg))) if order.shows_frames else None


def _problems_of(error: NeuroShortsError) -> tuple[Problem, ...]:
    if isinstance(error, InvalidJob):
        return error.problems
    is_the_callers = isinstance(error, RejectedJob)
    return (Problem(error.path, error.code, error.message),) if is_the_callers else ()


def _own_stdout() -> BinaryIO:
    """Keep stdout for messages; what anybody else prints there goes to stderr."""
    own = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return own


def _end_with_parent(parent_pid: int) -> None:
    """End when the worker does, however it ends, and even when Python's global lock is held for long."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent_pid:
            os._exit(_ABANDONED)
    threading.Thread(target=_end_with_stdin, name="parent", daemon=True).start()


def _end_with_stdin() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    if sys.platform != "win32" and os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(_ABANDONED)


def _limit_files(settings: Settings) -> None:
    """Bound the size of files, and leave no core dump of a process that holds other people's media."""
    if sys.platform != "win32":
        import resource

        largest = max(settings.max_media_bytes, _MAX_FILE_BYTES)
        for kind, most in ((resource.RLIMIT_FSIZE, largest), (resource.RLIMIT_CORE, 0)):
            soft, hard = resource.getrlimit(kind)
            lowest = min(limit for limit in (most, soft, hard) if limit != resource.RLIM_INFINITY)
            resource.setrlimit(kind, (lowest, hard))


if __name__ == "__main__":
    main()
