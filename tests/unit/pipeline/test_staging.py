"""Finished files take their places together or not at all, also when the process is killed in between."""

import errno
import multiprocessing
import os
import shutil
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest

from src.errors import RenderFailed
from src.pipeline.staging import put_in_place, take_back

#: How often two processes put their files in the same place.
ROUNDS = 50
#: Seconds that they may have to wait for each other on a busy machine.
WAIT_SECONDS = 120


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """Make the work folder of a render."""
    folder = tmp_path / "render-1a2b"
    folder.mkdir()
    return folder


@pytest.fixture
def finished(tmp_path: Path, work: Path) -> dict[Path, Path]:
    """Make a poster, a sidecar and a film in the work folder, by their targets."""
    there = tmp_path / "there"
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
def test_everything_is_put_in_place_and_nothing_else(
    finished: dict[Path, Path], work: Path, over_old: bool
) -> None:
    if over_old:
        _fill_old(finished)

    put_in_place(finished, work)

    there = next(iter(finished)).parent
    assert _told(there) == {"film.jpg": "new .jpg", "film.srt": "new .srt", "film.mp4": "new .mp4"}


def test_the_film_is_the_last_to_take_its_place(
    finished: dict[Path, Path], work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    renamed: list[str] = []
    real, there = os.replace, next(iter(finished)).parent

    def noting(source: Path, target: Path) -> None:
        if Path(target).parent == there:
            assert sum(file.suffix == ".part" for file in there.iterdir()) == 3 - len(renamed)
            renamed.append(Path(target).name)
        real(source, target)

    monkeypatch.setattr(os, "replace", noting)

    put_in_place(finished, work)

    assert renamed == ["film.jpg", "film.srt", "film.mp4"]


@pytest.mark.parametrize("name", ["film.jpg", "film.srt", "film.mp4"])
@pytest.mark.parametrize("over_old", [False, True])
def test_a_rename_that_fails_leaves_everything_as_it_was(
    name: str, over_old: bool, finished: dict[Path, Path], work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = _fill_old(finished) if over_old else {}
    _break(monkeypatch, "replace", name, PermissionError(errno.EACCES, "Permission denied"))

    with pytest.raises(
        RenderFailed, match=rf"cannot write '{name}' \(Permission denied\): check that .*there"
    ):
        put_in_place(finished, work)

    assert _told(next(iter(finished)).parent) == old


@pytest.mark.parametrize(("name", "number"), [("film.jpg", 0), ("film.mp4", 2)])
def test_a_full_disk_is_told_with_its_remedy_and_changes_nothing(
    name: str, number: int, finished: dict[Path, Path], work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = _fill_old(finished)
    full = OSError(errno.ENOSPC, "No space left on device")
    _break(monkeypatch, "copyfile", f".{work.name}-{number}.part", full)

    with pytest.raises(RenderFailed, match=f"no space left for '{name}': free space in '.*there'"):
        put_in_place(finished, work)

    assert _told(next(iter(finished)).parent) == old


def test_a_folder_that_cannot_be_made_is_a_failure_with_a_remedy(
    finished: dict[Path, Path], work: Path, tmp_path: Path
) -> None:
    (tmp_path / "there").write_text("a file where the folder should be")

    with pytest.raises(RenderFailed, match="check that"):
        put_in_place(finished, work)


def test_an_old_file_that_cannot_be_removed_does_not_fail_the_film(
    finished: dict[Path, Path], work: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _fill_old(finished)

    def refuse(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)

    put_in_place(finished, work)

    assert {record.getMessage() for record in caplog.records} == {"file_left_behind"}


def _killed_at(step: int, finished: dict[Path, Path], work: Path) -> bool:
    """Put files in place in a process that ends before its copy or rename number `step`; tell if it did."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    steps = iter(range(step))
    for module, function in ((os, "replace"), (shutil, "copyfile")):
        real = getattr(module, function)

        def dying(source: Path, target: Path, real: Any = real) -> None:
            if next(steps, None) is None:
                os._exit(9)
            real(source, target)

        setattr(module, function, dying)
    put_in_place(finished, work)
    os._exit(0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.parametrize("over_old", [False, True])
def test_what_a_killed_process_began_is_taken_back_or_finished(
    finished: dict[Path, Path], work: Path, over_old: bool
) -> None:
    there = next(iter(finished)).parent
    new = {"film.jpg": "new .jpg", "film.srt": "new .srt", "film.mp4": "new .mp4"}
    seen, step, killed = [], 0, True
    while killed:
        shutil.rmtree(there, ignore_errors=True)
        old = _fill_old(finished) if over_old else {}
        killed = _killed_at(step, finished, work)
        take_back(work)
        left = _told(there) if there.exists() else {}
        seen.append(left)
        assert left == (new if left.get("film.mp4") == "new .mp4" else old)
        step += 1
    assert len(seen) > 8
    assert seen[-1] == new


def test_taking_back_spares_what_somebody_else_put_there_since(
    finished: dict[Path, Path], work: Path
) -> None:
    if not hasattr(os, "fork"):
        pytest.skip("this system cannot fork")
    there = next(iter(finished)).parent
    _fill_old(finished)
    assert _killed_at(
        8, finished, work
    )  # two notes, three copies, the old poster aside, the new one in place
    (there / "film.jpg").unlink()
    (there / "film.jpg").write_text("somebody else's")

    take_back(work)

    assert _told(there) == {"film.jpg": "somebody else's", "film.mp4": "old .mp4"}


def test_a_note_that_was_cut_off_takes_nothing_back(finished: dict[Path, Path], work: Path) -> None:
    (work / "handover.json").write_text('[["/tmp/fi')

    take_back(work)

    assert list(work.glob("handover*")) == []


def _put_again_and_again(name: str, folder: Path, turn: Barrier) -> None:
    work = folder / name
    work.mkdir()
    files = {
        folder / "there" / f"film{suffix}": work / f"film{suffix}" for suffix in (".jpg", ".srt", ".mp4")
    }
    for file in files.values():
        file.write_text(name)
    try:
        for _ in range(ROUNDS):
            turn.wait(WAIT_SECONDS)
            put_in_place(files, work)
            turn.wait(WAIT_SECONDS)
    except BaseException:
        turn.abort()
        raise


def test_of_two_processes_with_the_same_targets_one_has_them_all(tmp_path: Path) -> None:
    system = multiprocessing.get_context("spawn")
    turn = system.Barrier(3)
    both = [
        system.Process(target=_put_again_and_again, args=(name, tmp_path, turn), daemon=True)
        for name in ("anna", "berta")
    ]
    for process in both:
        process.start()
    seen = list[dict[str, str]]()
    for _ in range(ROUNDS):
        turn.wait(WAIT_SECONDS)
        turn.wait(WAIT_SECONDS)
        seen.append(_told(tmp_path / "there"))
    for process in both:
        process.join()

    assert [process.exitcode for process in both] == [0, 0]
    assert {len(told) for told in seen} == {3}
    assert [told for told in seen if len(set(told.values())) > 1] == []
