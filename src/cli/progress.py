"""How far a render is: a bar on a terminal, plain lines on a pipe, events in a JSON log."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from rich.console import Console

from ..models.progress import Setback
from ..pipeline.stages import Step

if TYPE_CHECKING:
    from rich.progress import TaskID

_log = logging.getLogger(__name__)

#: Seconds between two lines on a pipe.
LINE_INTERVAL_SECONDS = 1.0
#: Seconds that the rate of frames looks back: long enough to be calm, short enough to follow a slow scene.
RATE_WINDOW_SECONDS = 5.0


class Pace:
    """Frames a second and seconds left, over the last few seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._stage = ""
        self._seen: deque[tuple[float, int]] = deque()

    def update(self, step: Step) -> tuple[float, float | None]:
        """Take in a step; returns units a second, and seconds left where they can be told."""
        now = self._clock()
        if step.stage != self._stage:
            self._stage = step.stage
            self._seen.clear()
        self._seen.append((now, step.done))
        while len(self._seen) > 2 and now - self._seen[1][0] >= RATE_WINDOW_SECONDS:
            self._seen.popleft()
        since, done_then = self._seen[0]
        rate = (step.done - done_then) / (now - since) if now > since else 0.0
        return rate, (step.total - step.done) / rate if rate > 0 else None


class News:
    """Finds what was not told before: steps tell a setback for as long as it lasts."""

    def __init__(self) -> None:
        self._latest: Setback | None = None

    def new_setback(self, step: Step) -> Setback | None:
        """Give the setback of a step, if the step before had another one or none."""
        is_new, self._latest = step.setback != self._latest, step.setback
        return step.setback if is_new else None


class View(Protocol):
    """Shows steps to somebody."""

    def show(self, step: Step) -> None:
        """Show one step; any thread may call it."""
        ...

    def close(self) -> None:
        """Leave the screen tidy."""
        ...


class Bar:
    """A bar that stays on one line of a terminal."""

    def __init__(self, console: Console) -> None:
        # Only a terminal shows a bar, and importing it takes 7 ms.
        from rich.progress import BarColumn, Progress, TextColumn

        columns = (TextColumn("{task.description:<10}"), BarColumn(), TextColumn("{task.fields[told]}"))
        self._progress = Progress(*columns, console=console, transient=True, refresh_per_second=8)
        self._pace, self._news = Pace(), News()
        self._lock = threading.Lock()
        self._task: TaskID | None = None

    def show(self, step: Step) -> None:
        """Move the bar."""
        with self._lock:
            if self._task is None:
                self._progress.start()
                self._task = self._progress.add_task(step.stage, total=None, told="")
            if setback := self._news.new_setback(step):
                _print_setback(self._progress.console, setback)
            self._progress.update(
                self._task,
                description=step.stage,
                completed=step.done,
                total=step.total or None,
                told=_numbers(step, self._pace.update(step)),
            )

    def close(self) -> None:
        """Take the bar off the screen."""
        self._progress.stop()


class Lines:
    """At most one line a second, and one for each new stage, given to `write`; setbacks, given to `warn`."""

    def __init__(
        self,
        write: Callable[[Step, float], None],
        warn: Callable[[Setback], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._write, self._warn = write, warn
        self._clock = clock
        self._pace, self._news = Pace(clock), News()
        self._lock = threading.Lock()
        self._stage = ""
        self._next_at = 0.0

    def show(self, step: Step) -> None:
        """Write a line when one is due."""
        with self._lock:
            if setback := self._news.new_setback(step):
                self._warn(setback)
            pace = self._pace.update(step)
            now = self._clock()
            if now < self._next_at and step.stage == self._stage:
                return
            self._stage, self._next_at = step.stage, now + LINE_INTERVAL_SECONDS
            self._write(step, pace[0])

    def close(self) -> None:
        """Nothing is left on the screen."""


def open_view(console: Console, *, json_log: bool) -> View:
    """Choose the view that suits where stderr leads."""
    if json_log:
        return Lines(_log_event, _log_setback)
    # A dumb terminal cannot go back to the beginning of a line.
    if console.is_terminal and not console.is_dumb_terminal:
        return Bar(console)
    return Lines(
        lambda step, rate: console.print(_line(step, rate), markup=False, soft_wrap=True),
        partial(_print_setback, console),
    )


def _log_event(step: Step, rate: float) -> None:
    _log.info("progress", extra={"stage": step.stage, "done": step.done, "total": step.total})


def _log_setback(setback: Setback) -> None:
    told = {"code": setback.code, "reason": setback.message, "path": setback.path}
    _log.warning("held_up", extra=told)


def _print_setback(console: Console, setback: Setback) -> None:
    console.print(setback.message, markup=False, soft_wrap=True, style="yellow")


def _line(step: Step, rate: float) -> str:
    left = (step.total - step.done) / rate if rate > 0 else None
    return f"{step.stage} {_numbers(step, (rate, left))}".rstrip()


def _numbers(step: Step, pace: tuple[float, float | None]) -> str:
    if step.stage != "rendering" or not step.total:
        return ""
    rate, left = pace
    told = f"{step.done}/{step.total} frames"
    if left is not None:
        told += f", {rate:.0f} frames/s, {_clock_time(left)} left"
    return told


def _clock_time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
