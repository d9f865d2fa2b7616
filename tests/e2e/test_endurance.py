"""Renders that are killed, that share a damaged cache, that find no space: the film comes out the same.

`pytest tests/e2e/test_endurance.py --kills 50 --rounds 10` goes on for longer.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.command import TIMEOUT_SECONDS, kill_tree, run, start
from tests.synthetic import gradient_rgb, write_clip, write_picture
from tests.tmpfs import mounted

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills process groups and mounts a tmpfs")

OUTPUT = {"width": 180, "height": 320, "sidecars": ["srt"]}
TEXTS = [
    "The first scene is short.",
    "The second one has a moving picture in it.",
    "And the third one shows a photograph for a while.",
    "Nothing is left to say.",
]


def job_of(*texts: str, fps: int = 30) -> dict[str, Any]:
    visuals: list[list[dict[str, Any]]] = [
        [],
        [{"type": "video", "src": "clip.mp4", "volume": 0.3}],
        [{"type": "image", "src": "photo.jpg"}],
        [{"type": "title", "text": "The end"}],
    ]
    scenes = [{"text": text, "visuals": visuals[i % 4]} for i, text in enumerate(texts)]
    return {"id": "film", "output": {**OUTPUT, "fps": fps}, "music": {"mood": "calm"}, "scenes": scenes}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder that holds everything, with some media."""
    for name in ("DATA_DIR", "CACHE_DIR", "LOG_DIR"):
        monkeypatch.setenv(f"NEUROSHORTS_{name}", f"{name.lower()}")
    studio(tmp_path)
    return tmp_path


def studio(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    write_picture(folder / "photo.jpg", gradient_rgb(600, 400))
    write_clip(folder / "clip.mp4", frames=90, sound=True)
    return folder


def rendered(folder: Path, job: dict[str, Any]) -> dict[str, Any]:
    """Render a job to its end; return its result."""
    done = run(folder, "render", "job.json", "--json", job=job)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)["result"]
    return result


def files_in(folder: Path) -> set[str]:
    """List all files but the log; entries of the cache by their names."""
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if "log_dir" not in file.parts}


def segments_in(folder: Path) -> int:
    return sum(file.is_file() for file in (folder / "cache_dir" / "entries" / "segment").rglob("*"))


def killed_after(seconds: float, process: "subprocess.Popen[str]") -> bool:
    """Kill a render after some time; tell whether it had not ended by itself."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        kill_tree(process)
        return True
    process.communicate()
    return False


def test_a_render_that_is_killed_at_any_moment_is_finished_by_the_next(
    tmp_path: Path, folder: Path, pytestconfig: pytest.Config
) -> None:
    job, chosen = job_of(*TEXTS, fps=12), random.Random(1)
    calm = studio(tmp_path / "calm")
    began = time.monotonic()
    undisturbed = rendered(calm, job)
    lasts = time.monotonic() - began
    expected = files_in(calm)

    for number in range(pytestconfig.getoption("--kills")):
        hit = studio(tmp_path / f"hit-{number}")
        (hit / "job.json").write_text(json.dumps(job), encoding="utf-8")
        while not killed_after(chosen.uniform(0, lasts), start(hit, "render", "job.json")):
            shutil.rmtree(hit / "cache_dir")
            shutil.rmtree(hit / "data_dir")
        finished = segments_in(hit)

        result = rendered(hit, job)

        assert result["sha256"] == undisturbed["sha256"]
        assert result["cache"]["segments_hit"] == finished
        assert files_in(hit) == expected
        shutil.rmtree(hit)


@contextmanager
def vandal(cache_dir: Path, seed: int) -> Iterator[None]:
    """Delete files and flip bits in a cache for as long as the block lasts."""
    done, chosen = threading.Event(), random.Random(seed)

    def rage() -> None:
        while not done.wait(0.02):
            # Work folders come and go while they are walked over: they are left alone.
            there = [*(cache_dir / "entries").glob("*/*/*"), *cache_dir.glob("index*")]
            files = [file for file in there if file.is_file()]
            if files:
                damage(chosen.choice(files), chosen)

    with ThreadPoolExecutor(1) as pool:
        raging = pool.submit(rage)
        try:
            yield
        finally:
            done.set()
            raging.result()


def damage(file: Path, chosen: random.Random) -> None:
    try:
        if chosen.random() < 0.3:
            file.unlink()
            return
        with file.open("r+b") as opened:
            opened.seek(chosen.randrange(max(1, file.stat().st_size)))
            byte = opened.read(1) or b"\0"
            opened.seek(-1, os.SEEK_CUR)
            opened.write(bytes([byte[0] ^ 1 << chosen.randrange(8)]))
    except OSError:
        return


def test_four_processes_share_a_cache_that_is_damaged_meanwhile(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    texts = [[*TEXTS[start:], *TEXTS[:start]] for start in range(3)] + [TEXTS[:2]]
    jobs = [job_of(*each, fps=12) for each in texts]
    calm = [rendered(studio(tmp_path / f"calm-{i}"), job)["sha256"] for i, job in enumerate(jobs)]
    monkeypatch.setenv("NEUROSHORTS_CACHE_DIR", str(tmp_path / "shared"))

    def films(worker: int) -> list[str]:
        mine = studio(tmp_path / f"worker-{worker}")
        order = [(worker + number) % len(jobs) for number in range(pytestconfig.getoption("--rounds"))]
        return [f"{index} {rendered(mine, jobs[index])['sha256']}" for index in order]

    with vandal(tmp_path / "shared", seed=2), ThreadPoolExecutor(4) as pool:
        made = {film for films_of_one in pool.map(films, range(4)) for film in films_of_one}

    assert made <= {f"{index} {sha256}" for index, sha256 in enumerate(calm)}
    assert list((tmp_path / "shared" / "work").iterdir()) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk that is too small for a film and its parts."""
    with mounted(tmp_path / "disk", "600k") as disk:
        yield disk


def test_a_full_disk_is_told_and_the_next_render_with_space_succeeds(
    folder: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_of(*TEXTS)
    monkeypatch.setenv("NEUROSHORTS_CACHE_DIR", str(small_disk / "cache"))

    failed = run(folder, "render", "job.json", job=job)

    assert failed.returncode == 1
    assert "no space left for the work in progress: free space in" in failed.stderr
    assert not (folder / "data_dir").exists()
    assert list((small_disk / "cache" / "work").iterdir()) == []
    subprocess.run(["mount", "-o", "remount,size=100m", str(small_disk)], check=True)
    monkeypatch.setenv("NEUROSHORTS_CACHE_DIR", "fresh")
    undisturbed = rendered(folder, job)["sha256"]
    monkeypatch.setenv("NEUROSHORTS_CACHE_DIR", str(small_disk / "cache"))
    assert rendered(folder, job)["sha256"] == undisturbed


def test_a_full_output_folder_is_told_and_holds_nothing_of_the_film(
    folder: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_of(*TEXTS)
    (small_disk / "filler").write_bytes(bytes(500_000))
    monkeypatch.setenv("NEUROSHORTS_DATA_DIR", str(small_disk / "out"))

    failed = run(folder, "render", "job.json", job=job)

    assert failed.returncode == 1
    assert "no space left for 'film.mp4': free space in" in failed.stderr
    assert list((small_disk / "out").glob("*")) == []
    (small_disk / "filler").unlink()
    assert rendered(folder, job)["cache"]["segments_rendered"] == 0


def test_commands_that_only_look_leave_only_the_cache_behind(folder: Path) -> None:
    (folder / "job.json").write_text(json.dumps(job_of(*TEXTS)), encoding="utf-8")
    for arguments in (["validate", "job.json"], ["preview", "job.json", "--at", "1", "-o", "frame.png"]):
        process = start(folder, *arguments)
        process.communicate(timeout=TIMEOUT_SECONDS)
        assert process.returncode == 0
    left = {file.name for file in folder.iterdir()}
    assert left == {"job.json", "photo.jpg", "clip.mp4", "cache_dir", "log_dir", "frame.png"}
    assert list((folder / "cache_dir" / "work").iterdir()) == []
