"""The program that renders one job, as its own process."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from src.settings import Settings
from src.worker.messages import Order
from src.worker.process import RENDER_COMMAND

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits and process groups are POSIX")

ROOT = Path(__file__).parents[3]


def told(tmp_path: Path, body: bytes) -> list[dict[str, Any]]:
    """Have an order carried out; return the messages."""
    order = Order(
        id="1" * 32, body=body, folder=tmp_path / "films", settings=Settings(), parent_pid=os.getpid()
    )
    process = subprocess.Popen(
        RENDER_COMMAND, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(order.model_dump_json().encode() + b"\n")
    process.stdin.flush()
    lines = process.stdout.read().splitlines()
    assert process.wait(60) == 0
    process.stdin.close()
    process.stdout.close()
    return [json.loads(line) for line in lines]


def test_a_film_is_the_last_thing_that_is_told(tmp_path: Path) -> None:
    job = {
        "id": "a:b",
        "output": {"width": 64, "height": 112, "fps": 10},
        "scenes": [{"duration": 1, "visuals": [{"type": "color"}]}],
    }
    *before, last = told(tmp_path, json.dumps(job).encode())
    assert {message["kind"] for message in before} == {"step", "event"}
    assert last["kind"] == "finished"
    assert last["result"]["url"] == str(tmp_path / "films" / "a_b.mp4")


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
