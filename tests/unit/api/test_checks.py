"""What is told of a job before it is handed in, and what becomes of checks that nobody waits for."""

import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from src.worker.checkroom import MOST_AT_ONCE
from tests.conftest import LoggedErrors
from tests.synthetic import gradient_rgb, write_picture
from tests.unit.api.running import HELLO, Running, problem, running
from tests.waiting import PATIENCE_SECONDS, eventually

#: Stands for a check that never ends; told in the list of processes from those of tests beside these.
ENDLESS = (sys.executable, "-c", f"import time; time.sleep(600); 'a check of {os.getpid()}'")
PICTURES = {"visuals": [{"type": "image", "src": name} for name in ("good.png", "gone.png", "text.png")]}


@pytest.fixture(scope="module")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder that jobs may name files of."""
    folder = tmp_path_factory.mktemp("assets")
    write_picture(folder / "good.png", gradient_rgb(64, 64))
    (folder / "text.png").write_text("no picture")
    return folder


@pytest.fixture(scope="module")
def checking(tmp_path_factory: pytest.TempPathFactory, assets: Path) -> Iterator[Running]:
    """Serve with a folder of assets and a cache."""
    folder = tmp_path_factory.mktemp("checking")
    with running(folder / "data", cache_dir=folder / "cache", asset_roots=(assets,)) as service:
        yield service


def test_a_good_job_is_told_what_its_film_will_be(checking: Running, assets: Path) -> None:
    scene = {"duration": 2, "visuals": [{"type": "image", "src": str(assets / "good.png")}]}
    output = {"width": 64, "height": 112, "fps": 10}
    answer = checking.client.post("/render/validate", json={"output": output, "scenes": [scene]})
    told = answer.json()
    assert answer.status_code == 200
    assert (told["valid"], told["scenes"], told["duration"], told["frames"]) == (True, 1, 2.0, 20)
    assert (told["width"], told["height"], told["fps"]) == (64, 112, 10.0)
    assert told["segments_total"] == 2
    assert told["segments_cached"] == 0
    assert 0 < told["estimated_cpu_seconds"] < 2
    assert 0 < told["estimated_bytes"] < 200_000
    assert not (checking.settings.data_dir / "jobs").exists()


def test_words_are_spoken_to_know_how_long_they_last(checking: Running) -> None:
    told = checking.client.post("/render/validate", json=HELLO).json()
    assert 0.3 < told["duration"] < 3
    assert told["frames"] == round(told["duration"] * told["fps"])


def test_every_medium_that_is_wrong_is_told_with_its_place(checking: Running, assets: Path) -> None:
    job = json.loads(json.dumps({"scenes": [{**PICTURES, "text": "Hello"}]}))
    for visual in job["scenes"][0]["visuals"]:
        visual["src"] = str(assets / visual["src"])
    answer = checking.client.post("/render/validate", json=job)
    assert problem(answer) == (422, "missing_file")
    assert [(told["path"], told["code"]) for told in answer.json()["problems"]] == [
        ("scenes[0].visuals[1].src", "missing_file"),
        ("scenes[0].visuals[2].src", "unreadable_media"),
    ]


def test_music_that_the_manifest_does_not_have_is_told(checking: Running) -> None:
    answer = checking.client.post("/render/validate", json={**HELLO, "music": {"tags": ["jazz"]}})
    assert problem(answer) == (422, "unknown_music")
    assert answer.json()["problems"][0]["path"] == "music.tags"


def test_words_that_the_font_cannot_draw_are_told(checking: Running) -> None:
    answer = checking.client.post("/render/validate", json={"scenes": [{"text": "Hello \U00011ee0"}]})
    assert problem(answer) == (422, "undrawable_text")
    assert answer.json()["problems"][0]["path"] == "scenes[0].text"


def checks() -> list[int]:
    """List processes that stand for checks."""
    found = []
    for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
        try:
            found += [pid] if ENDLESS[-1] in Path(f"/proc/{pid}/cmdline").read_text() else []
        except OSError:
            continue
    return found


linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@linux
def test_a_check_ends_when_its_caller_is_gone(tmp_path: Path) -> None:
    with running(tmp_path, check_command=ENDLESS) as service:
        with pytest.raises(httpx.ReadTimeout):
            service.client.post(
                "/render/validate", json=HELLO, timeout=httpx.Timeout(PATIENCE_SECONDS, read=1)
            )
        eventually(lambda: not checks())
        assert service.client.get("/healthz").status_code == 200


@linux
def test_more_checks_than_may_be_are_sent_away_and_none_outlasts_the_service(tmp_path: Path) -> None:
    with running(tmp_path, check_command=ENDLESS) as service, ThreadPoolExecutor(2) as callers:
        waiting = [callers.submit(service.client.post, "/render/validate", json=HELLO) for _ in range(2)]
        eventually(lambda: len(checks()) == 2)
        answer = service.client.post("/render/validate", json=HELLO)
        assert problem(answer) == (429, "busy")
        assert answer.headers["retry-after"]
        service.server.should_exit = True
        assert [problem(call.result(PATIENCE_SECONDS)) for call in waiting] == [(503, "transient")] * 2
    assert checks() == []


def test_a_check_that_breaks_is_no_fault_of_the_job(tmp_path: Path, logged_errors: LoggedErrors) -> None:
    logged_errors.expect()
    with running(tmp_path, check_command=(sys.executable, "-c", "")) as service:
        assert problem(service.client.post("/render/validate", json=HELLO)) == (500, "render_failed")


def test_wrong_json_is_told_without_a_process(tmp_path: Path) -> None:
    with running(tmp_path, check_command=("/nowhere/python",)) as service:
        answer = service.client.post("/render/validate", json={"scenes": [{"txt": "a"}]})
    assert problem(answer) == (422, "unknown_field")


def test_a_place_is_free_again_after_each_check(checking: Running) -> None:
    for _ in range(MOST_AT_ONCE + 1):
        assert checking.client.post("/render/validate", json=HELLO).status_code == 200
