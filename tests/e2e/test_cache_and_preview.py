"""The commands around the cache, and previews, as people run them."""

import json
from pathlib import Path

import pytest
from PIL import Image

from src.cli.app import run

Output = pytest.CaptureFixture[str]
JOB = {"id": "small", "output": {"width": 64, "height": 112, "fps": 10}, "scenes": [{"text": "Hello there."}]}


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "job.json").write_text(json.dumps(JOB), encoding="utf-8")
    return "job.json"


def test_a_warmed_cache_is_counted_verified_used_and_given_up(
    job: str, own_folders: Path, capsys: Output
) -> None:
    assert run(["cache", "warm", job]) == 0
    assert "segments: 0 were there, 2 rendered" in capsys.readouterr().out

    assert run(["cache", "stats"]) == 0
    told = capsys.readouterr().out
    assert [line.split()[:2] for line in told.splitlines()[:-4]] == [
        ["segment", "2"],
        ["sound", "1"],
        ["speech", "1"],
    ]
    assert "of 8.6 GB" in told

    assert run(["cache", "verify"]) == 0
    assert "whole 4, damaged and removed 0" in capsys.readouterr().out

    assert run(["render", job, "--json"]) == 0
    counted = json.loads(capsys.readouterr().out)["result"]["cache"]
    assert counted == {"segments_hit": 2, "segments_rendered": 0, "segments_total": 2}

    assert run(["cache", "prune", "--all"]) == 0
    assert "gave up 6, kept 0 B" in capsys.readouterr().out


def test_damage_is_told_by_the_exit_code(job: str, own_folders: Path, capsys: Output) -> None:
    run(["cache", "warm", job])
    sound = next((own_folders / "cache_dir" / "entries" / "sound").glob("*/*"))
    sound.write_bytes(sound.read_bytes()[:-1])
    assert run(["cache", "verify"]) == 1
    assert "whole 3, damaged and removed 1" in capsys.readouterr().out
    assert run(["cache", "verify"]) == 0


@pytest.mark.parametrize(("size", "kept_bytes"), [("10k", 10_000), ("0", 0), ("1.5 MB", 1_500_000)])
def test_a_cache_comes_down_to_a_size(job: str, own_folders: Path, size: str, kept_bytes: int) -> None:
    run(["cache", "warm", job])
    assert run(["cache", "prune", "--to", size]) == 0
    files = [file for file in (own_folders / "cache_dir" / "entries").rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) <= kept_bytes


@pytest.mark.parametrize("size", ["much", "-1", "1 parsec"])
def test_what_is_no_size_is_refused(size: str, capsys: Output) -> None:
    assert run(["cache", "prune", f"--to={size}"]) == 2
    assert "is no size: write it like 500M or 2G" in capsys.readouterr().err


@pytest.mark.parametrize(("suffix", "kind"), [(".png", "PNG"), (".jpg", "JPEG"), (".webp", "WEBP")])
def test_a_preview_is_a_picture_of_the_frame(job: str, tmp_path: Path, suffix: str, kind: str) -> None:
    assert run(["preview", job, "--at", "0.3", "-o", f"frame{suffix}"]) == 0
    with Image.open(tmp_path / f"frame{suffix}") as picture:
        assert (picture.size, picture.format) == ((64, 112), kind)
    assert sorted(file.name for file in tmp_path.iterdir()) == [f"frame{suffix}", "job.json"]


def test_a_preview_without_a_name_goes_where_films_go(job: str, own_folders: Path) -> None:
    assert run(["preview", job, "--sheet"]) == 0
    assert run(["preview", job, "--at", "0.5"]) == 0
    assert sorted(file.name for file in (own_folders / "data_dir").iterdir()) == [
        "small-0.5s.png",
        "small-sheet.png",
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "name either a time (--at 3.2) or --sheet"),
        (["--at", "1", "--sheet"], "name either a time (--at 3.2) or --sheet"),
        (["--at", "99"], "there is no frame at 99 s: the film lasts"),
        (["--at", "1", "-o", "frame.bmp"], "'frame.bmp' must end with one of: .png, .jpg"),
    ],
)
def test_a_preview_that_cannot_be_is_refused(
    job: str, arguments: list[str], told: str, tmp_path: Path, capsys: Output
) -> None:
    assert run(["preview", job, *arguments]) == 2
    assert told in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["job.json"]
