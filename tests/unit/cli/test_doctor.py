"""The doctor says what is there, what is missing, and how to get it."""

from pathlib import Path

import pytest

from src.cli import doctor
from src.cli.app import run
from src.cli.console import open_desk

Output = pytest.CaptureFixture[str]


def _verdicts() -> dict[str, str]:
    return {finding.name: finding.verdict for finding in doctor.examine(open_desk())}


def test_nothing_that_rendering_needs_is_missing_here(capsys: Output) -> None:
    assert run(["doctor"]) == 0

    told = capsys.readouterr().out
    assert "missing" not in told
    for name in ("python", "packages", "codecs", "fonts", "speech", "disk", "films", "log"):
        assert f" {name}: " in told


def test_services_that_speak_are_told_without_their_keys(
    monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setenv("NEUROSHORTS_OPENAI_API_KEY", "sk-secret")

    assert run(["doctor"]) == 0

    told = capsys.readouterr().out
    assert "voices: services over HTTP set up: openai; not set up: elevenlabs" in told
    assert "sk-secret" not in told


def test_missing_codecs_fail_the_doctor(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.setattr("av.codecs_available", {"aac"})

    assert run(["doctor"]) == 1
    assert "missing codecs: PyAV has no libx264" in capsys.readouterr().out


def test_missing_text_shaping_is_a_note_with_a_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setattr("src.media.fonts.has_raqm", lambda: False)

    assert run(["doctor"]) == 0
    assert "apt-get install libfribidi0" in capsys.readouterr().out


def test_a_look_that_breaks_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(family: str) -> Path:
        raise KeyError(family)

    monkeypatch.setattr("src.media.fonts.font_file", broken)

    assert _verdicts()["fonts"] == "missing"


def test_a_misspelt_variable_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEUROSHORTS_WORKER", "2")

    assert _verdicts()["settings"] == "note"


def test_little_space_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "WANTED_FREE_BYTES", 10**18)

    assert _verdicts()["disk"] == "note"


def test_folders_that_cannot_be_written_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    monkeypatch.setenv("NEUROSHORTS_LOG_DIR", str(file / "logs"))
    monkeypatch.setattr("os.access", lambda *_: False)

    verdicts = _verdicts()

    assert (verdicts["films"], verdicts["work files"], verdicts["log"]) == ("missing", "missing", "note")
