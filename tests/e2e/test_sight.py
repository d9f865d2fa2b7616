"""What can be seen of real renders: numbers, traces in the log, frames on the way."""

import io
import json
import os
import re
import signal
import sys
import urllib.request
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from src.metrics import Metrics
from src.models.status import State
from src.pipeline import liveview
from src.settings import Settings
from src.speech.attempts import DirectCalls
from src.store.jobs.census import take_census
from src.store.jobs.previews import Preview, Previews
from src.store.jobs.submission import Submission
from src.trace import TraceContext
from src.worker.messages import Message, Order, Shown
from src.worker.process import RENDER_COMMAND, RenderProcess
from src.worker.signatory import Signatory
from tests.e2e.house import LONG, SHORT, House
from tests.unit.test_metrics import samples
from tests.waiting import PATIENCE_SECONDS, eventually

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="renders end by signals, memory is read from /proc"
)

WRONG = {"scenes": [{"visuals": [{"type": "image", "src": "/nowhere.png"}]}]}


def test_numbers_are_right_after_a_film_and_a_failure(house: House) -> None:
    metrics = Metrics(partial(take_census, house.engine))
    first, wrong, again = house.submit(SHORT), house.submit(WRONG), house.submit(SHORT)
    with house.working(metrics=metrics):
        assert [house.ended(id).status for id in (first, wrong, again)] == ["done", "failed", "done"]
        # Counted after it is told, lest something is counted that the store did not take.
        eventually(lambda: samples(metrics).get(("neuroshorts_jobs_ended_total", ("", "done"))) == 2)
    told, status = samples(metrics), house.desk.status(first)
    assert status.result
    assert told["neuroshorts_jobs", ("done",)] == 2
    assert told["neuroshorts_jobs", ("failed",)] == 1
    assert told["neuroshorts_queue_depth", ()] == 0
    assert told["neuroshorts_jobs_ended_total", ("forbidden_path", "failed")] == 1
    total = status.result.cache.segments_total
    assert told["neuroshorts_segments_total", ("rendered",)] == total
    assert told["neuroshorts_segments_total", ("cache",)] == total
    assert told["neuroshorts_stage_seconds_count", ("rendering",)] == 2
    assert told["neuroshorts_stage_seconds_count", ("fetching",)] == 3
    assert told["neuroshorts_stage_seconds_sum", ("rendering",)] > status.result.timings["rendering"] / 2
    assert told["neuroshorts_render_realtime_factor_count", ()] == 2
    assert told["neuroshorts_render_memory_bytes_sum", ()] > 2 * 50 * 1024**2


def test_a_trace_goes_through_to_what_the_rendering_process_tells(
    house: House,
) -> None:
    span = TraceContext.begin()
    body = json.dumps(SHORT).encode()
    id = house.desk.submit(Submission(body, traceparent=span.traceparent)).status.id
    untraced = house.submit({**SHORT, "id": "other"})
    with house.worker():
        house.ended(id)
        house.ended(untraced)
        eventually(lambda: len(house.events("job_finished")) == 2)
    for name in ("job_claimed", "child_started", "segment_rendered", "child_ended", "job_finished"):
        traces = {event["job_id"]: event["trace_id"] for event in house.events(name)}
        assert traces[id] == span.trace_id, name
    other = {event["trace_id"] for event in house.events("job_finished") if event["job_id"] == untraced}
    assert len(other) == 1
    assert span.trace_id not in other


def test_a_worker_of_its_own_tells_its_metrics_and_ends_in_peace(house: House) -> None:
    id = house.submit(SHORT)
    with house.worker("--metrics-port", "0") as worker:
        house.ended(id)
        eventually(lambda: house.events("job_finished"))
        told = house.events("metrics_told")[0]
        with urllib.request.urlopen(
            f"http://{told['host']}:{told['port']}/metrics", timeout=PATIENCE_SECONDS
        ) as answer:
            text = answer.read().decode()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE_SECONDS) == 0
    assert 'neuroshorts_jobs_ended_total{code="",state="done"} 1.0' in text
    assert 'neuroshorts_jobs{state="done"} 1.0' in text
    assert re.search(r"^process_resident_memory_bytes [0-9.e+]+$", text, re.MULTILINE)


def test_frames_are_shown_on_the_way_and_gone_at_the_end(house: House) -> None:
    previews = Previews(house.engine)
    # Large frames: many periods long also on a fast machine; it is cancelled after the second picture.
    id = house.submit({**LONG, "output": {"width": 1080, "height": 1920}})

    def shown_after(ms: int) -> list[Preview]:
        frame = previews.get(id)
        return [frame] if frame and frame.shown_ms > ms else []

    with house.working():
        frame = eventually(lambda: shown_after(0))[0]
        with Image.open(io.BytesIO(frame.jpeg)) as picture:
            assert (picture.format, picture.size) == ("JPEG", (270, 480))
        later = eventually(lambda: shown_after(frame.shown_ms))[0]
        assert later.shown_ms - frame.shown_ms > liveview.PERIOD_SECONDS * 500
        assert later.jpeg != frame.jpeg
        house.desk.cancel(id)
        house.until(id, State.CANCELLED)
        eventually(lambda: previews.get(id) is None)


def film_of(folder: Path, *, shows_frames: bool) -> tuple[bytes, int]:
    """Render in a process with an empty cache; return the film, and how many frames were shown."""
    order = Order(
        id="1" * 32,
        body=json.dumps({**LONG, "scenes": LONG["scenes"][:2]}).encode(),
        folder=folder / "films",
        settings=Settings(cache_dir=folder / "cache", workers=1),
        parent_pid=os.getpid(),
        shows_frames=shows_frames,
    )
    heard: list[Message] = []
    process = RenderProcess(
        order, RENDER_COMMAND, heard.append, Signatory(Settings()), DirectCalls(Settings())
    )
    process.start()
    assert process.close().returncode == 0
    film = (folder / "films" / "long.mp4").read_bytes()
    return film, sum(isinstance(message, Shown) for message in heard)


def test_a_film_is_the_same_whether_somebody_looks_or_not(tmp_path: Path) -> None:
    seen, shown = film_of(tmp_path / "seen", shows_frames=True)
    unseen, none = film_of(tmp_path / "unseen", shows_frames=False)
    assert seen == unseen
    assert shown > 0
    assert none == 0
