"""The command line: what it lists, how it fails, how fast an error comes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from src import __version__
from src.cli.app import run
from src.errors import UnknownName
from tests.conftest import LoggedErrors
from tests.waiting import PATIENCE_SECONDS

from .conftest import FakeFilm

Output = pytest.CaptureFixture[str]
ROOT = Path(__file__).parents[3]


def test_the_version_is_printed(capsys: Output) -> None:
    assert run(["version"]) == 0
    assert capsys.readouterr().out.strip() == __version__


def test_help_names_every_command(capsys: Output) -> None:
    assert run(["--help"]) == 0
    told = capsys.readouterr().out
    for command in (
        "render",
        "validate",
        "plan",
        "schema",
        "voices",
        "fonts",
        "backgrounds",
        "styles",
        "doctor",
    ):
        assert command in told


def test_the_secret_of_webhooks_is_printed_and_stays(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (run(["webhook-secret"]), run(["webhook-secret"])) == (0, 0)
    first, second = capsys.readouterr().out.split()
    assert (first, len(first)) == (second, 64)
    monkeypatch.setenv("NEUROSHORTS_WEBHOOK_SECRET", "own")
    assert run(["webhook-secret"]) == 0
    assert capsys.readouterr().out.strip() == "own"


def test_an_unknown_command_is_the_callers_mistake(capsys: Output) -> None:
    assert run(["rendr"]) == 2
    assert "rendr" in capsys.readouterr().err


def test_the_schema_is_printed_as_json(capsys: Output) -> None:
    assert run(["schema"]) == 0
    assert "scenes" in json.loads(capsys.readouterr().out)["properties"]


def test_styles_are_listed(capsys: Output) -> None:
    assert run(["styles"]) == 0
    rows = [line.split("  ", 1) for line in capsys.readouterr().out.splitlines()]
    assert ["caption style", "karaoke"] in [[kind, told.split()[0]] for kind, told in rows]
    assert "transition" in {kind for kind, _ in rows}


def test_all_caption_styles_are_drawn_on_a_page(tmp_path: Path, capsys: Output) -> None:
    page = tmp_path / "pages" / "styles.webp"

    assert run(["styles", "--sheet", str(page)]) == 0

    assert str(page) in capsys.readouterr().err
    with Image.open(page) as picture:
        assert picture.width > 2000
        assert picture.height > 1500


def test_a_page_of_styles_is_a_picture(tmp_path: Path, capsys: Output) -> None:
    assert run(["styles", "--sheet", str(tmp_path / "styles.pdf")]) == 2
    assert ".png" in capsys.readouterr().err


def test_own_styles_are_listed(tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ours.yaml").write_text("about: Our own.\nbase: neon\n")
    monkeypatch.setenv("NEUROSHORTS_STYLES_FOLDER", str(tmp_path))

    assert run(["styles"]) == 0

    assert any(line.split() == ["caption", "style", "ours", "Our", "own."] for line in _lines(capsys))


def _lines(capsys: Output) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_fonts_are_listed_with_their_use(capsys: Output) -> None:
    assert run(["fonts"]) == 0
    assert any(line.endswith("captions") for line in capsys.readouterr().out.splitlines())


def test_backgrounds_are_listed_with_palettes_and_clips(capsys: Output) -> None:
    assert run(["backgrounds"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "family   aurora" in lines
    assert "palette  midnight" in lines


def test_voices_are_listed(capsys: Output) -> None:
    assert run(["voices"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 50
    assert lines[-1].split(maxsplit=1)[0] == "elevenlabs"
    assert lines[-1].endswith("not set up: NEUROSHORTS_ELEVENLABS_API_KEY")


def test_a_valid_job_is_called_valid(film: FakeFilm, job_file: Path, capsys: Output) -> None:
    film.warnings = ("music is shorter than the film",)

    assert run(["validate", "hello.json"]) == 0

    told = capsys.readouterr().err
    assert "valid: 1 scene\n" in told
    assert "warning: music is shorter than the film" in told
    assert not film.requests[0].work_dir.exists()


def test_a_job_that_names_what_is_not_there_is_refused(
    film: FakeFilm, job_file: Path, capsys: Output
) -> None:
    def refuse(*_: object) -> None:
        raise UnknownName("voice", "bob", ["ann"], path="voice.voice")

    film.behave = refuse

    assert run(["validate", "hello.json"]) == 2
    assert capsys.readouterr().err == "error: voice.voice: unknown voice 'bob'; known: ann\n"


def test_a_plan_is_json_on_stdout(film: FakeFilm, job_file: Path, capsys: Output) -> None:
    assert run(["plan", "hello.json"]) == 0
    assert json.loads(capsys.readouterr().out) == {}


def test_an_unexpected_error_is_one_line(
    film: FakeFilm, job_file: Path, own_folders: Path, capsys: Output, logged_errors: LoggedErrors
) -> None:
    logged_errors.expect()

    def break_down(*_: object) -> None:
        raise RuntimeError

    film.behave = break_down

    assert run(["validate", "hello.json"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: unexpected RuntimeError: no message; the log has the details: ")
    assert "Traceback" in (own_folders / "log_dir" / "app.log").read_text(encoding="utf-8")


def test_an_interrupted_command_ends_with_130(film: FakeFilm, job_file: Path) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    film.behave = interrupt

    assert run(["validate", "hello.json"]) == 130


def test_a_mistake_in_the_json_needs_no_renderer() -> None:
    """Importing codecs and pictures takes most of a second: a mistake is told without them."""
    code = (
        "import sys; from src.cli.app import run; run(['validate', '-']);"
        "print(sorted({'av', 'cv2', 'numpy', 'PIL', 'moviepy'} & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        input=b"{}",
        capture_output=True,
        cwd=ROOT,
        check=True,
        timeout=PATIENCE_SECONDS,
    )

    assert done.stdout.decode().strip() == "[]"
    assert done.stderr.decode().startswith("error: scenes")


@pytest.mark.parametrize("arguments", [["version"], ["--help"], ["health", "http://127.0.0.1:9/"]])
def test_what_needs_no_job_needs_no_settings_and_no_models(arguments: list[str]) -> None:
    """A container is asked for its health every few seconds."""
    kept_out = {"av", "cv2", "filelock", "numpy", "PIL", "pydantic_settings", "src.models.base", "yaml"}
    code = (
        f"import sys; from src.cli.app import run; run({arguments!r});"
        f"print(sorted({kept_out!r} & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        cwd=ROOT,
        check=True,
        timeout=PATIENCE_SECONDS,
        text=True,
    )

    assert done.stdout.splitlines()[-1] == "[]"


def test_a_film_is_begun_without_what_most_films_do_without() -> None:
    """An unchanged film comes from the cache in less time than these take to be imported."""
    kept_out = {
        *("boto3", "budoux", "faster_whisper", "http.client", "httpcore", "moviepy", "multiprocessing"),
        *("piper", "rich.progress", "sqlalchemy", "src.fetching.fetcher", "src.speech.remote"),
    }
    code = (
        "import linecache, sys; import src.cli.app, src.cli.render, src.pipeline.film;"
        "import src.fetching.ondemand, src.speech.ondemand;"
        f"print(sorted({kept_out!r} & set(sys.modules)), sorted(linecache.cache))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        cwd=ROOT,
        check=True,
        timeout=PATIENCE_SECONDS,
        text=True,
    )

    # Nor is any source read for docstrings, as pydantic likes to.
    assert done.stdout == "[] []\n"
