"""What is told about a job: its state, how far it is, what came out. Callers and webhooks get the same body.

queued > fetching > rendering > uploading > done
   `---------`----------`-----------`-----> failed, cancelled
   ^---------^----------^-----------'       handed back by a worker that ends, or taken from one that is gone
"""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ..errors import InvalidJob, NeuroShortsError

_log = logging.getLogger(__name__)


class State(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    FETCHING = "fetching"
    RENDERING = "rendering"
    UPLOADING = "uploading"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_ENDINGS = frozenset({State.FAILED, State.CANCELLED})
_AWAY = _ENDINGS | {State.QUEUED}
#: Every change of state that may happen; a state without one is terminal.
TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.QUEUED: _ENDINGS | {State.FETCHING},
    State.FETCHING: _AWAY | {State.RENDERING},
    State.RENDERING: _AWAY | {State.UPLOADING},
    State.UPLOADING: _AWAY | {State.DONE},
    State.DONE: frozenset(),
    State.FAILED: frozenset(),
    State.CANCELLED: frozenset(),
}
TERMINAL = frozenset(state for state, following in TRANSITIONS.items() if not following)


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class JobError(_Told):
    """Why a job did not end well."""

    code: str
    """Stable across versions, for programs."""
    message: str
    """For people; an invalid job names every problem on a line of its own."""
    path: str = ""
    """JSON path of the field at fault; empty when it is no field's fault."""
    scene_id: str = ""
    """Scene at fault, where one is."""
    retryable: bool = False
    """Whether the same job may succeed later."""

    @classmethod
    def of(cls, error: NeuroShortsError) -> Self:
        """Tell an error; an invalid job with several problems tells all of them in its message."""
        several = isinstance(error, InvalidJob) and len(error.problems) > 1
        return cls(
            code=error.code,
            message=str(error) if several else error.message,
            path=error.path,
            scene_id=error.scene_id,
            retryable=error.retryable,
        )


class MeasuredLoudness(_Told):
    """What the finished film's sound measures."""

    lufs: float
    """Integrated loudness; -70 is silence."""
    true_peak_db: float
    """Highest true peak in dBTP."""


class SegmentCache(_Told):
    """How much of the film needed no rendering."""

    segments_hit: int = 0
    """Segments that an earlier render had finished."""
    segments_rendered: int = 0
    """Segments that this render made; equal ones are made once."""
    segments_total: int = 0
    """Segments of the film."""


class RenderResult(_Told):
    """A finished film and where it is."""

    url: str
    """Link to the film; the path of a film left on this machine."""
    urls: tuple[str, ...] = ()
    """One link for each destination, in the job's order."""
    poster_url: str | None = None
    """Link to the poster."""
    sidecars: dict[str, str] = {}
    """Links to the caption files, by kind."""
    duration: float
    """Seconds."""
    width: int
    """Pixels."""
    height: int
    """Pixels."""
    fps: float
    """Frames a second."""
    size_bytes: int
    """Size of the film's file."""
    sha256: str
    """Digest of the film's file, in hex."""
    loudness: MeasuredLoudness
    """What its sound measures."""
    timings: dict[str, float] = {}
    """Wall seconds of each stage."""
    cpu_seconds: float = 0.0
    """CPU time of all processes and threads of the render, without the start of the program."""
    bytes_fetched: int = 0
    """Bytes that came over the network."""
    assets: tuple[str, ...] = ()
    """Ids of the assets of the manifest that are in it."""
    attributions: tuple[str, ...] = ()
    """Who has to be named where the film is shown, as the licences of its assets ask."""
    cache: SegmentCache = SegmentCache()
    """How much of the film needed no rendering."""
    warnings: tuple[str, ...] = ()
    """What was bent to fit the job, for people to read."""


class JobStatus(_Told):
    """The status of a job, as callers and webhooks get it."""

    id: str
    """Our name of this job, unique."""
    job_id: str = ""
    """The caller's name of it."""
    metadata: dict[str, Any] = {}
    """The job's `metadata`, unchanged."""
    status: State = State.QUEUED
    """Where it stands."""
    stage: str = ""
    """The step that it is in, finer than the status."""
    progress: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of the work that is done."""
    created_at: datetime
    """When it was accepted, UTC."""
    started_at: datetime | None = None
    """When work on it began."""
    finished_at: datetime | None = None
    """When it reached its last state."""
    attempts: Annotated[int, Field(ge=0)] = 0
    """How often work on it began."""
    error: JobError | None = None
    """Why it failed; while it waits, why its last attempt did, which is repeated later; while its media are
    fetched, what holds that up and is tried again."""
    result: RenderResult | None = None
    """The film."""

    @model_validator(mode="after")
    def _ends_with_its_reason(self) -> Self:
        if self.status is State.FAILED and self.error is None:
            raise ValueError("a failed job says why")
        if (self.status is State.DONE) != (self.result is not None):
            raise ValueError("a job has a result exactly when it is done")
        return self


class ForbiddenTransition(ValueError):
    """A change of state that `TRANSITIONS` does not know: a bug of the caller, never of a job."""

    def __init__(self, record: JobStatus, to: State) -> None:
        super().__init__(f"job {record.id} is {record.status.value} and cannot become {to.value}")


def advance(
    record: JobStatus,
    to: State,
    reason: str,
    *,
    error: JobError | None = None,
    result: RenderResult | None = None,
) -> JobStatus:
    """Move a job to its next state and log the change with its reason.

    The first move away from `queued` starts the attempt; a terminal state stamps the end, `done` also
    completes the progress.

    Raises:
        ForbiddenTransition: when the table has no such change; terminal means terminal.
    """
    if to not in TRANSITIONS[record.status]:
        raise ForbiddenTransition(record, to)
    now = datetime.now(UTC)
    # Whole milliseconds, as stored: who is told at once and who asks later learn the same.
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    changes: dict[str, object] = {"status": to, "error": error, "result": result}
    if to is State.FETCHING:
        changes |= {"started_at": now, "attempts": record.attempts + 1}
    if to in TERMINAL:
        changes["finished_at"] = now
    if to is State.QUEUED:
        changes |= {"progress": 0.0, "stage": ""}
    if to is State.DONE:
        changes |= {"progress": 1.0, "stage": ""}
    _log.info(
        "job_state_changed",
        extra={"id": record.id, "from_state": record.status.value, "to_state": to.value, "reason": reason},
    )
    return JobStatus.model_validate(dict(record) | changes)
