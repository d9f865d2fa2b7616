"""The secret of links: the operator's, or one that all processes on a folder share."""

import multiprocessing
import os
import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from src.settings import Settings
from src.store.secret import SecretUnusable, signing_secret


def _secret_of(folder: str) -> bytes:
    return signing_secret(Settings(data_dir=Path(folder)))


def test_the_operators_secret_is_used_and_none_is_kept(tmp_path: Path) -> None:
    assert signing_secret(Settings(data_dir=tmp_path, secret_key=SecretStr("s3cret"))) == b"s3cret"
    assert list(tmp_path.iterdir()) == []


def test_a_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    secret = _secret_of(str(folder))
    assert len(secret) == 64
    assert _secret_of(str(folder)) == secret
    assert [file.name for file in folder.iterdir()] == ["secret_key"]
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600


def test_processes_that_start_together_share_one_secret(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        found = pool.map(_secret_of, [str(tmp_path)] * 16, chunksize=1)
        # Leaving the block kills them; one that dies with the lock of their queue keeps the others for ever.
        pool.close()
        pool.join()
    assert len(set(found)) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]


def test_who_is_late_takes_the_secret_of_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = os.link

    def late(beside: Path, file: Path) -> None:
        file.write_bytes(b"1" * 64)
        link(beside, file)

    monkeypatch.setattr(os, "link", late)
    assert _secret_of(str(tmp_path)) == b"1" * 64


@pytest.mark.parametrize("kept", [b"", b"short", b"x" * 65])
def test_a_damaged_secret_is_told_with_the_way_out(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / "secret_key").write_bytes(kept)
    with pytest.raises(SecretUnusable, match="NEUROSHORTS_SECRET_KEY"):
        _secret_of(str(tmp_path))


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(SecretUnusable, match="secret_key"):
        _secret_of(str(tmp_path / "data"))
