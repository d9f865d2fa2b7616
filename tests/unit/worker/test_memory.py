"""Memory of processes."""

import subprocess
import sys

import pytest

from src.worker import memory

pytestmark = pytest.mark.skipif(not memory.is_known(), reason="memory is known on Linux only")

HELD_BYTES = 64 * 1024**2
HOLDS = f"held = bytearray(b'x') * {HELD_BYTES}; print('held', flush=True); input()"
STARTS_ONE_THAT_HOLDS = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HOLDS!r}])"


def test_a_process_is_counted_with_what_it_started() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTS_ONE_THAT_HOLDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as above:
        assert above.stdout
        said = above.stdout.readline()
        counted = memory.tree_bytes(above.pid)
        above.communicate(b"\n")
    assert said == b"held\n"
    assert HELD_BYTES < counted < 3 * HELD_BYTES


def test_a_process_that_is_gone_takes_no_memory() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert memory.tree_bytes(gone.pid) == 0
