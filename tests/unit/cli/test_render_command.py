"""`neuroshorts render`: exit codes, the status on stdout, words on stderr, nothing left behind."""

import json
import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest

from src.cli.app import run
from src.cli.signals import STOP_SIGNALS
from src.errors import FilmRejected, MissingFile
from src.pipeline.request import Request
from tests.conftest import LoggedErrors

from .conftest import FakeFilm, wait_until_stopped

Output = pytest.CaptureFixture[str]


def _events(home: Path) -> list[dict[str, Any]]:
    lines = (home / "log_dir" / "app.log").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_a_film_is_rendered_where_the_command_says(film: FakeFilm, job_file: Path, capsys: Output) -> None:
    code = run(["render", "hello.json", "-o", "films/a.mp4"])

    assert code == 0
    assert (job_file.parent / "films" / "a.mp4").read_bytes() == b"film"
    told = capsys.readouterr()
    assert told.out == ""
    assert "1.5 s, 1080x1920 at 30 frames/s" in told.err
    assert "-14.0 LUFS" in told.err


def test_the_renderer_gets_the_job_its_folder_and_a_fresh_work_folder(
    film: FakeFilm, job_file: Path, own_folders: Path
) -> None:
    seen: list[Path] = []
    film.behave = lambda request, stop: seen.extend(request.work_dir.iterdir())

    run(["render", "hello.json", "--quality", "draft", "--workers", "2"])

    (request,) = film.requests
    assert request.job.output.quality == "draft"
    assert request.settings.workers == 2
    assert request.base_dir == job_file.parent
    assert request.film_path == own_folders / "data_dir" / "row-1.mp4"
    assert request.work_dir.parent == own_folders / "cache_dir" / "work"
    assert seen == []
    assert not request.work_dir.exists()


def test_work_files_stay_when_asked_for(film: FakeFilm, job_file: Path, capsys: Output) -> None:
    run(["render", "hello.json", "--keep-work"])

    (kept,) = film.requests[0].work_dir.parent.iterdir()
    assert kept.name.startswith("kept-")
    assert str(kept) in capsys.readouterr().err


def test_json_is_the_status_and_nothing_else(film: FakeFilm, job_file: Path, capsys: Output) -> None:
    film.warnings = ("a clip is shorter than its scene",)

    code = run(["render", "hello.json", "--json"])

    told = capsys.readouterr()
    status = json.loads(told.out)
    assert code == 0
    assert (status["status"], status["job_id"], status["progress"]) == ("done", "row-1", 1.0)
    assert status["result"]["warnings"] == ["a clip is shorter than its scene"]
    assert "warning: a clip is shorter than its scene" in told.err


def test_the_metadata_of_a_job_is_handed_back_unchanged(
    film: FakeFilm, job_file: Path, capsys: Output
) -> None:
    metadata = {"row": 42, "tags": ["a", None, 1.5], "of": {"name": "Zoë 🎬", "empty": {}}, "": True}
    job = {"scenes": [{"text": "Hello"}], "metadata": metadata}
    job_file.write_text(json.dumps(job), encoding="utf-8")

    run(["render", "hello.json", "--json"])

    assert json.loads(capsys.readouterr().out)["metadata"] == metadata


@pytest.mark.parametrize(
    ("name", "output"),
    [
        ("job.mp4", {}),
        ("job.jpg", {}),
        ("job.words.json", {"sidecars": ["words"]}),
    ],
)
def test_the_job_file_is_not_overwritten(
    name: str, output: dict[str, Any], film: FakeFilm, job_file: Path, capsys: Output
) -> None:
    file = job_file.with_name(name)
    text = json.dumps({"scenes": [{"text": "Hello"}], "output": output})
    file.write_text(text, encoding="utf-8")

    code = run(["render", name, "-o", "job.mp4"])

    assert code == 2
    assert f"{str(file)!r} is used by the job and would be overwritten" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == text
    assert film.requests == []


def test_a_job_that_looks_like_a_sidecar_is_rendered_where_none_is_written(
    film: FakeFilm, job_file: Path
) -> None:
    job_file.rename("job.words.json")

    assert run(["render", "job.words.json", "-o", "job.mp4"]) == 0


def test_a_wrong_job_is_told_line_by_line(film: FakeFilm, tmp_path: Path, capsys: Output) -> None:
    file = tmp_path / "bad.json"
    file.write_text('{"scenes": [{"text": "Hi", "pad_end": -1}], "voise": {}}', encoding="utf-8")

    code = run(["render", str(file)])

    lines = capsys.readouterr().err.splitlines()
    assert code == 2
    assert sorted(line.split(":")[1].strip() for line in lines) == ["scenes[0].pad_end", "voise"]
    assert film.requests == []


def test_a_wrong_job_is_told_as_json_too(film: FakeFilm, job_file: Path, capsys: Output) -> None:
    def refuse(request: Request, stop: threading.Event) -> None:
        raise MissingFile("a.png", path="scenes[0].visuals[0].src")

    film.behave = refuse

    code = run(["render", "hello.json", "--json"])

    told = capsys.readouterr()
    status = json.loads(told.out)
    assert code == 2
    assert status["status"] == "failed"
    assert status["error"]["code"] == "missing_file"
    assert status["error"]["path"] == "scenes[0].visuals[0].src"
    assert "error: scenes[0].visuals[0].src: no such file: 'a.png'" in told.err


def test_a_failed_render_ends_with_1(film: FakeFilm, job_file: Path, capsys: Output) -> None:
    def reject(request: Request, stop: threading.Event) -> None:
        raise FilmRejected("the film has no sound")

    film.behave = reject

    code = run(["render", "hello.json", "--json"])

    told = capsys.readouterr()
    assert code == 1
    assert json.loads(told.out)["error"]["code"] == "film_rejected"
    assert "error: the film has no sound" in told.err


def test_an_unexpected_error_is_one_line_and_the_log_has_the_traceback(
    film: FakeFilm, job_file: Path, own_folders: Path, capsys: Output, logged_errors: LoggedErrors
) -> None:
    logged_errors.expect()

    def break_down(request: Request, stop: threading.Event) -> None:
        raise ZeroDivisionError("oh\nno")

    film.behave = break_down

    code = run(["render", "hello.json", "--json"])

    told = capsys.readouterr()
    assert code == 1
    assert "Traceback" not in told.err
    (line,) = [line for line in told.err.splitlines() if line.startswith("error")]
    assert line.startswith("error: unexpected ZeroDivisionError: oh; the log has the details: ")
    assert json.loads(told.out)["error"]["code"] == "render_failed"
    assert any("Traceback" in event.get("exc_info", "") for event in _events(own_folders))


@pytest.mark.parametrize("number", STOP_SIGNALS)
@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process that is sent SIGTERM")
def test_a_signal_stops_the_render_and_leaves_nothing(
    number: signal.Signals, film: FakeFilm, job_file: Path, own_folders: Path, capsys: Output
) -> None:
    if signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip(f"the tests run where {number.name} is ignored")

    def stopped_by_signal(request: Request, stop: threading.Event) -> None:
        (request.work_dir / "segment.mp4").write_bytes(b"half")
        os.kill(os.getpid(), number)
        wait_until_stopped(request, stop)

    film.behave = stopped_by_signal

    code = run(["render", "hello.json", "-o", "new/folder/a.mp4", "--json"])

    assert code == 130
    assert json.loads(capsys.readouterr().out)["status"] == "cancelled"
    assert list((own_folders / "cache_dir" / "work").iterdir()) == []
    assert list(job_file.parent.iterdir()) == [job_file]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no os.kill that asks politely")
def test_a_second_signal_ends_a_render_that_does_not_listen(
    film: FakeFilm, job_file: Path, own_folders: Path
) -> None:
    def deaf(request: Request, stop: threading.Event) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        raise AssertionError("not reached")

    film.behave = deaf

    assert run(["render", "hello.json"]) == 130
    assert list((own_folders / "cache_dir" / "work").iterdir()) == []


def test_a_render_that_takes_too_long_fails(
    film: FakeFilm, job_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setenv("NEUROSHORTS_MAX_RENDER_SECONDS", "1")
    film.behave = wait_until_stopped

    code = run(["render", "hello.json"])

    assert code == 1
    assert "error: not finished after 1 s" in capsys.readouterr().err


def test_one_line_in_the_log_closes_the_job(film: FakeFilm, job_file: Path, own_folders: Path) -> None:
    run(["render", "hello.json"])

    (line,) = [event for event in _events(own_folders) if event["event"] == "job_finished"]
    assert (line["status"], line["job_id"], line["attempt"]) == ("done", "row-1", 1)
    assert line["timings_seconds"] == {"rendering": 1.25}
    states = [event["to_state"] for event in _events(own_folders) if event["event"] == "job_state_changed"]
    assert states == ["fetching", "rendering", "uploading", "done"]


def test_a_failed_job_is_closed_with_its_error_and_what_the_stages_took(
    film: FakeFilm, job_file: Path, own_folders: Path
) -> None:
    def reject(request: Request, stop: threading.Event) -> None:
        raise FilmRejected("the film has no sound")

    film.behave = reject
    run(["render", "hello.json"])

    (line,) = [event for event in _events(own_folders) if event["event"] == "job_finished"]
    assert line["status"] == "failed"
    assert line["error"]["code"] == "film_rejected"
    assert list(line["timings_seconds"]) == ["fetching", "speaking", "planning", "rendering"]


def test_a_json_log_is_json_line_by_line(
    film: FakeFilm, job_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setenv("NEUROSHORTS_LOG_FORMAT", "json")

    run(["render", "hello.json"])

    events = [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()]
    assert "progress" in events
    assert events[-1] == "job_finished"


def test_a_folder_that_cannot_be_written_is_told_before_any_work(
    film: FakeFilm, job_file: Path, capsys: Output
) -> None:
    code = run(["render", "hello.json", "-o", "hello.json/film.mp4"])

    assert code == 2
    assert "cannot write to the folder" in capsys.readouterr().err
    assert film.requests == []


def test_a_wrong_setting_is_told_by_its_name(
    film: FakeFilm, job_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setenv("NEUROSHORTS_WORKERS", "many")

    code = run(["render", "hello.json"])

    assert code == 2
    assert capsys.readouterr().err.startswith("error: NEUROSHORTS_WORKERS: ")
