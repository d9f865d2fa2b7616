"""`neuroshorts serve` without and with its web framework."""

import importlib.util

import pytest

from src.cli import service
from src.cli.console import ExitCode


def test_a_missing_framework_is_told_with_the_way_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(service, "find_spec", lambda name: None)
    assert service.serve_command("127.0.0.1", 8000) == ExitCode.FAILED
    assert "make serve" in capsys.readouterr().err


def test_it_serves_the_application_where_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    assert importlib.util.find_spec("uvicorn")
    started: list[tuple[str, str, int]] = []
    monkeypatch.setattr("uvicorn.run", lambda app, host, port: started.append((app, host, port)))
    assert service.serve_command("127.0.0.1", 8123) == ExitCode.DONE
    assert started == [("src.main:app", "127.0.0.1", 8123)]
