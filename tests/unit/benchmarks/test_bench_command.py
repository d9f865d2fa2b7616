"""Runs of the bench, from the command to the figures, on a film of stamp size."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from benchmarks.__main__ import bench
from benchmarks.competitors import COMPETITORS
from src.engines.subtitle.presets import presets

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="process costs need wait4"),
    pytest.mark.no_cover,
]
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="trees are killed and weighed on Linux only")

SIZE = "108x192"


def measured(tmp_path: Path, only: str, seconds: float = 1) -> dict[str, Any]:
    out = tmp_path / "results.json"
    bench(seconds=seconds, size=SIZE, out=out, only=only)
    text = out.read_text("utf-8")
    assert str(tmp_path) not in text
    part: dict[str, Any] = json.loads(text)["parts"][only]
    assert all(run["cpu_s"] > 0 and run["left_behind"] == 0 for run in part["results"].values())
    return part


def test_everybody_is_measured_on_the_same_film(tmp_path: Path) -> None:
    part = measured(tmp_path, "compare")
    assert set(part["results"]) == set(COMPETITORS)
    assert {figures["frames"] for figures in part["results"].values()} == {30}
    assert part["ratios"]["renderer_one_worker_over_floor_cpu"] > 0
    assert part["encoder"]["preset"] == "superfast"


@linux_only
def test_a_cache_is_tried_in_every_way(tmp_path: Path) -> None:
    part = measured(tmp_path, "cache")
    runs = part["results"]
    assert runs["warm"]["segments_hit"] == runs["warm"]["segments_total"]
    assert runs["warm"]["same_bytes_as_cold"]
    assert runs["resumed"]["same_bytes_as_cold"]
    assert 0 < runs["edit_picture"]["segments_hit"] < runs["edit_picture"]["segments_total"]
    assert runs["insert_scene"]["frames"] == 45
    assert runs["killed"]["frames_done"] >= 0.5
    assert part["bars"].keys() <= part["ratios"].keys()


@linux_only
def test_memory_is_weighed_against_length(tmp_path: Path) -> None:
    part = measured(tmp_path, "memory", seconds=2)
    assert {name: film["seconds"] for name, film in part["film"].items()} == {"1s": 1, "4s": 4, "12s": 12}
    assert part["bars"] == {"12s_over_1s_peak_rss": 1.1}


def test_a_frame_is_drawn_from_an_empty_cache_and_from_a_full_one(tmp_path: Path) -> None:
    part = measured(tmp_path, "preview")
    assert part["results"]["frame_warm"]["height"] == part["results"]["frame_cold"]["height"] == 192


def test_captions_are_drawn_in_every_style(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some = {name: presets()[name] for name in ("bold", "highlight")}
    monkeypatch.setattr("benchmarks.captioning.presets", lambda: some)
    part = measured(tmp_path, "captions")
    assert part["results"].keys() == some.keys()
    assert all(run["frames"] == 30 and run["ms_a_frame"] > 0 for run in part["results"].values())


def test_films_with_captions_from_files_are_rendered_beside_one_without_any(tmp_path: Path) -> None:
    part = measured(tmp_path, "caption_files")
    assert part["results"].keys() == {"bare", "spoken", "subrip", "script_steps", "script_fills"}
    assert "script_fills_over_bare_cpu" in part["ratios"]


@pytest.mark.parametrize(
    ("options", "complaint"), [({"only": "remotion"}, "remotion"), ({"size": "big"}, "1080x1920")]
)
def test_a_wrong_option_is_told(options: dict[str, str], complaint: str, tmp_path: Path) -> None:
    with pytest.raises(typer.BadParameter, match=complaint):
        bench(seconds=1, out=tmp_path / "results.json", **options)  # type: ignore[arg-type]  # all are texts
    assert not (tmp_path / "results.json").exists()
