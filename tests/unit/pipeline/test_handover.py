"""Films take their place whole, with all that goes beside them, and over nothing that they are made from."""

import errno
import json
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

from src.errors import RejectedJob, RenderFailed
from src.models.job import parse_job
from src.models.status import RenderResult
from src.pipeline import film as pipeline
from src.pipeline.handover import companion_kinds, refuse_unsafe_targets, target_files
from src.pipeline.request import Request
from src.settings import Settings
from src.store.cache import DiskCache
from tests.synthetic import gradient_rgb, write_clip, write_picture


def test_every_file_has_a_name_beside_the_film() -> None:
    kinds = companion_kinds(("srt", "words"), poster=True)

    files = target_files(Path("there/film.mp4"), kinds)

    assert [file.name for file in files.values()] == ["film.jpg", "film.srt", "film.words.json"]


@pytest.mark.parametrize("name", ["film.mp4", "film.jpg", "film.ass"])
def test_a_source_is_no_target(name: str, tmp_path: Path) -> None:
    source = tmp_path / name
    source.write_bytes(b"mine")
    detour = tmp_path / "folder" / ".." / name
    (tmp_path / "folder").mkdir()

    with pytest.raises(RejectedJob, match=f"{name}' is used by the job"):
        refuse_unsafe_targets(tmp_path / "film.mp4", ("poster", "ass"), [tmp_path / "gone.png", detour])


def test_a_link_to_a_source_is_no_target(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"mine")
    try:
        (tmp_path / "film.jpg").symlink_to(tmp_path / "photo.jpg")
    except OSError:
        pytest.skip("this system makes no links for everybody")

    with pytest.raises(RejectedJob, match=r"film\.jpg' is used by the job"):
        refuse_unsafe_targets(tmp_path / "film.mp4", ("poster",), [tmp_path / "photo.jpg"])


def test_a_folder_is_no_target(tmp_path: Path) -> None:
    (tmp_path / "film.srt").mkdir()

    with pytest.raises(RejectedJob, match=r"film\.srt' is a folder"):
        refuse_unsafe_targets(tmp_path / "film.mp4", ("srt",), [])


def test_what_nobody_uses_may_be_overwritten(tmp_path: Path) -> None:
    for name in ("film.mp4", "film.jpg", "photo.jpg"):
        (tmp_path / name).write_bytes(b"old")

    refuse_unsafe_targets(tmp_path / "film.mp4", (), [tmp_path / "film.jpg"])
    refuse_unsafe_targets(tmp_path / "film.mp4", ("poster",), [tmp_path / "photo.jpg"])


_TITLE = {"type": "title", "text": "Hi", "duration": 0.5}


def _render(folder: Path, visuals: list[dict[str, Any]], target: str) -> RenderResult:
    work = folder / "work"
    work.mkdir()
    output = {"width": 64, "height": 112, "fps": 10, "sidecars": ["srt", "words"]}
    job = {"output": output, "scenes": [{"visuals": visuals}]}
    cache = DiskCache(folder / "cache", 0, work)
    request = Request(parse_job(json.dumps(job)), folder, work, folder / target, Settings(workers=1), cache)
    return pipeline.render(request, lambda _: None, threading.Event())


def test_a_film_is_told_with_all_that_is_beside_it(tmp_path: Path) -> None:
    result = _render(tmp_path, [_TITLE], "out/film.mp4")

    told = {result.url, result.poster_url, *result.sidecars.values()}
    assert list(result.sidecars) == ["srt", "words"]
    assert told == {str(file) for file in (tmp_path / "out").iterdir()}


def test_a_film_that_finds_no_space_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)

    with pytest.raises(RenderFailed, match="no space left"):
        _render(tmp_path, [_TITLE], "out/film.mp4")

    assert list((tmp_path / "out").iterdir()) == []


def test_a_photo_is_not_replaced_by_the_poster(tmp_path: Path) -> None:
    """Of two photos that are alike the renderer opens one; neither may be lost."""
    for name in ("beach.jpg", "again.jpg"):
        write_picture(tmp_path / name, gradient_rgb(64, 48))
    before = (tmp_path / "beach.jpg").read_bytes()
    visuals = [{"type": "image", "src": name, "duration": 1} for name in ("beach.jpg", "again.jpg")]

    with pytest.raises(RejectedJob, match=r"beach\.jpg' is used by the job"):
        _render(tmp_path, visuals, "beach.mp4")

    assert (tmp_path / "beach.jpg").read_bytes() == before
    assert list((tmp_path / "work").iterdir()) == []


def test_a_clip_is_not_replaced_by_the_film(tmp_path: Path) -> None:
    write_clip(tmp_path / "clip.mp4", frames=10)

    with pytest.raises(RejectedJob, match=r"clip\.mp4' is used by the job"):
        _render(tmp_path, [{"type": "video", "src": "clip.mp4"}], "clip.mp4")
