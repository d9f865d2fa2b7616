"""Files out of archives of others."""

import io
import random
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from src.media.archive import UnusableArchive, unpack

WANTED = frozenset({"model.bin", "config.json"})


def zipped(file: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file


def tarred(file: Path, entries: dict[str, bytes], how: str = "w:gz") -> Path:
    with tarfile.open(file, how) as archive:  # type: ignore[call-overload]
        for name, content in entries.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return file


def held(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    empty = tmp_path / "below" / "folder"
    empty.mkdir(parents=True)
    return empty


@pytest.mark.parametrize("how", ["zip", "w", "w:gz", "w:xz", "w:bz2"])
def test_wanted_files_are_copied_from_wherever_they_are(tmp_path: Path, folder: Path, how: str) -> None:
    entries = {"a/b/model.bin": b"weights", "config.json": b"{}", "a/README.md": b"not wanted"}
    file = tmp_path / "packed"
    archive = zipped(file, entries) if how == "zip" else tarred(file, entries, how)

    assert unpack(archive, folder, WANTED, 1000) == WANTED
    assert held(folder) == {"model.bin": b"weights", "config.json": b"{}"}


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_names_lead_nowhere_else(
    tmp_path: Path, folder: Path, pack: Callable[[Path, dict[str, bytes]], Path]
) -> None:
    entries = {"../../model.bin": b"up", "/etc/config.json": b"away", "../model.bin.txt": b"beside"}
    unpack(pack(tmp_path / "packed", entries), folder, WANTED, 1000)

    assert held(folder) == {"model.bin": b"up", "config.json": b"away"}
    assert list(folder.parent.iterdir()) == [folder]


def test_links_and_devices_are_not_followed_or_made(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for kind, name in ((tarfile.SYMTYPE, "model.bin"), (tarfile.LNKTYPE, "config.json")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, str(tmp_path / "secret")
            archive.addfile(info)

    assert unpack(tmp_path / "a.tar", folder, WANTED, 1000) == frozenset()
    assert held(folder) == {}


def test_more_than_the_limit_is_refused_wanted_or_not(tmp_path: Path, folder: Path) -> None:
    entries = {"padding": b"\0" * 2000, "model.bin": b"weights"}
    for archive in (zipped(tmp_path / "a.zip", entries), tarred(tmp_path / "a.tar", entries)):
        with pytest.raises(UnusableArchive, match="more than 1,000 bytes"):
            unpack(archive, folder, WANTED, 1000)


def test_too_many_files_are_refused(tmp_path: Path, folder: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {f"{number}": b"" for number in range(1001)})
    with pytest.raises(UnusableArchive, match="1000 files"):
        unpack(archive, folder, WANTED, 1000)


def test_a_name_that_is_there_twice_is_refused(tmp_path: Path, folder: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"a/model.bin": b"1", "b/model.bin": b"2"})
    with pytest.raises(UnusableArchive, match=r"'model\.bin' twice"):
        unpack(archive, folder, WANTED, 1000)


def test_what_is_no_archive_is_told(tmp_path: Path, folder: Path) -> None:
    for content in (b"", b"no archive", b"PK\x03\x04" + b"\0" * 100, b"\x1f\x8b" + b"\0" * 100):
        (tmp_path / "a").write_bytes(content)
        with pytest.raises(UnusableArchive, match="no archive"):
            unpack(tmp_path / "a", folder, WANTED, 1000)


@pytest.mark.parametrize("seed", range(40))
def test_damage_is_told_or_does_not_matter(tmp_path: Path, folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    entries = {"model.bin": chance.randbytes(3000), "config.json": b"{}" * 50}
    file = zipped(tmp_path / "a", entries) if seed % 2 else tarred(tmp_path / "a", entries)
    content = bytearray(file.read_bytes())
    for _ in range(4):
        content[chance.randrange(len(content))] = chance.randrange(256)
    file.write_bytes(content[: len(content) - chance.choice([0, 0, 700])])
    try:
        unpack(file, folder, WANTED, 10_000)
    except UnusableArchive:
        return
    assert set(held(folder)) <= WANTED
