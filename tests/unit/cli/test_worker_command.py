"""`neuroshorts worker` without what it needs."""

import socket
from pathlib import Path

import pytest

from src.cli import worker
from src.cli.app import run
from src.cli.console import ExitCode


def test_a_missing_library_is_told_with_the_way_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(worker, "find_spec", lambda name: None)
    assert run(["worker"]) == ExitCode.FAILED
    assert "install neuroshorts[service]" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["no url", "nosuchdatabase://host/jobs", "sqlite:////proc/no/jobs.sqlite3"])
def test_a_database_that_cannot_be_opened_is_told_with_its_setting(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NEUROSHORTS_DATABASE_URL", url)
    assert run(["worker"]) == ExitCode.FAILED
    assert "check NEUROSHORTS_DATABASE_URL" in capsys.readouterr().err


def test_a_data_folder_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NEUROSHORTS_DATA_DIR", str(tmp_path / "file"))
    assert run(["worker"]) == ExitCode.REJECTED
    assert "cannot write to the folder" in capsys.readouterr().err


def test_a_port_of_metrics_that_is_taken_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run(["worker", "--metrics-port", str(port)]) == ExitCode.FAILED
    assert "choose another --metrics-port" in capsys.readouterr().err
