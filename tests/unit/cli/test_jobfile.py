"""Jobs come from a file or standard input; films go where the command or the job says."""

import io
from pathlib import Path

import pytest

from src.cli.jobfile import JobFile, MissingJob, film_path, make_writable_folder, read_job, remove_if_empty
from src.errors import InvalidJob, RejectedJob
from src.models.job import MAX_JOB_BYTES, parse_job

_SMALLEST = b'{"scenes": [{"text": "Hello"}]}'


class _Stdin:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


def _found(**fields: str) -> JobFile:
    head = "".join(f'"{name}": {value}, ' for name, value in fields.items())
    return JobFile(parse_job(f'{{{head}"scenes": [{{"text": "Hello"}}]}}'), Path("jobs"), "hello")


def test_a_file_is_read_with_its_folder_and_name(tmp_path: Path) -> None:
    file = tmp_path / "hello.json"
    file.write_bytes(_SMALLEST)

    found = read_job(str(file))

    assert found.job.scenes[0].text == "Hello"
    assert (found.base_dir, found.stem, found.file) == (tmp_path, "hello", file)


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    file = tmp_path / "hello.json"
    file.write_bytes(b"\xef\xbb\xbf" + _SMALLEST)

    assert read_job(str(file)).job.scenes[0].text == "Hello"


def test_standard_input_belongs_to_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", _Stdin(_SMALLEST))

    found = read_job("-")

    assert (found.base_dir, found.stem, found.file) == (tmp_path, "film", None)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(MissingJob, match=r"there is no job file 'nowhere\.json' in .*: name one that exists"):
        read_job("nowhere.json")


def test_a_folder_is_no_job(tmp_path: Path) -> None:
    with pytest.raises(RejectedJob, match="is a folder: name the job file in it"):
        read_job(str(tmp_path))


def test_a_file_too_large_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "huge.json"
    file.write_bytes(b" " * (MAX_JOB_BYTES + 10))

    with pytest.raises(InvalidJob, match="a job may have"):
        read_job(str(file))


@pytest.mark.parametrize(
    ("found", "out", "expected"),
    [
        (_found(), None, "data/hello.mp4"),
        (_found(id='"row-42"'), None, "data/row-42.mp4"),
        (_found(id='"a:b"'), None, "data/a_b.mp4"),
        (_found(id='"..x"'), None, "data/x.mp4"),
        (_found(id='"..."'), None, "data/hello.mp4"),
        (_found(output='{"format": "mov"}'), None, "data/hello.mov"),
        (_found(id='"row-42"'), "there/a.mp4", "there/a.mp4"),
        (_found(), "there/A.MP4", "there/A.MP4"),
        (_found(id='"row-42"'), "here", "here/row-42.mp4"),
    ],
)
def test_a_film_gets_its_place(
    found: JobFile, out: str | None, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").mkdir()

    assert film_path(found, Path(out) if out else None, Path("data")) == tmp_path / expected


@pytest.mark.parametrize("out", ["a.mov", "a", "a.avi"])
def test_a_name_for_another_container_is_refused(out: str) -> None:
    with pytest.raises(RejectedJob, match=r"the film is \.mp4"):
        film_path(_found(), Path(out), Path("data"))


def test_folders_are_made_and_removed_again_when_empty(tmp_path: Path) -> None:
    made = make_writable_folder(tmp_path / "a" / "b")

    assert made == (tmp_path / "a" / "b", tmp_path / "a")
    remove_if_empty(made)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_a_film_stays(tmp_path: Path) -> None:
    made = make_writable_folder(tmp_path / "a" / "b")
    (tmp_path / "a" / "b" / "film.mp4").write_bytes(b"film")

    remove_if_empty(made)

    assert (tmp_path / "a" / "b" / "film.mp4").exists()


def test_a_folder_below_a_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(RejectedJob, match="cannot write to the folder"):
        make_writable_folder(tmp_path / "file" / "folder")
