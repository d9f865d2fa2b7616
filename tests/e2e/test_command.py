"""The command as people run it: a process, a real film, real signals."""

import hashlib
import json
import os
import signal
import subprocess
from pathlib import Path

import av
import pytest

from src.cli.signals import STOP_SIGNALS
from tests.e2e.command import TIMEOUT_SECONDS, run, start
from tests.synthetic import gradient_rgb, write_picture

_SMALL = {"output": {"width": 128, "height": 224, "fps": 10, "sidecars": ["srt"]}}
_SHORT = {**_SMALL, "id": "short", "scenes": [{"text": "Hello there."}]}
#: Long enough to be interrupted while it is being rendered.
_LONG = {"id": "long", "scenes": [{"text": "Hello there.", "duration": 25}], "captions": {"enabled": False}}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder that holds everything the command writes."""
    for name in ("DATA_DIR", "CACHE_DIR", "LOG_DIR"):
        monkeypatch.setenv(f"NEUROSHORTS_{name}", str(tmp_path / name.lower()))
    return tmp_path


def test_a_job_becomes_a_film_with_poster_and_sidecar(folder: Path) -> None:
    done = run(folder, "render", "job.json", "--json", job=_SHORT)

    assert done.returncode == 0, done.stderr
    status = json.loads(done.stdout)
    result = status["result"]
    film = Path(result["url"])
    assert film == folder / "data_dir" / "short.mp4"
    assert hashlib.sha256(film.read_bytes()).hexdigest() == result["sha256"]
    assert Path(result["poster_url"]).read_bytes()[:2] == b"\xff\xd8"
    assert "Hello there." in film.with_suffix(".srt").read_text(encoding="utf-8")
    with av.open(str(film)) as container:
        video = container.streams.video[0]
        assert (video.width, video.height) == (128, 224)
        assert len(container.streams.audio) == 1
    assert list((folder / "cache_dir" / "work").iterdir()) == []


def test_a_job_is_read_from_standard_input(folder: Path) -> None:
    process = start(folder, "validate", "-", stdin=subprocess.PIPE)

    _, err = process.communicate(json.dumps(_SHORT), timeout=TIMEOUT_SECONDS)

    assert process.returncode == 0
    assert "valid: 1 scene" in err


def test_a_wrong_job_keeps_the_film_that_was_there(folder: Path) -> None:
    film = folder / "film.mp4"
    film.write_bytes(b"the old one")
    job = {**_SMALL, "scenes": [{"text": "Hi", "visuals": [{"type": "image", "src": "nowhere.png"}]}]}

    done = run(folder, "render", "job.json", "-o", "film.mp4", job=job)

    assert done.returncode == 2
    assert "scenes[0].visuals[0].src: no such file: 'nowhere.png'" in done.stderr
    assert film.read_bytes() == b"the old one"
    assert list((folder / "cache_dir" / "work").iterdir()) == []


@pytest.mark.parametrize("number", STOP_SIGNALS)
@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process that is sent a signal")
def test_an_interrupted_render_leaves_nothing_behind(number: signal.Signals, folder: Path) -> None:
    if signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip(f"the tests run where {number.name} is ignored")
    (folder / "job.json").write_text(json.dumps(_LONG), encoding="utf-8")
    process = start(folder, "render", "job.json")
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("rendering"):
            break

    process.send_signal(number)
    process.communicate(timeout=TIMEOUT_SECONDS)

    assert process.returncode == 130
    assert not (folder / "data_dir").exists()
    assert list((folder / "cache_dir" / "work").iterdir()) == []
    with pytest.raises(ProcessLookupError):  # Nobody is left in the process group.
        os.killpg(process.pid, 0)


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process that is sent a signal")
def test_an_interruption_while_modules_are_imported_is_quiet(folder: Path) -> None:
    """The first import sends the signal itself: no clock decides where it strikes."""
    (folder / "typer.py").write_text(
        "import os, signal; os.kill(os.getpid(), signal.SIGINT)", encoding="utf-8"
    )
    process = start(folder, "version")

    out, err = process.communicate(timeout=TIMEOUT_SECONDS)

    assert (process.returncode, out, err) == (130, "", "")


def test_the_media_of_a_job_are_not_overwritten(folder: Path) -> None:
    photo = folder / "beach.jpg"
    write_picture(photo, gradient_rgb(64, 48))
    before = photo.read_bytes()
    job = {**_SMALL, "scenes": [{"visuals": [{"type": "image", "src": "beach.jpg", "duration": 1}]}]}

    done = run(folder, "render", "job.json", "-o", "beach.mp4", job=job)

    assert done.returncode == 2
    assert "beach.jpg' is used by the job and would be overwritten" in done.stderr
    assert photo.read_bytes() == before
    assert sorted(file.name for file in folder.glob("beach*")) == ["beach.jpg"]
