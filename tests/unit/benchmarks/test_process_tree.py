"""The meter sees everything that a command starts."""

import sys
from pathlib import Path

import pytest

from benchmarks.process_tree import CommandFailed, measure

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="process trees are read from /proc")
not_windows = pytest.mark.skipif(sys.platform == "win32", reason="needs wait4")

BURN = "import time\nuntil = time.process_time() + {}\nwhile time.process_time() < until: pass\n"


def python(code: str) -> list[str]:
    return [sys.executable, "-S", "-c", code]


@not_windows
def test_cpu_of_children_that_ended_counts(tmp_path: Path) -> None:
    child = BURN.format(0.4)
    outcome = measure(
        python(f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {child!r}])"), tmp_path
    )
    assert 0.4 <= outcome.cost.cpu_s < 4


@linux_only
def test_cpu_of_orphans_counts(tmp_path: Path) -> None:
    """A grandchild whose parent has left is adopted by the meter."""
    grandchild = f"import os\nif os.fork(): os._exit(0)\n{BURN.format(0.4)}open('/dev/fd/1', 'w').write('x')"
    code = (
        "import subprocess, sys\n"
        f"run = subprocess.Popen([sys.executable, '-c', {grandchild!r}], stdout=subprocess.PIPE)\n"
        "print(run.stdout.read().decode())"
    )
    outcome = measure(python(code), tmp_path)
    assert outcome.stdout.strip() == "x"
    assert outcome.cost.cpu_s >= 0.4


@linux_only
def test_what_is_left_behind_is_ended_and_told(tmp_path: Path) -> None:
    waiting = "import signal; signal.pause()"
    code = f"import subprocess, sys\nprint(subprocess.Popen([sys.executable, '-c', {waiting!r}]).pid)"
    outcome = measure(python(code), tmp_path)
    assert outcome.cost.left_behind == 1
    assert not Path(f"/proc/{outcome.stdout.strip()}").exists()


@linux_only
def test_memory_of_the_whole_tree_is_summed(tmp_path: Path) -> None:
    hold = "import subprocess, sys\nheld = bytearray(b'x') * (60 << 20)\n"
    # Long enough to be seen by a meter that has to wait for its turn.
    child = hold + "import time\ntime.sleep(3)\n"
    cost = measure(python(f"{hold}subprocess.run([sys.executable, '-c', {child!r}])"), tmp_path).cost
    assert cost.most_processes == 2
    assert cost.peak_rss_bytes is not None
    assert cost.peak_pss_bytes is not None
    assert 120 << 20 < cost.peak_pss_bytes <= cost.peak_rss_bytes < 250 << 20


@not_windows
def test_a_command_that_fails_is_told_with_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="no more tea") as caught:
        measure(python("raise SystemExit('no more tea')"), tmp_path)
    assert caught.value.status == 1


@linux_only
def test_a_whole_tree_is_killed_when_its_time_has_come(tmp_path: Path) -> None:
    """What a killed command and its children used until then counts."""
    burning = BURN.format(60)
    code = (
        "import subprocess, sys\n"
        f"print(subprocess.Popen([sys.executable, '-c', {burning!r}]).pid, flush=True)\n"
        f"{BURN.format(0.3)}print('half', file=sys.stderr, flush=True)\n{burning}"
    )
    outcome = measure(python(code), tmp_path, kill_when=lambda errors: "half" in errors)
    assert 0.3 <= outcome.cost.cpu_s < 60
    assert not Path(f"/proc/{outcome.stdout.strip()}").exists()


@linux_only
def test_a_command_that_ends_before_it_is_killed_has_failed(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed) as caught:
        measure(python("pass"), tmp_path, kill_when=lambda errors: False)
    assert caught.value.status == 0
