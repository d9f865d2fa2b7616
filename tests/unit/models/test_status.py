"""A job moves through its states by one table, and a terminal state is terminal."""

import itertools
import logging
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from src.errors import InvalidJob, MissingFile, Problem, SpeechFailed
from src.models.status import (
    TERMINAL,
    TRANSITIONS,
    ForbiddenTransition,
    JobError,
    JobStatus,
    MeasuredLoudness,
    RenderResult,
    State,
    advance,
)

_ERROR = JobError(code="render_failed", message="no")
_RESULT = RenderResult(
    url="film.mp4",
    duration=1.0,
    width=64,
    height=64,
    fps=30.0,
    size_bytes=1,
    sha256="0" * 64,
    loudness=MeasuredLoudness(lufs=-14.0, true_peak_db=-1.0),
)
_WAY = (State.QUEUED, State.FETCHING, State.RENDERING, State.UPLOADING, State.DONE)


def _record() -> JobStatus:
    return JobStatus(id="a1", job_id="row-1", created_at=datetime(2026, 1, 1, tzinfo=UTC))


def _move(record: JobStatus, to: State) -> JobStatus:
    error = _ERROR if to is State.FAILED else None
    return advance(record, to, "test", error=error, result=_RESULT if to is State.DONE else None)


def _at(state: State) -> JobStatus:
    record = _record()
    if state in (State.FAILED, State.CANCELLED):
        return _move(record, state)
    for step in _WAY[1 : _WAY.index(state) + 1]:
        record = _move(record, step)
    return record


def test_the_way_of_a_job() -> None:
    # queued > fetching > rendering > uploading > done
    record = _at(State.DONE)

    assert record.status is State.DONE
    assert record.progress == 1.0
    assert record.attempts == 1
    assert record.started_at is not None
    assert record.finished_at is not None
    assert record.started_at <= record.finished_at
    assert record.result == _RESULT


@pytest.mark.parametrize(("start", "to"), list(itertools.product(State, State)))
def test_only_the_table_decides(start: State, to: State) -> None:
    record = _at(start)

    if to in TRANSITIONS[start]:
        assert _move(record, to).status is to
    else:
        with pytest.raises(ForbiddenTransition, match=f"{start.value} and cannot become {to.value}"):
            _move(record, to)


def test_done_failed_and_cancelled_are_terminal() -> None:
    assert {State.DONE, State.FAILED, State.CANCELLED} == TERMINAL


def test_the_record_that_was_stays_as_it_was() -> None:
    record = _record()

    advance(record, State.FETCHING, "picked up")

    assert (record.status, record.attempts, record.started_at) == (State.QUEUED, 0, None)


def test_a_change_is_logged_with_its_reason(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        advance(_record(), State.CANCELLED, "asked by its owner")

    (line,) = caplog.records
    assert line.getMessage() == "job_state_changed"
    told = vars(line)
    assert (told["from_state"], told["to_state"], told["reason"]) == (
        "queued",
        "cancelled",
        "asked by its owner",
    )


def test_a_failure_without_a_reason_cannot_be_told() -> None:
    with pytest.raises(ValidationError, match="says why"):
        advance(_record(), State.FAILED, "no reason")


def test_a_result_stands_exactly_in_a_job_that_is_done() -> None:
    with pytest.raises(ValidationError, match="exactly when it is done"):
        advance(_at(State.UPLOADING), State.DONE, "no result")
    with pytest.raises(ValidationError, match="exactly when it is done"):
        advance(_record(), State.FETCHING, "too early", result=_RESULT)


def test_the_body_has_the_fields_that_callers_read() -> None:
    body = _at(State.DONE).model_dump(mode="json")

    assert list(body) == [
        "id",
        "job_id",
        "metadata",
        "status",
        "stage",
        "progress",
        "created_at",
        "started_at",
        "finished_at",
        "attempts",
        "error",
        "result",
    ]
    assert body["status"] == "done"
    assert body["created_at"] == "2026-01-01T00:00:00Z"
    assert list(body["result"]) == [
        "url",
        "urls",
        "poster_url",
        "sidecars",
        "duration",
        "width",
        "height",
        "fps",
        "size_bytes",
        "sha256",
        "loudness",
        "timings",
        "cpu_seconds",
        "bytes_fetched",
        "assets",
        "attributions",
        "cache",
        "warnings",
    ]


def test_the_body_survives_the_wire() -> None:
    record = _at(State.FAILED)

    assert JobStatus.model_validate_json(record.model_dump_json()) == record


def test_an_error_is_told_with_its_code_and_path() -> None:
    told = JobError.of(MissingFile("b/a.png", path="scenes[0].visuals[0].src"))

    assert told == JobError(
        code="missing_file", message="no such file: 'b/a.png'", path="scenes[0].visuals[0].src"
    )


def test_an_error_of_a_scene_names_it() -> None:
    assert JobError.of(SpeechFailed("silence", scene_id="intro")).scene_id == "intro"


def test_an_invalid_job_tells_every_problem() -> None:
    problems = [
        Problem("scenes[0].text", "too_long", "too long"),
        Problem("voise", "unknown_field", "unknown"),
    ]

    told = JobError.of(InvalidJob(problems))

    assert (told.code, told.path) == ("too_long", "scenes[0].text")
    assert told.message == "scenes[0].text: too long\nvoise: unknown"
