"""Progress is a bar on a terminal, at most a line a second on a pipe, events in a JSON log."""

import io
import logging

import pytest
from rich.console import Console

from src.cli.progress import Bar, Lines, Pace, open_view
from src.models.progress import Setback
from src.pipeline.request import Progress


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_rate_follows_the_last_seconds() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.update(Progress("rendering", 0, 1000))
    for second in range(1, 21):
        clock.now += 1
        rate, left = pace.update(Progress("rendering", second * (10 if second <= 10 else 20), 1000))

    assert rate == pytest.approx(20, abs=0.1)
    assert left == pytest.approx((1000 - 400) / 20, abs=0.5)


def test_nothing_is_foretold_from_one_look() -> None:
    assert Pace(Clock()).update(Progress("rendering", 5, 10)) == (0.0, None)


def test_a_new_stage_has_a_pace_of_its_own() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.update(Progress("rendering", 0, 100))
    clock.now += 1

    assert pace.update(Progress("joining", 0, 1)) == (0.0, None)


def test_at_most_one_line_a_second_and_one_for_each_stage() -> None:
    clock = Clock()
    told: list[tuple[str, int]] = []
    lines = Lines(lambda step, rate: told.append((step.stage, step.done)), lambda setback: None, clock)

    for done in range(0, 31, 3):
        lines.show(Progress("rendering", done, 30))
        clock.now += 0.25
    lines.show(Progress("mixing", 0, 1))
    lines.close()

    assert told == [("rendering", 0), ("rendering", 12), ("rendering", 24), ("mixing", 0)]


def test_a_pipe_gets_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr("src.cli.progress.time.monotonic", clock)
    stream = io.StringIO()
    view = open_view(Console(file=stream), json_log=False)
    assert isinstance(view, Lines)

    lines = Lines(view._write, view._warn, clock)
    lines.show(Progress("rendering", 0, 300))
    clock.now += 2
    lines.show(Progress("rendering", 60, 300))
    lines.show(Progress("joining", 0, 1))

    assert stream.getvalue().splitlines() == [
        "rendering 0/300 frames",
        "rendering 60/300 frames, 30 frames/s, 0:08 left",
        "joining",
    ]


def held_up(seconds: str) -> Progress:
    return Progress("fetching", 0, 0, Setback("server_error", f"'a.example' has trouble; {seconds}"))


def test_each_setback_is_a_line_at_once_and_once() -> None:
    stream = io.StringIO()
    view = open_view(Console(file=stream, width=20), json_log=False)
    assert isinstance(view, Lines)
    lines = Lines(view._write, view._warn, Clock())
    going_on = Progress("fetching", 1, 2)
    for step in (going_on, held_up("1 s"), held_up("1 s"), going_on, held_up("1 s"), held_up("2 s")):
        lines.show(step)

    assert stream.getvalue().splitlines() == [
        "fetching",
        "'a.example' has trouble; 1 s",
        "'a.example' has trouble; 1 s",
        "'a.example' has trouble; 2 s",
    ]


def test_a_terminal_keeps_the_line_of_a_setback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    stream = io.StringIO()
    view = open_view(Console(file=stream, force_terminal=True, highlight=False), json_log=False)
    for step in (held_up("1 s"), held_up("1 s"), Progress("fetching", 1, 2)):
        view.show(step)
    view.close()

    assert stream.getvalue().count("'a.example' has trouble; 1 s") == 1


def test_a_terminal_gets_a_bar_that_leaves_no_trace_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    stream = io.StringIO()
    view = open_view(Console(file=stream, force_terminal=True, width=80), json_log=False)

    view.show(Progress("fetching", 0, 1))
    view.show(Progress("rendering", 10, 30))
    view.close()
    view.close()

    assert isinstance(view, Bar)
    assert "10/30 frames" in stream.getvalue()
    assert stream.getvalue().endswith(("\x1b[2K", "\x1b[?25h", "\r"))


def test_a_terminal_that_cannot_move_its_cursor_gets_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    stream = io.StringIO()

    open_view(Console(file=stream, force_terminal=True, width=80), json_log=False).show(
        Progress("rendering", 10, 30)
    )

    assert stream.getvalue() == "rendering 10/30 frames\n"


def test_a_json_log_gets_events(caplog: pytest.LogCaptureFixture) -> None:
    stream = io.StringIO()
    with caplog.at_level(logging.INFO):
        open_view(Console(file=stream), json_log=True).show(Progress("rendering", 10, 30))

        open_view(Console(file=stream), json_log=True).show(held_up("1 s"))

    assert [record.getMessage() for record in caplog.records] == ["progress", "held_up", "progress"]
    assert caplog.records[1].__dict__["code"] == "server_error"
    assert stream.getvalue() == ""
