"""The service alone on one machine: a job handed in with curl's words becomes a film that plays."""

import json
import os
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from tests.e2e.command import TIMEOUT_SECONDS, serving
from tests.waiting import eventually

JOB = {"id": "row-1", "output": {"width": 64, "height": 112, "fps": 10}, "scenes": [{"text": "Hello there."}]}


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Serve in an empty folder on a free port."""
    with serving(tmp_path) as address:
        yield address


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process that is sent a signal")
def test_a_job_handed_in_becomes_a_film_behind_a_link(address: str, tmp_path: Path) -> None:
    request = urllib.request.Request(f"{address}/render", json.dumps(JOB).encode())
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
        accepted = json.load(answer)
        assert answer.status == 202

    with urllib.request.urlopen(f"{accepted['status_url']}/events", timeout=TIMEOUT_SECONDS) as events:
        told = [json.loads(line[6:]) for line in events if line.startswith(b"data: ")]
    assert told[-1]["status"] == "done"

    with urllib.request.urlopen(accepted["status_url"], timeout=TIMEOUT_SECONDS) as answer:
        result = json.load(answer)["result"]
    with urllib.request.urlopen(result["url"], timeout=TIMEOUT_SECONDS) as film:
        (tmp_path / "film.mp4").write_bytes(film.read())
    with av.open(str(tmp_path / "film.mp4")) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (64, 112)
        assert sum(1 for _ in container.decode(video=0)) == round(result["duration"] * 10)

    def metrics() -> str:
        with urllib.request.urlopen(f"{address}/metrics", timeout=TIMEOUT_SECONDS) as answer:
            return str(answer.read(), "utf-8")

    # One set of numbers for both: what the worker did, and what the interface answered.
    eventually(lambda: 'neuroshorts_jobs_ended_total{code="",state="done"} 1.0' in metrics())
    assert 'method="POST",route="/render",status="202"' in metrics()
