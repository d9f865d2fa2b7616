"""What every command shares: settings, log, the console on stderr, exit codes and how errors are told.

What it takes to open a desk is imported when one is opened: help, versions and looks at health do without.
"""

import sys
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..errors import Interrupted, InvalidJob, NeuroShortsError, RejectedJob
from ..runtime import importing

if TYPE_CHECKING:
    from rich.console import Console

    from ..settings import Settings

#: Problems of one job that are printed: more do not help, and a job may have thousands.
MAX_PROBLEMS = 50


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    FAILED = 1
    REJECTED = 2
    INTERRUPTED = 130


class Desk(NamedTuple):
    """What a command works with."""

    settings: "Settings"
    console: "Console"
    """On stderr: stdout belongs to what a command prints for programs."""
    log_file: Path | None
    json_log: bool
    """Whether stderr carries JSON lines, so that nothing else may be printed there."""

    def say(self, text: str, style: str = "") -> None:
        """Print a line for people."""
        if not self.json_log:
            from rich.text import Text

            self.console.print(Text(text, style=style), soft_wrap=True)


class BadSettings(Exception):
    """The environment holds values that no setting accepts; one line each."""


def open_desk(*, is_service: bool = False) -> Desk:
    """Read the settings and start the log; a service tells all of it, as JSON unless a person looks on.

    Raises:
        BadSettings: naming every variable that is wrong.
    """
    with importing():
        from pydantic import ValidationError
        from rich.console import Console

        from .. import log
        from ..settings import PREFIX, Settings

    try:
        settings = Settings()
    except ValidationError as error:
        lines = [
            f"{PREFIX}{str(detail['loc'][0]).upper()}: {detail['msg']}, not {detail['input']!r}"
            for detail in error.errors()
        ]
        raise BadSettings("\n".join(lines)) from error
    console = Console(stderr=True, highlight=False, emoji=False)
    is_watched = console.is_terminal or not is_service
    json_log = settings.log_format == "json" or (settings.log_format == "auto" and not is_watched)
    quiet = not is_service and not json_log and "log_level" not in settings.model_fields_set
    told = log.ConsoleLog(console, "WARNING" if quiet else settings.log_level, json_log, spoken_by="src.cli")
    return Desk(settings, console, log.configure(settings.log_dir, settings.log_level, told), json_log)


def error_lines(error: NeuroShortsError) -> list[str]:
    """Write an error as lines, one for each of the first problems, each led by its JSON path."""
    if isinstance(error, InvalidJob):
        shown = error.problems[:MAX_PROBLEMS]
        more = len(error.problems) - len(shown)
        lines = [f"{problem.path or 'job'}: {problem.message}" for problem in shown]
        return [*lines, f"and {more} more"] if more else lines
    return [f"scene {error.scene_id}: {error}" if error.scene_id and not error.path else str(error)]


def exit_code_of(error: NeuroShortsError) -> ExitCode:
    """Tell apart a wrong job, an interruption and a failure."""
    if isinstance(error, RejectedJob):
        return ExitCode.REJECTED
    return ExitCode.INTERRUPTED if isinstance(error, Interrupted) else ExitCode.FAILED


def say_error(desk: Desk, error: NeuroShortsError) -> None:
    """Print an error for people."""
    for line in error_lines(error):
        desk.say(f"error: {line}", "yellow" if isinstance(error, Interrupted) else "red")


def unexpected_line(error: Exception, log_file: Path | None) -> str:
    """Write an error that nobody foresaw as one line that names the log, where its traceback is."""
    reason = (str(error).splitlines() or ["no message"])[0]
    where = f"; the log has the details: {log_file}" if log_file else ""
    return f"unexpected {type(error).__name__}: {reason}{where}"


def say_plainly(text: str) -> None:
    """Print to stderr before there is a desk."""
    print(text, file=sys.stderr)


def print_rows(rows: Sequence[tuple[str, ...]]) -> None:
    """Print a table on stdout."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())
