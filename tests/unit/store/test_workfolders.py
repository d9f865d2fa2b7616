"""Work folders belong to living processes; what the dead leave behind goes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from src.store.workfolders import WorkFolders, keep

_WORKER = """
import sys
from pathlib import Path
from src.store.workfolders import WorkFolders

with WorkFolders(Path(sys.argv[1])).open() as folder:
    (folder / "segment.mp4").write_bytes(b"half")
    print(folder, flush=True)
    sys.stdin.read()
"""


def started(cache_dir: Path) -> "tuple[subprocess.Popen[str], Path]":
    """Start a process that works until its standard input is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", _WORKER, str(cache_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert process.stdout
    return process, Path(process.stdout.readline().strip())


def finished(process: "subprocess.Popen[str]") -> None:
    process.communicate()


def test_a_folder_goes_with_its_block(tmp_path: Path) -> None:
    with WorkFolders(tmp_path).open() as folder:
        assert list(folder.iterdir()) == []
    assert list((tmp_path / "work").iterdir()) == []


def test_a_folder_goes_when_its_block_raises(tmp_path: Path) -> None:
    with pytest.raises(KeyError), WorkFolders(tmp_path).open():
        raise KeyError
    assert list((tmp_path / "work").iterdir()) == []


def test_the_folder_of_a_killed_process_goes_when_the_next_one_starts(tmp_path: Path) -> None:
    process, folder = started(tmp_path)
    process.kill()
    finished(process)
    assert folder.exists()

    with WorkFolders(tmp_path).open() as mine:
        assert sorted((tmp_path / "work").iterdir()) == [mine, mine.with_name(f"{mine.name}.lock")]


def test_the_folder_of_a_living_process_stays(tmp_path: Path) -> None:
    process, folder = started(tmp_path)
    assert WorkFolders(tmp_path).sweep() == 0
    assert (folder / "segment.mp4").exists()
    finished(process)
    assert not folder.exists()


def test_what_a_killed_process_began_to_hand_over_is_taken_back(tmp_path: Path) -> None:
    process, folder = started(tmp_path)
    (tmp_path / f".{folder.name}-0.part").write_bytes(b"half")
    note = [[str(tmp_path / "film.mp4"), None]]
    (folder / "handover.json").write_text(json.dumps(note))
    process.kill()
    finished(process)

    assert WorkFolders(tmp_path).sweep() == 1
    assert [file.name for file in tmp_path.iterdir()] == ["work"]


def test_a_lock_without_a_folder_goes_too(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "render-0123.lock").touch()
    assert WorkFolders(tmp_path).sweep() == 1
    assert list((tmp_path / "work").iterdir()) == []


def test_a_folder_that_is_to_be_kept_stays(tmp_path: Path) -> None:
    with WorkFolders(tmp_path).open() as folder:
        (folder / "film.mp4").touch()
        kept = keep(folder)
    with WorkFolders(tmp_path).open():
        assert [file.name for file in kept.iterdir()] == ["film.mp4"]
