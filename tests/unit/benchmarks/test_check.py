"""The check compares like with like, and only growth counts as worse."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.console import Console

from benchmarks import check as checking
from benchmarks.check import Compared, check, compare, differences, table

RUN = {
    "film": {"seconds": 15, "width": 1080},
    "encoder": {"preset": "superfast"},
    "rounds": 3,
    "ratios": {"cold_over_floor_cpu": 1.5, "warm_over_cold_cpu": 0.05},
}


def measured_again(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    monkeypatch.setattr(checking, "_measured_like", lambda *_: RUN | changes)


def committed(folder: Path) -> Path:
    file = folder / "results.json"
    file.write_text(json.dumps({"parts": {"check": RUN}}), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("fresh", "worse"), [(1.0, False), (1.5, False), (1.64, False), (1.66, True), (3.0, True), (None, True)]
)
def test_a_ratio_is_worse_when_it_grew_by_more_than_a_tenth_or_is_gone(
    fresh: float | None, worse: bool
) -> None:
    assert Compared("cold_over_floor_cpu", 1.5, fresh).is_worse(0.10) is worse


def test_each_committed_ratio_stands_beside_the_fresh_one_of_its_name() -> None:
    compared = compare({"b": 2.0, "a": 1.0, "gone": 1.0}, {"a": 1.1, "b": 1.0, "new": 9.0})
    assert compared == (Compared("a", 1.0, 1.1), Compared("b", 2.0, 1.0), Compared("gone", 1.0, None))


def test_two_films_that_are_not_alike_are_told_apart() -> None:
    other = RUN | {"film": {"seconds": 4, "width": 1080, "clips": 1}}
    assert list(differences(RUN, RUN)) == []
    assert list(differences(RUN, other)) == [
        "film clips: None in the committed results, 1 now",
        "film seconds: 15 in the committed results, 4 now",
    ]


def test_the_table_says_which_ratio_got_worse_and_by_how_much() -> None:
    console = Console(file=io.StringIO(), width=120)
    console.print(table([Compared("fine", 1.0, 0.9), Compared("bad", 1.0, 1.25)], 0.10))
    shown = console.file.getvalue()  # type: ignore[attr-defined]  # the file is a StringIO
    fine, bad = (line for line in shown.splitlines() if "fine" in line or "bad" in line)
    assert "-10.0%" in fine
    assert "ok" in fine
    assert "+25.0%" in bad
    assert "WORSE" in bad


def test_the_check_passes_when_nothing_got_worse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    measured_again(monkeypatch)
    check(committed(tmp_path))


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"ratios": {"cold_over_floor_cpu": 1.8, "warm_over_cold_cpu": 0.05}}, 1),
        ({"encoder": {"preset": "medium"}}, 2),
    ],
)
def test_the_check_fails_when_a_ratio_got_worse_or_nothing_can_be_compared(
    changes: dict[str, Any], status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured_again(monkeypatch, **changes)
    with pytest.raises(typer.Exit) as ended:
        check(committed(tmp_path))
    assert ended.value.exit_code == status


@pytest.mark.parametrize("text", ["", "{}", '{"parts": {"compare": {}}}'])
def test_results_without_a_short_run_are_told(text: str, tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(typer.BadParameter, match="check"):
        check(file)
