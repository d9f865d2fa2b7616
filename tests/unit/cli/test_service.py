"""`neuroshorts serve`: where it listens, whom it lets in, how it ends."""

import contextlib
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from src.api.door import Entry
from src.cli import service
from src.cli.console import ExitCode
from src.cli.jobstore import open_jobs
from src.cli.service import ServeOptions
from src.settings import KeysRequired, Settings
from tests.waiting import PATIENCE_SECONDS

_SERVE = [sys.executable, "-m", "src.main", "serve"]


@contextlib.contextmanager
def _serving(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command; give it and what it says when it listens."""
    with subprocess.Popen([*_SERVE, *arguments], stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            yield process, process.stderr.readline()
        finally:
            process.kill()


def test_a_missing_framework_is_told_with_the_way_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(service, "find_spec", lambda name: None)
    assert service.serve_command(ServeOptions()) == ExitCode.FAILED
    assert "make serve" in capsys.readouterr().err


def _status(port: int, **headers: str) -> int:
    return _asked(f"http://127.0.0.1:{port}/jobs", **headers)


def _asked(url: str, **headers: str) -> int:
    return httpx.get(url, headers=headers, trust_env=False, timeout=PATIENCE_SECONDS).status_code


def test_others_need_a_key() -> None:
    with _serving("--port", "0", "--host", "0.0.0.0") as (process, told):
        port = int(told.split("0.0.0.0:")[1].split()[0])
        assert process.stderr
        assert "keys create" in process.stderr.readline()
        assert _status(port) == 401
        made = subprocess.run([*_SERVE[:-1], "keys", "create", "n8n"], capture_output=True, text=True)
        assert _status(port, Authorization=f"Bearer {made.stdout.strip()}") == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_SECONDS) == 0


@pytest.mark.parametrize(
    ("required", "options", "entry"),
    [
        ("auto", ServeOptions(), Entry.THIS_MACHINE),
        ("auto", ServeOptions(host="127.0.0.1"), Entry.THIS_MACHINE),
        ("auto", ServeOptions(uds=Path("s")), Entry.ANYBODY),
        ("auto", ServeOptions(host="0.0.0.0"), Entry.NOBODY),
        ("auto", ServeOptions(host="::"), Entry.NOBODY),
        ("auto", ServeOptions(host="192.0.2.1"), Entry.NOBODY),
        ("auto", ServeOptions(host="0.0.0.0", insecure_no_keys=True), Entry.ANYBODY),
        ("yes", ServeOptions(), Entry.NOBODY),
        ("yes", ServeOptions(uds=Path("s")), Entry.NOBODY),
        ("yes", ServeOptions(insecure_no_keys=True), Entry.ANYBODY),
        ("no", ServeOptions(host="0.0.0.0"), Entry.ANYBODY),
    ],
)
def test_keys_are_needed_where_others_can_call(
    required: KeysRequired, options: ServeOptions, entry: Entry
) -> None:
    assert service.entry_of(options, required) is entry


@pytest.fixture
def _closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close the databases of applications, which keep them for as long as their process lives."""
    with contextlib.ExitStack() as leaving:

        def opened(settings: Settings) -> sa.Engine:
            engine = open_jobs(settings)
            leaving.callback(engine.dispose)
            return engine

        monkeypatch.setattr(service, "open_jobs", opened)
        yield


@pytest.mark.usefixtures("_closed")
def test_an_application_that_does_not_know_where_it_listens_needs_keys() -> None:
    assert service.application(Settings()).state.service.door.entry is Entry.NOBODY
    told = Settings(api_keys_required="no")
    assert service.application(told).state.service.door.entry is Entry.ANYBODY


def test_the_page_of_another_site_is_not_answered() -> None:
    with _serving("--port", "0") as (_, told):
        port = int(told.split("localhost:")[1].split()[0])
        assert _status(port) == 200
        assert _status(port, Host="evil.example") == 403


def test_it_answers_by_both_protocols_and_ends_in_peace() -> None:
    with _serving("--port", "0") as (process, told):
        port = int(told.split("localhost:")[1].split()[0])
        for host in ("127.0.0.1", *(["[::1]"] if _has_ipv6() else [])):
            assert _asked(f"http://{host}:{port}/readyz") == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_SECONDS) == 0


def test_everybody_is_let_in_when_asked() -> None:
    with _serving("--port", "0", "--host", "0.0.0.0", "--insecure-no-keys") as (_, told):
        port = int(told.split("0.0.0.0:")[1].split()[0])
        assert _asked(f"http://127.0.0.1:{port}/healthz") == 200


def test_it_answers_at_a_socket_in_the_file_system(tmp_path: Path) -> None:
    file = tmp_path / "s"
    with _serving("--uds", str(file)) as (process, told):
        assert told.startswith(f"Listening on {file}")
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(file)), timeout=PATIENCE_SECONDS) as client:
            answer = client.post("http://films/render", json={"scenes": [{"text": "Hello"}]})
        assert answer.json()["status_url"].startswith("http://films/jobs/")
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_SECONDS) == 0
    assert not file.exists()


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with _serving("--host", "127.0.0.1", "--port", str(port)) as (process, told):
            assert "choose another --port" in told
            assert process.wait(PATIENCE_SECONDS) == ExitCode.FAILED


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True
