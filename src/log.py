"""Structured logging: an event is a fixed snake_case name plus fields.

    log = logging.getLogger(__name__)
    with bound(job_id=job.id, attempt=1):
        log.info("segment_encoded", extra={"segment": 3, "seconds": 0.8})

`configure` is called once, by a root; until then nothing is set up. Fields that `bound` carries are added
to every event of that context, also to those of libraries. A thread starts with an empty context: run its
work with `contextvars.copy_context().run`.
"""

import logging
import logging.handlers
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from rich.console import Console

#: Bytes of `app.log` before it is rotated.
MAX_LOG_BYTES = 10 * 1024 * 1024
#: Rotated files that are kept.
KEPT_LOGS = 5
#: The logger that everything of this package is below.
ROOT = __name__.split(".", 1)[0]

_STYLES = {"DEBUG": "dim", "INFO": "green", "WARNING": "yellow", "ERROR": "bold red", "CRITICAL": "bold red"}
#: What every record carries; the rest are the event's fields.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_context: ContextVar[Mapping[str, Any]] = ContextVar("log_context", default=MappingProxyType({}))


class ConsoleLog(NamedTuple):
    """What the console is told."""

    console: "Console"
    level: str
    as_json: bool
    spoken_by: str = ""
    """Logger whose events the pretty console leaves out, because the command tells them in words."""


@contextmanager
def bound(**fields: Any) -> Iterator[None]:
    """Add fields to every event of this context until the block ends."""
    token = _context.set({**_context.get(), **fields})
    try:
        yield
    finally:
        _context.reset(token)


def configure(log_dir: Path, level: str, console: ConsoleLog) -> Path | None:
    """Send events to the console and to the rotating `app.log`; replaces what was configured before.

    Returns:
        The log file, or None when its folder cannot be written, which one warning tells.
    """
    reset()
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    logging.getLogger(ROOT).setLevel(level)
    logging.captureWarnings(True)
    _add(root, _console_handler(console), console.level)
    try:
        log_file = _writable_log(log_dir)
    except OSError as error:
        _warn_console_only(log_dir, error)
        return None
    _add(root, _AppLog(log_file), level)
    return log_file


def reset() -> None:
    """Take back what `configure` did and close the log file."""
    logging.captureWarnings(False)
    logging.getLogger(ROOT).setLevel(logging.NOTSET)
    root = logging.getLogger()
    for handler in [h for h in root.handlers if h.get_name() in _HANDLERS]:
        root.removeHandler(handler)
        handler.close()


def file_in_use() -> Path | None:
    """Find the log file that events go to."""
    handlers = [h for h in logging.getLogger().handlers if isinstance(h, _AppLog)]
    return Path(handlers[0].baseFilename) if handlers else None


def job_finished(
    log: logging.Logger, status: str, timings_seconds: Mapping[str, float], **fields: Any
) -> None:
    """Close a job with its one canonical line: how it ended, what each stage took, and what else is known."""
    timings = {stage: round(seconds, 3) for stage, seconds in timings_seconds.items()}
    log.info("job_finished", extra={"status": status, "timings_seconds": timings, **fields})


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return the fields of an event."""
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}


def repeat(logger: str, level: int, event: str, fields: Mapping[str, Any]) -> None:
    """Log an event that another process told of."""
    told = {name: value for name, value in fields.items() if name not in _STANDARD}
    logging.getLogger(logger).log(level, "%s", event, extra=told)


class _AppLog(logging.handlers.RotatingFileHandler):
    """The rotating file; trouble with it is told once and in one line, never as a traceback."""

    def __init__(self, log_file: Path) -> None:
        super().__init__(
            log_file, maxBytes=MAX_LOG_BYTES, backupCount=KEPT_LOGS, encoding="utf-8", delay=True
        )
        self.set_name("app_log")
        self.setFormatter(_json_formatter())
        self._broken = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's own
        if not self._broken:
            self._broken = True
            _warn_console_only(Path(self.baseFilename).parent, sys.exc_info()[1])


class _PrettyHandler(logging.Handler):
    """Events for people: time, level, event, fields; no tracebacks, the file has those."""

    def __init__(self, console: ConsoleLog) -> None:
        super().__init__()
        self._console = console.console
        self._spoken_by = console.spoken_by

    def emit(self, record: logging.LogRecord) -> None:
        if self._spoken_by and f"{record.name}.".startswith(f"{self._spoken_by}."):
            return
        from rich.text import Text  # a process that shows nothing to people does without

        line = Text(time.strftime("%H:%M:%S ", time.localtime(record.created)), style="dim")
        line.append(f"{record.levelname:<8}", style=_STYLES.get(record.levelname, ""))
        line.append(record.getMessage(), style="bold")
        for name, value in fields_of(record).items():
            line.append(f" {name}=", style="dim").append(str(value))
        if record.exc_info and record.exc_info[1] is not None:
            line.append(f" {record.exc_info[1]!r}", style="red")
        self._console.print(line, soft_wrap=True)


class _ContextFilter(logging.Filter):
    """Adds what `bound` carries; an event's own fields win."""

    def filter(self, record: logging.LogRecord) -> bool:
        for name, value in _context.get().items():
            if not hasattr(record, name):
                setattr(record, name, value)
        return True


_HANDLERS = ("app_log", "console")


def _add(root: logging.Logger, handler: logging.Handler, level: str) -> None:
    handler.setLevel(level)
    handler.addFilter(_ContextFilter())
    root.addHandler(handler)


def _console_handler(console: ConsoleLog) -> logging.Handler:
    handler: logging.Handler = _PrettyHandler(console)
    if console.as_json:
        handler = logging.StreamHandler(console.console.file)
        handler.setFormatter(_json_formatter())
    handler.set_name("console")
    return handler


def _json_formatter() -> logging.Formatter:
    from pythonjsonlogger.json import JsonFormatter  # a process that logs nothing does without

    formatter = JsonFormatter(
        ["asctime", "levelname", "message", "name"],
        rename_fields={"asctime": "time", "levelname": "level", "message": "event", "name": "logger"},
        json_ensure_ascii=False,
        json_default=str,
    )
    formatter.converter = time.gmtime
    formatter.default_time_format = "%Y-%m-%dT%H:%M:%S"
    formatter.default_msec_format = "%s.%03dZ"
    return formatter


def _writable_log(log_dir: Path) -> Path:
    log_dir.mkdir(parents=True, exist_ok=True)
    log_file = (log_dir / "app.log").absolute()
    log_file.open("a", encoding="utf-8").close()
    return log_file


def _warn_console_only(log_dir: Path, error: BaseException | None) -> None:
    reason = getattr(error, "strerror", None) or str(error)
    logging.getLogger(__name__).warning(
        "log_dir_not_writable",
        extra={"log_dir": str(log_dir), "reason": reason, "logged_to": "the console only"},
    )
