"""Processes that render: heard, held to their limits, and ended with all that they started."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from src.cloud.signing import Signed, Verb
from src.settings import Settings
from src.speech.attempts import DirectCalls
from src.worker import memory
from src.worker.messages import Failed, Message, Order, Step
from src.worker.process import Kill, RenderProcess
from src.worker.signatory import Signatory
from tests.waiting import PATIENCE_SECONDS, eventually

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="process groups are POSIX")

ROOT = Path(__file__).parents[3]
#: Starts another process and tells its number as a stage; then both wait for ever.
PARENT = """
import json, subprocess, sys, time
below = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(json.dumps({"kind": "step", "stage": str(below.pid), "done": 0, "total": 1}), flush=True)
time.sleep(600)
"""
GROWING = """
import time
held = []
while True:
    held.append(bytearray(b"x") * (16 * 1024 * 1024))
    time.sleep(0.02)
"""


def order(tmp_path: Path, **settings: object) -> Order:
    return Order(
        id="1" * 32, body=b"{}", folder=tmp_path, settings=Settings(**settings), parent_pid=os.getpid()  # type: ignore[arg-type]
    )


def started(order: Order, code: str) -> tuple[RenderProcess, list[Message]]:
    heard: list[Message] = []
    process = RenderProcess(
        order, [sys.executable, "-c", code], heard.append, Signatory(Settings()), DirectCalls(Settings())
    )
    process.start()
    return process, heard


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_killing_a_process_kills_what_it_started(tmp_path: Path) -> None:
    process, heard = started(order(tmp_path), PARENT)
    eventually(lambda: heard)
    assert isinstance(heard[0], Step)
    below = int(heard[0].stage)
    assert is_running(below)
    process.kill(Kill.CANCELLED)
    ending = process.close()
    assert (ending.returncode, ending.killed) == (-signal.SIGKILL, Kill.CANCELLED)
    eventually(lambda: not is_running(below))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_process_that_ends_leaves_nothing_running(tmp_path: Path) -> None:
    process, heard = started(order(tmp_path), PARENT.replace("time.sleep(600)\n", "sys.exit(3)\n"))
    ending = process.close()
    assert (ending.returncode, ending.killed, ending.told) == (3, None, None)
    assert isinstance(heard[0], Step)
    eventually(lambda: not is_running(int(heard[0].stage)))  # type: ignore[union-attr]


def test_a_process_that_has_ended_is_not_killed(tmp_path: Path) -> None:
    process, _ = started(order(tmp_path), "")
    ending = process.close()
    process.kill(Kill.CANCELLED)
    assert ending.killed is None
    assert process.close().killed is None


def test_a_process_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    process, _ = started(order(tmp_path, max_render_seconds=1), "import time; time.sleep(600)")
    assert process.close().killed is Kill.TIME_LIMIT


@pytest.mark.skipif(not memory.is_known(), reason="memory is watched on Linux only")
@pytest.mark.parametrize(
    "code", [GROWING, f"import subprocess, sys; subprocess.run([sys.executable, '-c', {GROWING!r}])"]
)
def test_a_process_that_takes_too_much_memory_is_killed_wherever_it_is_taken(
    tmp_path: Path, code: str
) -> None:
    process, _ = started(order(tmp_path, max_render_memory_bytes=256 * 1024**2), code)
    ending = process.close()
    assert ending.killed is Kill.MEMORY_LIMIT
    assert ending.most_bytes > 256 * 1024**2


def test_lines_that_mean_nothing_and_a_long_stderr_do_no_harm(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    code = (
        "import os, sys; os.write(1, b'hello\\n\\xff\\n' + b'x' * 5_000_000 + b'\\n');"
        "os.write(2, b'y' * 200_000 + b'the end'); os.abort()"
    )
    process, heard = started(order(tmp_path), code)
    ending = process.close()
    assert (heard, ending.told) == ([], None)
    assert ending.returncode == -signal.SIGABRT
    assert ending.stderr.endswith("the end")
    assert len(ending.stderr) <= 4000
    assert {record.getMessage() for record in caplog.records} == {"child_not_understood"}


def test_an_order_larger_than_a_pipe_that_nobody_reads_does_not_hang(tmp_path: Path) -> None:
    large = order(tmp_path, max_render_seconds=1).model_copy(update={"body": bytes(1_000_000)})
    process, _ = started(large, "import time; time.sleep(600)")
    assert process.close().killed is Kill.TIME_LIMIT


#: Starts a process that leaves the session, tells its number, asks without reading an answer, and ends.
STRAYING = """
import json, subprocess, sys
stray = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
print(json.dumps({"kind": "step", "stage": str(stray.pid), "done": 0, "total": 1}))
for number in range(int(sys.argv[1])):
    print(json.dumps({"kind": "ask", "number": number, "verb": "GET", "uri": "s3://bucket/key"}))
sys.stdout.flush()
"""


@pytest.mark.parametrize("asks", [0, 5000])
def test_what_has_left_the_session_keeps_no_worker_waiting(
    asks: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[Message] = []
    command = [sys.executable, "-c", STRAYING, str(asks)]
    # One that asks and does not listen is ended at its limit: late enough to have started by then.
    limited = order(tmp_path, max_render_seconds=6)
    process = RenderProcess(limited, command, heard.append, Signatory(Settings()), DirectCalls(Settings()))
    process.start()
    closing = threading.Thread(target=process.close, daemon=True)
    closing.start()
    eventually(lambda: heard)
    assert isinstance(heard[0], Step)
    try:
        eventually(lambda: not closing.is_alive())
    finally:
        os.kill(int(heard[0].stage), signal.SIGKILL)
    eventually(lambda: "streams" not in {thread.name for thread in threading.enumerate()})
    assert "child_left_something_running" in caplog.messages


#: Asks for a URL, tells how far it is, and ends after that with its last word.
ASKING = """
import json
print(json.dumps({"kind": "ask", "number": 1, "verb": "GET", "uri": "s3://bucket/key"}))
print(json.dumps({"kind": "step", "stage": "rendering", "done": 1, "total": 2}))
print(json.dumps({"kind": "failed", "error": {"code": "known", "message": "heard"}}))
"""


class Slow:
    """Signs when it is let."""

    def __init__(self) -> None:
        self.let = threading.Event()

    def signed(self, verb: Verb, uri: str) -> Signed:
        self.let.wait()
        return Signed("https://signed.example")


def test_a_process_is_heard_while_nobody_gives_the_credentials(tmp_path: Path) -> None:
    heard, slow = list[Message](), Slow()
    process = RenderProcess(
        order(tmp_path), [sys.executable, "-c", ASKING], heard.append, slow, DirectCalls(Settings())
    )
    process.start()
    try:
        ending = process.close()
    finally:
        slow.let.set()
    assert isinstance(ending.told, Failed)
    assert [type(message) for message in heard] == [Step]


def test_passwords_stay_with_the_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEUROSHORTS_DATABASE_URL", "postgresql://me:secret@db/jobs")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret@amazon")
    code = "import os, sys; sys.stderr.write(repr(dict(os.environ)) + sys.stdin.readline())"
    process, _ = started(
        order(tmp_path, secret_key="hidden", s3_secret_access_key="kept", database_url=""), code
    )
    told = process.close().stderr
    assert "settings" in told
    assert "secret@" not in told
    assert "hidden" not in told
    assert "kept" not in told


ORPHAN = """
import sys
from src.settings import Settings
from src.speech.attempts import DirectCalls
from src.worker.messages import Order
from src.worker.process import RENDER_COMMAND, RenderProcess
from src.worker.signatory import Signatory
import os, pathlib

order = Order(id="1" * 32, body=open(sys.argv[1], "rb").read(), folder=pathlib.Path(sys.argv[2]),
              settings=Settings(), parent_pid=os.getpid())
process = RenderProcess(order, RENDER_COMMAND, lambda message: print(process._process.pid, flush=True),
                        Signatory(Settings()), DirectCalls(Settings()))
process.start()
process.close()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_render_ends_with_its_worker_however_that_ends(tmp_path: Path) -> None:
    job = tmp_path / "job.json"
    job.write_text('{"scenes": [{"duration": 170, "visuals": [{"type": "color"}]}]}')
    worker = subprocess.Popen(
        [sys.executable, "-c", ORPHAN, str(job), str(tmp_path / "films")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout
    render = int(worker.stdout.readline())
    assert is_running(render)
    worker.kill()
    worker.communicate(timeout=PATIENCE_SECONDS)
    eventually(lambda: not is_running(render))
    assert not (tmp_path / "films").exists()
