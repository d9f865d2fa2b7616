"""A renderer that renders nothing, so that the command can be tested for what it does itself."""

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

import src.pipeline
from src.errors import Interrupted
from src.models.status import MeasuredLoudness, RenderResult
from src.pipeline.request import Progress, Report, Request

#: Seconds after which a fake that waits to be stopped gives up.
PATIENCE_SECONDS = 180


class Text:
    """Stands for a Timeline: something with a JSON form."""

    def model_dump_json(self, *, indent: int) -> str:
        return "{}"


class FakeFilm(ModuleType):
    """Stands for `src.pipeline.film`; `behave` is what rendering does beside reporting."""

    def __init__(self) -> None:
        super().__init__("src.pipeline.film")
        self.Request = Request
        self.requests: list[Request] = []
        self.behave: Callable[[Request, threading.Event], None] = lambda request, stop: None
        self.warnings: tuple[str, ...] = ()

    def check(self, request: Request) -> tuple[str, ...]:
        self.requests.append(request)
        self.behave(request, threading.Event())
        return self.warnings

    def make_timeline(self, request: Request) -> Text:
        self.check(request)
        return Text()

    def render(self, request: Request, report: Report, stop: threading.Event) -> RenderResult:
        self.requests.append(request)
        for stage in ("fetching", "speaking", "planning"):
            report(Progress(stage, 0, 1))
        report(Progress("rendering", 5, 10))
        self.behave(request, stop)
        report(Progress("checking", 1, 1))
        request.film_path.write_bytes(b"film")
        return RenderResult(
            url=str(request.film_path),
            urls=(str(request.film_path),),
            duration=1.5,
            width=1080,
            height=1920,
            fps=30.0,
            size_bytes=4,
            sha256="0" * 64,
            loudness=MeasuredLoudness(lufs=-14.0, true_peak_db=-1.2),
            timings={"rendering": 1.25},
            warnings=self.warnings,
        )


def wait_until_stopped(request: Request, stop: threading.Event) -> None:
    """Behave like a long render that listens."""
    if stop.wait(PATIENCE_SECONDS):
        raise Interrupted("stopped on request")


@pytest.fixture
def film(monkeypatch: pytest.MonkeyPatch) -> FakeFilm:
    fake = FakeFilm()
    monkeypatch.setitem(sys.modules, "src.pipeline.film", fake)
    monkeypatch.setattr(src.pipeline, "film", fake, raising=False)
    return fake


@pytest.fixture
def job_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the smallest job, and work in its folder."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "hello.json"
    file.write_text('{"id": "row-1", "scenes": [{"text": "Hello"}]}', encoding="utf-8")
    return file
