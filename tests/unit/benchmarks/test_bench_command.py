"""A paired run, from the command to the figures, on a film of stamp size."""

import json
import sys
from pathlib import Path

import pytest
import typer

from benchmarks.__main__ import bench
from benchmarks.competitors import COMPETITORS, RENDERERS
from benchmarks.memory import memory

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="process costs need wait4")

SIZE = "108x192"


def test_a_paired_run_measures_everybody_on_the_same_film(tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    bench(seconds=1, size=SIZE, out=out)
    text = out.read_text("utf-8")
    report = json.loads(text)
    assert list(report["results"]) == list(COMPETITORS)
    assert {figures["frames"] for figures in report["results"].values()} == {30}
    assert all(figures["cpu_s"] > 0 and figures["left_behind"] == 0 for figures in report["results"].values())
    assert report["ratios"]["renderer_one_worker_over_floor_cpu"] > 0
    assert report["encoder"]["preset"] == "superfast"
    assert str(tmp_path) not in text


def test_memory_is_told_for_the_renderer_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "memory.json"
    memory(seconds=1, size=SIZE, out=out)
    assert list(json.loads(out.read_text("utf-8"))["results"]) == list(RENDERERS)
    assert "peak: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "complaint"), [({"only": "remotion"}, "remotion"), ({"size": "big"}, "1080x1920")]
)
def test_a_wrong_option_is_told(options: dict[str, str], complaint: str, tmp_path: Path) -> None:
    with pytest.raises(typer.BadParameter, match=complaint):
        bench(seconds=1, out=tmp_path / "results.json", **options)  # type: ignore[arg-type]  # all are texts
    assert not (tmp_path / "results.json").exists()
