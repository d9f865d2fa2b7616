"""Events are a fixed name plus fields, in a rotating file and on the console."""

import contextvars
import io
import json
import logging
import threading
import warnings
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from src import log
from tests.conftest import LoggedErrors

_log = logging.getLogger("src.somewhere")


def _console(stream: io.StringIO, level: str = "INFO", *, as_json: bool = False) -> log.ConsoleLog:
    return log.ConsoleLog(Console(file=stream, width=200), level, as_json, spoken_by="src.cli")


def _lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def _configure(tmp_path: Path, stream: io.StringIO | None = None, level: str = "INFO") -> Path:
    log_file = log.configure(tmp_path / "logs", level, _console(stream or io.StringIO()))
    assert log_file is not None
    return log_file


def test_the_file_carries_one_json_object_a_line(tmp_path: Path) -> None:
    log_file = _configure(tmp_path)

    _log.info("segment_encoded", extra={"segment": 3, "file": Path("ä.mp4")})

    (line,) = _lines(log_file.read_text(encoding="utf-8"))
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "INFO",
        "event": "segment_encoded",
        "logger": "src.somewhere",
        "segment": 3,
        "file": "ä.mp4",
    }


def test_bound_fields_are_on_every_event_and_end_with_the_block(tmp_path: Path) -> None:
    log_file = _configure(tmp_path)

    with log.bound(job_id="row-1", attempt=1):
        with log.bound(stage="mixing"):
            _log.info("inside")
        _log.info("between", extra={"attempt": 2})
    _log.info("outside")

    inside, between, outside = _lines(log_file.read_text(encoding="utf-8"))
    assert (inside["job_id"], inside["attempt"], inside["stage"]) == ("row-1", 1, "mixing")
    assert (between["job_id"], between["attempt"], "stage" in between) == ("row-1", 2, False)
    assert "job_id" not in outside


def test_bound_fields_follow_into_a_thread_with_its_context(tmp_path: Path) -> None:
    log_file = _configure(tmp_path)

    with log.bound(job_id="row-1"):
        context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(_log.info, "from_a_thread"))
    thread.start()
    thread.join()

    assert _lines(log_file.read_text(encoding="utf-8"))[0]["job_id"] == "row-1"


def test_the_canonical_line_carries_every_stage(tmp_path: Path) -> None:
    log_file = _configure(tmp_path)

    log.job_finished(_log, "done", {"rendering": 1.23456, "mixing": 0.5}, frames=900)

    (line,) = _lines(log_file.read_text(encoding="utf-8"))
    assert line["event"] == "job_finished"
    assert line["status"] == "done"
    assert line["timings_seconds"] == {"rendering": 1.235, "mixing": 0.5}
    assert line["frames"] == 900


def test_a_traceback_goes_to_the_file_and_one_line_to_people(
    tmp_path: Path, logged_errors: LoggedErrors
) -> None:
    logged_errors.expect()
    stream = io.StringIO()
    log_file = _configure(tmp_path, stream)

    try:
        raise KeyError("gone")
    except KeyError:
        _log.exception("it_broke", extra={"segment": 2})

    assert "Traceback" in log_file.read_text(encoding="utf-8")
    assert len(stream.getvalue().splitlines()) == 1
    assert "it_broke segment=2 KeyError('gone')" in stream.getvalue()


def test_the_pretty_console_leaves_out_what_the_command_says_itself(tmp_path: Path) -> None:
    stream = io.StringIO()
    log_file = _configure(tmp_path, stream)

    logging.getLogger("src.cli.render").warning("told_in_words")
    logging.getLogger("src.client").warning("another_logger")

    assert "told_in_words" not in stream.getvalue()
    assert "another_logger" in stream.getvalue()
    assert "told_in_words" in log_file.read_text(encoding="utf-8")


def test_the_json_console_carries_the_same_objects_as_the_file(tmp_path: Path) -> None:
    stream = io.StringIO()
    log_file = log.configure(tmp_path, "DEBUG", _console(stream, "DEBUG", as_json=True))

    logging.getLogger("src.cli.render").debug("progress", extra={"done": 1})

    assert log_file is not None
    assert _lines(stream.getvalue()) == _lines(log_file.read_text(encoding="utf-8"))


def test_libraries_are_heard_from_warnings_upwards(tmp_path: Path) -> None:
    log_file = _configure(tmp_path, level="DEBUG")

    logging.getLogger("PIL.Image").debug("chatter")
    logging.getLogger("PIL.Image").warning("trouble")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("old habits", DeprecationWarning, stacklevel=1)

    told = [line["logger"] for line in _lines(log_file.read_text(encoding="utf-8"))]
    assert told == ["PIL.Image", "py.warnings"]


def test_a_folder_that_cannot_be_written_is_told_once(tmp_path: Path) -> None:
    stream = io.StringIO()
    (tmp_path / "file").write_text("", encoding="utf-8")

    log_file = log.configure(tmp_path / "file" / "logs", "INFO", _console(stream))
    _log.info("work_goes_on")

    assert log_file is None
    assert log.file_in_use() is None
    assert stream.getvalue().count("log_dir_not_writable") == 1
    assert "work_goes_on" in stream.getvalue()


def test_a_log_file_that_breaks_later_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    _configure(tmp_path, stream)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("logging.handlers.RotatingFileHandler.shouldRollover", full)
    _log.info("first")
    _log.info("second")

    assert stream.getvalue().count("No space left on device") == 1


def test_the_file_is_rotated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "MAX_LOG_BYTES", 200)
    log_file = _configure(tmp_path)

    for _ in range(10):
        _log.info("a_line_of_about_a_hundred_bytes")

    assert len(list(log_file.parent.glob("app.log.*"))) == log.KEPT_LOGS


def test_configuring_again_replaces_what_was(tmp_path: Path) -> None:
    first, second = io.StringIO(), io.StringIO()
    _configure(tmp_path, first)
    _configure(tmp_path, second)

    _log.info("once")

    assert first.getvalue() == ""
    assert second.getvalue().count("once") == 1
