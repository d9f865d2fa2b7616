"""One render in a process of its own: `python -m src.worker.child`, started by a worker.

The order comes in on stdin, its end is the end of this process; what happens is told on stdout, see
`messages`. Libraries that print to stdout print to stderr.
"""

import ctypes
import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from .. import log
from ..errors import InvalidJob, NeuroShortsError, Problem, RejectedJob, RenderFailed
from ..models.job import parse_job
from ..models.status import JobError
from ..pipeline.request import Progress
from ..runtime import importing, return_large_memory
from ..settings import Settings
from ..sharing.opening import opened_cache
from ..store.workfolders import WorkFolders
from .folders import film_file
from .inquiries import Inquiries
from .messages import Checked, Failed, Finished, Order, Shown
from .telling import LogTeller, Teller

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
    inquiries = Inquiries(teller, order.settings.speech_max_seconds)
    _end_with_parent(order.parent_pid, inquiries)
    _limit_files(order.settings)
    return_large_memory()
    stop = threading.Event()
    for name in ("SIGTERM", "SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda signum, frame: stop.set())
    logger = logging.getLogger(log.ROOT)
    logger.setLevel(order.settings.log_level)
    logger.addHandler(LogTeller(teller))
    _carry_out(order, teller, inquiries, stop)
    gc.freeze()


def _carry_out(order: Order, teller: Teller, inquiries: Inquiries, stop: threading.Event) -> None:
    """Render or check, and tell how that ended."""
    try:
        _work(order, teller, inquiries, stop)
    except NeuroShortsError as error:
        teller.pass_on(Failed(error=JobError.of(error), problems=_problems_of(error)))
    except Exception as error:
        _log.exception("render_broke")
        broken = RenderFailed(f"unexpected {type(error).__name__}: {error}")
        teller.pass_on(Failed(error=JobError.of(broken)))


def _work(order: Order, teller: Teller, inquiries: Inquiries, stop: threading.Event) -> None:
    with importing():
        from ..fetching.ondemand import OnDemandFetcher
        from ..pipeline.estimate import look_ahead
        from ..pipeline.film import Request, render
        from ..speech.ondemand import OnDemandVoices

    def report(progress: Progress) -> None:
        teller.tell("step", **progress._asdict())

    settings = order.settings
    job = parse_job(order.body)
    with (
        WorkFolders(settings.cache_dir).open() as work_dir,
        opened_cache(settings, work_dir, inquiries, stop) as cache,
    ):
        film, fetcher = film_file(order.folder, job), OnDemandFetcher(settings, inquiries)
        voices = OnDemandVoices(settings, inquiries)
        request = Request(job, None, work_dir, film, settings, cache, fetcher, voices)
        # Told at once: a shared cache may take its time to close, and that of the render may run out.
        if order.task == "check":
            teller.pass_on(Checked(outlook=look_ahead(request)))
        else:
            teller.pass_on(Finished(result=render(request, report, stop, _view(order, teller))))


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


def _end_with_parent(parent_pid: int, inquiries: Inquiries) -> None:
    """End when the worker does, however it ends, and even when Python's global lock is held for long."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent_pid:
            os._exit(_ABANDONED)
    threading.Thread(target=_end_with_stdin, args=(inquiries,), name="parent", daemon=True).start()


def _end_with_stdin(inquiries: Inquiries) -> None:
    inquiries.hear(_stdin_lines())
    if sys.platform != "win32" and os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(_ABANDONED)


def _stdin_lines() -> Iterator[bytes]:
    """Read what comes after the order; a thread in `sys.stdin` would break the interpreter's end."""
    rest = b""
    while part := os.read(sys.stdin.fileno(), 65536):
        *lines, rest = (rest + part).split(b"\n")
        yield from lines


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
