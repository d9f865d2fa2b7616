"""Figures of several rounds become medians, ratios of one round each, and one document."""

import json
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks import report
from benchmarks.machine import Glance, Load, load_between
from benchmarks.process_tree import Cost
from benchmarks.report import add
from benchmarks.trial import MIB, Made, Part, Ratio, carry_out

BEFORE = Glance(busy_s=100, steal_s=5, total_s=400, own_s=1, average=0.5)


def made(cpu_s: float, pss_mib: int = 100) -> Made:
    cost = Cost(cpu_s, cpu_s / 2, 2 * pss_mib * MIB, pss_mib * MIB, 2, 0)
    return Made(cost, Load(0.5, 0.1, 0.0), {"frames": 30, "mbit": cpu_s / 3})


def test_a_ratio_is_taken_within_each_round() -> None:
    """A machine that is three times slower in one round leaves the ratio alone."""
    slow = iter([made(10), made(30), made(11)])
    fast = iter([made(5), made(15), made(5)])
    ratio = Ratio("slow", "fast", bar=1.9)
    part = Part("", {}, {"slow": lambda: next(slow), "fast": lambda: next(fast)}, (ratio,))
    section = carry_out(part, 3, Console(quiet=True))
    assert section["ratios"] == {"slow_over_fast_cpu": 2.0}
    assert section["bars"] == {"slow_over_fast_cpu": 1.9}
    assert section["results"]["slow"]["cpu_s"] == 11
    assert section["results"]["slow"]["cpu_s_runs"] == [10, 30, 11]
    assert section["results"]["slow"]["mbit"] == 3.67


@pytest.mark.parametrize(
    ("others_share", "undecided"), [(0.01, []), (0.2, ["a_over_b_wall"]), (None, ["a_over_b_wall"])]
)
def test_wall_times_decide_nothing_while_others_are_busy(
    others_share: float | None, undecided: list[str]
) -> None:
    run = made(1)._replace(load=Load(0.5, others_share, 0.0))
    ratios = (Ratio("a", "b", "wall_s", bar=0.58), Ratio("a", "b", "cpu_s", bar=2))
    section = carry_out(Part("", {}, {"a": lambda: run, "b": lambda: run}, ratios), 1, Console(quiet=True))
    assert section["undecided"] == undecided


def test_a_ratio_of_something_that_was_not_run_is_left_out() -> None:
    part = Part("", {}, {"one": lambda: made(1)}, (Ratio("one", "two"), Ratio("two", "one")))
    assert carry_out(part, 1, Console(quiet=True))["ratios"] == {}


def test_what_others_did_is_what_neither_the_command_nor_the_meter_did() -> None:
    after = Glance(busy_s=118, steal_s=6, total_s=420, own_s=2, average=3)
    assert load_between(BEFORE, after, command_s=12) == Load(0.5, 5 / 20, 1 / 20)


def test_no_books_no_load() -> None:
    assert load_between(None, BEFORE, 1) == load_between(BEFORE, BEFORE, 1) == Load(None, None, None)


def test_a_part_takes_the_place_of_its_older_figures_and_leaves_the_others(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    add(file, "sizes", {"rounds": 1})
    add(file, "cache", {"rounds": 1})
    add(file, "cache", {"rounds": 2})
    assert json.loads(file.read_text("utf-8"))["parts"] == {"cache": {"rounds": 2}, "sizes": {"rounds": 1}}


def test_figures_of_other_versions_do_not_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "results.json"
    add(file, "sizes", {"rounds": 1})
    monkeypatch.setattr(report, "versions", lambda: {"python": "4.0"})
    add(file, "cache", {"rounds": 1})
    assert list(json.loads(file.read_text("utf-8"))["parts"]) == ["cache"]
