"""The program that renders one job, as its own process."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from src.cloud.signing import Signed
from src.settings import Settings
from src.worker.messages import Answer, Order
from src.worker.process import RENDER_COMMAND
from tests.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits and process groups are POSIX")

ROOT = Path(__file__).parents[3]


JOB = {
    "id": "a:b",
    "output": {"width": 64, "height": 112, "fps": 10},
    "scenes": [{"duration": 1, "visuals": [{"type": "color"}]}],
}


def started(tmp_path: Path, body: bytes, **settings: Any) -> "subprocess.Popen[bytes]":
    """Have an order carried out."""
    order = Order(
        id="1" * 32,
        body=body,
        folder=tmp_path / "films",
        settings=Settings(**settings),
        parent_pid=os.getpid(),
    )
    process = subprocess.Popen(
        RENDER_COMMAND, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdin
    process.stdin.write(order.model_dump_json().encode() + b"\n")
    process.stdin.flush()
    return process


def told(tmp_path: Path, body: bytes) -> list[dict[str, Any]]:
    """Have an order carried out; return the messages."""
    process = started(tmp_path, body)
    assert process.stdin
    assert process.stdout
    lines = process.stdout.read().splitlines()
    assert process.wait(PATIENCE_SECONDS) == 0
    process.stdin.close()
    process.stdout.close()
    return [json.loads(line) for line in lines]


def test_a_film_is_the_last_thing_that_is_told(tmp_path: Path) -> None:
    *before, last = told(tmp_path, json.dumps(JOB).encode())
    assert {message["kind"] for message in before} == {"step", "event"}
    assert last["kind"] == "finished"
    assert last["result"]["url"] == str(tmp_path / "films" / "a_b.mp4")


class Hesitant:
    """A store that has nothing, and takes what it gets only when it is let."""

    def __init__(self) -> None:
        self.let, self.uploads = threading.Event(), 0
        store = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._say(404, b"<Error><Code>NoSuchKey</Code></Error>")

            def do_PUT(self) -> None:
                store.uploads += 1
                self.rfile.read(int(self.headers["Content-Length"]))
                store.let.wait()
                self._say(200, b"")

            def _say(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.let.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def store() -> Iterator[Hesitant]:
    made = Hesitant()
    yield made
    made.close()


def test_a_film_is_told_before_its_last_segments_are_shared(tmp_path: Path, store: Hesitant) -> None:
    shared = {"shared_cache_url": "s3://bucket/parts", "cache_dir": tmp_path / "cache"}
    process = started(tmp_path, json.dumps(JOB).encode(), **shared)
    assert process.stdin
    assert process.stdout
    with process.stdin, process.stdout:
        for line in process.stdout:
            message = json.loads(line)
            if message["kind"] == "ask":
                answer = Answer(number=message["number"], signed=Signed(store.url))
                process.stdin.write(answer.model_dump_json().encode() + b"\n")
                process.stdin.flush()
            elif message["kind"] == "finished":
                break
        store.let.set()
        assert process.wait(PATIENCE_SECONDS) == 0
    # None was given up, and tried again, before that.
    assert store.uploads == message["result"]["cache"]["segments_total"]


@pytest.mark.parametrize(
    ("body", "code", "path"),
    [
        (b'{"scenes": [{"txt": "Hello"}]}', "unknown_field", "scenes[0].txt"),
        (b"\xff", "bad_json", ""),
        (b'{"scenes": [{"visuals": [{"type": "image", "src": "a.png"}]}]}', "forbidden_path", None),
    ],
)
def test_a_wrong_job_is_told_with_its_code_and_path(
    tmp_path: Path, body: bytes, code: str, path: str | None
) -> None:
    last = told(tmp_path, body)[-1]
    assert (last["kind"], last["error"]["code"]) == ("failed", code)
    assert path is None or last["error"]["path"] == path
    assert not (tmp_path / "films").exists()


def test_files_are_bounded_and_no_core_is_dumped(tmp_path: Path) -> None:
    code = (
        "import resource as r; from src.settings import Settings; from src.worker.child import _limit_files;"
        "_limit_files(Settings(max_media_bytes=3 * 1024**3));"
        "print(r.getrlimit(r.RLIMIT_FSIZE)[0], r.getrlimit(r.RLIMIT_CORE)[0])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(3 * 1024**3), "0"]
