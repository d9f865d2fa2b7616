"""Memory of processes."""

import os
import subprocess
import sys

import pytest

from src.worker import memory

pytestmark = pytest.mark.skipif(not memory.is_known(), reason="memory is known on Linux only")


def test_a_process_is_counted_with_what_it_started() -> None:
    before = memory.tree_bytes(os.getpid())
    code = "held = bytearray(b'x') * (64 * 1024 * 1024); print('held', flush=True); input()"
    below = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert below.stdout
    assert below.stdout.readline() == b"held\n"
    assert memory.tree_bytes(os.getpid()) - before > 64 * 1024**2
    assert memory.tree_bytes(below.pid) > 64 * 1024**2
    below.communicate(b"\n")


def test_a_process_that_is_gone_takes_no_memory() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert memory.tree_bytes(gone.pid) == 0
