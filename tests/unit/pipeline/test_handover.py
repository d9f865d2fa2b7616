"""Films take their place whole, with all that goes beside them, and over nothing that they are made from."""

import errno
import json
import os
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

from src.errors import RejectedJob, RenderFailed
from src.models.job import parse_job
from src.models.status import RenderResult
from src.pipeline import film as pipeline
from src.pipeline.handover import companion_kinds, put_in_place, refuse_unsafe_targets, target_files
from src.pipeline.request import Request
from src.settings import Settings
from tests.synthetic import gradient_rgb, write_clip, write_picture


@pytest.fixture
def finished(tmp_path: Path) -> dict[Path, Path]:
    """Make a poster, a sidecar and a film of a work folder, by their targets."""
    work, there = tmp_path / "work", tmp_path / "there"
    work.mkdir()
    files = {there / name: work / name for name in ("film.jpg", "film.srt", "film.mp4")}
    for file in files.values():
        file.write_text(f"new {file.suffix}")
    return files


def _told(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in folder.iterdir()}


def _fill_old(finished: dict[Path, Path]) -> dict[str, str]:
    """Put an old poster and an old film in place, and no sidecar."""
    old = {"film.jpg": "old .jpg", "film.mp4": "old .mp4"}
    for target in finished:
        target.parent.mkdir(exist_ok=True)
        if target.name in old:
            target.write_text(old[target.name])
    return old


def _break(monkeypatch: pytest.MonkeyPatch, function: str, ending: str, error: OSError) -> None:
    """Have copies or renames of a new file to a target that ends so fail."""
    module = os if function == "replace" else shutil
    real = getattr(module, function)

    def breaking(source: Path, target: Path) -> Any:
        if str(target).endswith(ending) and not str(source).endswith(".old"):
            raise error
        return real(source, target)

    monkeypatch.setattr(module, function, breaking)


@pytest.mark.parametrize("over_old", [False, True])
def test_everything_is_put_in_place_and_nothing_else(finished: dict[Path, Path], over_old: bool) -> None:
    if over_old:
        _fill_old(finished)

    put_in_place(finished)

    there = next(iter(finished)).parent
    assert _told(there) == {"film.jpg": "new .jpg", "film.srt": "new .srt", "film.mp4": "new .mp4"}


def test_the_film_is_the_last_to_take_its_place(
    finished: dict[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    renamed: list[str] = []
    real = os.replace

    def noting(source: Path, target: Path) -> None:
        assert sum(file.suffix == ".part" for file in target.parent.iterdir()) == 3 - len(renamed)
        renamed.append(target.name)
        real(source, target)

    monkeypatch.setattr(os, "replace", noting)

    put_in_place(finished)

    assert renamed == ["film.jpg", "film.srt", "film.mp4"]


@pytest.mark.parametrize("name", ["film.jpg", "film.srt", "film.mp4"])
@pytest.mark.parametrize("over_old", [False, True])
def test_a_rename_that_fails_leaves_everything_as_it_was(
    name: str, over_old: bool, finished: dict[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = _fill_old(finished) if over_old else {}
    _break(monkeypatch, "replace", name, PermissionError(errno.EACCES, "Permission denied"))

    with pytest.raises(
        RenderFailed, match=rf"cannot write '{name}' \(Permission denied\): check that .*there"
    ):
        put_in_place(finished)

    assert _told(next(iter(finished)).parent) == old


@pytest.mark.parametrize("name", ["film.jpg", "film.mp4"])
def test_a_full_disk_is_told_with_its_remedy_and_changes_nothing(
    name: str, finished: dict[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = _fill_old(finished)
    full = OSError(errno.ENOSPC, "No space left on device")
    _break(monkeypatch, "copyfile", f"{name}.{os.getpid()}.part", full)

    with pytest.raises(RenderFailed, match=f"no space left for '{name}': free space in '.*there'"):
        put_in_place(finished)

    assert _told(next(iter(finished)).parent) == old


def test_a_folder_that_cannot_be_made_is_a_failure_with_a_remedy(
    finished: dict[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "there").write_text("a file where the folder should be")

    with pytest.raises(RenderFailed, match="check that"):
        put_in_place(finished)


def test_an_old_file_that_cannot_be_removed_does_not_fail_the_film(
    finished: dict[Path, Path], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _fill_old(finished)

    def refuse(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)

    put_in_place(finished)

    assert [record.getMessage() for record in caplog.records] == ["file_left_behind"]


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
    request = Request(parse_job(json.dumps(job)), folder, work, folder / target, Settings(workers=1))
    return pipeline.render(request, lambda _: None, threading.Event())


def test_a_film_is_told_with_all_that_is_beside_it(tmp_path: Path) -> None:
    result = _render(tmp_path, [_TITLE], "out/film.mp4")

    told = {result.url, result.poster_url, *result.sidecars.values()}
    assert list(result.sidecars) == ["srt", "words"]
    assert told == {str(file) for file in (tmp_path / "out").iterdir()}


def test_a_film_that_finds_no_space_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _break(monkeypatch, "copyfile", ".part", OSError(errno.ENOSPC, "No space left on device"))

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
