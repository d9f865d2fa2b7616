"""`neuroshorts render`: one job, in this process."""

import logging
import sys
import threading
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .. import log
from ..errors import Interrupted, NeuroShortsError, RenderFailed
from ..models.job import RenderJob
from ..models.quality import Quality
from ..models.status import TERMINAL, JobError, JobStatus, RenderResult, State, advance
from ..pipeline.stages import StageClock, Step, share_done
from ..runtime import importing
from .console import Desk, ExitCode, exit_code_of, open_desk, say_error, unexpected_line
from .delivery import Delivery
from .jobfile import JobFile, film_path, make_writable_folder, read_job, remove_if_empty
from .progress import View, open_view
from .signals import stop_on_signal
from .workfolder import open_workshop

if TYPE_CHECKING:
    from ..pipeline.film import Request

_log = logging.getLogger(__name__)


class RenderOptions(NamedTuple):
    """What the command line says."""

    job: str
    out: Path | None = None
    quality: Quality | None = None
    workers: int | None = None
    as_json: bool = False
    keep_work: bool = False


def render_command(options: RenderOptions) -> ExitCode:
    """Render a job; print its film, or what is wrong with it."""
    desk = open_desk()
    attempt = Attempt(open_view(desk.console, json_log=desk.json_log))
    with log.bound(render_id=attempt.record.id, attempt=1):
        code = _attempt_ending(desk, options, attempt)
    if options.as_json:
        sys.stdout.write(attempt.record.model_dump_json() + "\n")
        sys.stdout.flush()
    return code


class Attempt:
    """One try at a job: its status, and what each stage took."""

    def __init__(self, view: View) -> None:
        self.record = JobStatus(id=uuid.uuid4().hex, created_at=datetime.now(UTC))
        self._view = view
        self._clock = StageClock()
        self._lock = threading.Lock()

    def begin(self, job: RenderJob) -> None:
        """Start work on the job."""
        told_back = {"job_id": job.id, "metadata": job.metadata}
        self.record = advance(self.record.model_copy(update=told_back), State.FETCHING, "command")

    def report(self, step: Step) -> None:
        """Take in a step of the renderer; any of its threads may call."""
        with self._lock:
            self._clock.enter(step.stage)
            if step.stage != "fetching" and self.record.status is State.FETCHING:
                self.record = advance(self.record, State.RENDERING, step.stage)
            progress = max(self.record.progress, share_done(step))
            self.record = self.record.model_copy(update={"stage": step.stage, "progress": progress})
        self._view.show(step)

    def finish(self, result: RenderResult) -> None:
        """End well."""
        self.end()
        while (following := _WAY[self.record.status]) is not State.DONE:
            self.record = advance(self.record, following, "film finished")
        self.record = advance(self.record, State.DONE, "film delivered", result=result)

    def fail(self, error: NeuroShortsError) -> None:
        """End with an error, or with the wish of whoever stopped it."""
        self.end()
        to = State.CANCELLED if isinstance(error, Interrupted) else State.FAILED
        self.record = advance(self.record, to, error.code, error=JobError.of(error))

    def end(self) -> None:
        """Close the last stage and the view; may be called twice."""
        self._view.close()
        if self.record.status not in TERMINAL:
            self._clock.close()

    @property
    def timings_seconds(self) -> dict[str, float]:
        """What each stage took: as the renderer measured it, or as it was heard here."""
        result = self.record.result
        return result.timings if result and result.timings else self._clock.seconds


_WAY = {
    State.QUEUED: State.FETCHING,
    State.FETCHING: State.RENDERING,
    State.RENDERING: State.UPLOADING,
    State.UPLOADING: State.DONE,
}


def _attempt_ending(desk: Desk, options: RenderOptions, attempt: Attempt) -> ExitCode:
    """Carry the attempt to its end, whatever happens, and close it with its line in the log."""
    try:
        result = _render(desk, options, attempt)
    except NeuroShortsError as error:
        attempt.fail(error)
        say_error(desk, error)
        code = exit_code_of(error)
    except KeyboardInterrupt:
        stopped = Interrupted("stopped at once")
        attempt.fail(stopped)
        say_error(desk, stopped)
        code = ExitCode.INTERRUPTED
    except Exception as error:
        _log.exception("render_broke")
        attempt.fail(RenderFailed(f"unexpected {type(error).__name__}: {error}"))
        desk.say(f"error: {unexpected_line(error, desk.log_file)}", "red")
        code = ExitCode.FAILED
    else:
        attempt.finish(result)
        _say_result(desk, result)
        code = ExitCode.DONE
    _close_log(attempt)
    return code


def _render(desk: Desk, options: RenderOptions, attempt: Attempt) -> RenderResult:
    found = read_job(options.job)
    job = _at_quality(found.job, options.quality)
    attempt.begin(job)
    settings = desk.settings
    if options.workers is not None:
        settings = settings.model_copy(update={"workers": options.workers})
    delivery = Delivery(job, attempt.record, settings)
    film_file = film_path(found, options.out, settings.data_dir)
    made = make_writable_folder(film_file.parent)
    stop = threading.Event()
    try:
        with stop_on_signal(stop), open_workshop(desk, stop, keep_work=options.keep_work) as shop:
            with importing():
                from ..fetching.ondemand import OnDemandFetcher
                from ..pipeline.film import Request
                from ..speech.ondemand import OnDemandVoices

            _refuse_to_overwrite(found, film_file)
            request = Request(
                job,
                found.base_dir,
                shop.work_dir,
                film_file,
                settings,
                shop.cache,
                OnDemandFetcher(settings, shop.signer),
                OnDemandVoices(settings),
            )
            return delivery.carry_out(_within_time(request, attempt, stop), attempt.report, stop)
    finally:
        remove_if_empty(made)


def _refuse_to_overwrite(found: JobFile, film_file: Path) -> None:
    from ..pipeline.handover import companion_kinds, refuse_unsafe_targets

    if found.file:
        output = found.job.output
        kinds = companion_kinds(output.sidecars, poster=output.poster is not None)
        refuse_unsafe_targets(film_file, kinds, [found.file])


def _at_quality(job: RenderJob, quality: Quality | None) -> RenderJob:
    if quality is None:
        return job
    return job.model_copy(update={"output": job.output.model_copy(update={"quality": quality})})


def _within_time(request: "Request", attempt: Attempt, stop: threading.Event) -> RenderResult:
    from ..pipeline.film import render

    limit_seconds = request.settings.max_render_seconds
    late = threading.Event()

    def end_late() -> None:
        late.set()
        stop.set()

    timer = threading.Timer(limit_seconds, end_late)
    timer.daemon = True
    timer.start()
    try:
        return render(request, attempt.report, stop)
    except Interrupted as error:
        if not late.is_set():
            raise
        raise RenderFailed(
            f"not finished after {limit_seconds} s, the limit that NEUROSHORTS_MAX_RENDER_SECONDS sets"
        ) from error
    finally:
        timer.cancel()


def _close_log(attempt: Attempt) -> None:
    record = attempt.record
    log.job_finished(
        _log,
        record.status.value,
        attempt.timings_seconds,
        job_id=record.job_id,
        error=record.error.model_dump() if record.error else None,
        duration_seconds=record.result.duration if record.result else None,
        size_bytes=record.result.size_bytes if record.result else None,
    )


def _say_result(desk: Desk, result: RenderResult) -> None:
    for warning in result.warnings:
        desk.say(f"warning: {warning}", "yellow")
    desk.say(result.url, "bold green")
    desk.say(
        f"{result.duration:.1f} s, {result.width}x{result.height} at {result.fps:g} frames/s,"
        f" {result.size_bytes / 1e6:.1f} MB, {result.loudness.lufs:.1f} LUFS,"
        f" peak {result.loudness.true_peak_db:.1f} dBTP"
    )
    hit, total = result.cache.segments_hit, result.cache.segments_total
    desk.say(f"{hit} of {total} segments from the cache, {result.cpu_seconds:.1f} CPU s", "dim")
    stages = ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in result.timings.items())
    if stages:
        desk.say(stages, "dim")
