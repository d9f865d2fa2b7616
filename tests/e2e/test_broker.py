"""Workers that get real renders from real brokers."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from src.bus.layout import JOBS, WORK
from src.cli.jobstore import make_desk, make_metrics, make_supervisor, open_jobs
from src.models.status import State
from src.settings import Settings
from src.store.jobs.listing import Wanted
from tests.services import rabbitmq as rabbitmq_server
from tests.services.missing import Missing
from tests.services.rabbitmq import RabbitMQ
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="starts a broker of its own")

#: Milliseconds after which the broker takes an unacknowledged turn back: less than the render takes.
TIMEOUT_MS = 1000
#: Rendered for some seconds.
LONG: dict[str, Any] = {
    "id": "long",
    "output": {"width": 360, "height": 640, "fps": 30},
    "scenes": [
        {"duration": 5, "visuals": [{"type": "procedural", "family": name}], "transition": {"type": "none"}}
        for name in ("aurora", "rain", "dunes", "voronoi", "flow")
    ],
}


@pytest.fixture(params=["3.10", "4.3"])
def broker(request: pytest.FixtureRequest) -> Iterator[RabbitMQ]:
    """Take the session's broker if it is of that version, else start another."""
    if request.param == os.environ.get(rabbitmq_server.VERSION, "3.10"):
        yield request.getfixturevalue("rabbitmq")
        return
    try:
        with rabbitmq_server.running(request.param) as started:
            yield started
    except Missing as missing:  # the newest one is unpacked by hand, also in CI
        pytest.skip(str(missing))


def test_a_render_longer_than_the_acknowledgement_timeout_completes_once(
    broker: RabbitMQ, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folders = {name: tmp_path / name for name in ("data_dir", "cache_dir", "log_dir")}
    settings = Settings(workers=1, broker_url=SecretStr(broker.url)).model_copy(update=folders)
    engine = open_jobs(settings)
    desk = make_desk(engine, settings)
    workers = [make_supervisor(engine, settings, 1, 5.0, make_metrics(engine, settings)) for _ in range(2)]
    with broker.acknowledging_within(TIMEOUT_MS), caplog.at_level("INFO"):
        for worker in workers:
            worker.start()
        eventually(lambda: broker.has(JOBS))
        broker.publish(JOBS, json.dumps(LONG).encode())
        (status,) = eventually(lambda: desk.page(wanted=Wanted(states=[State.DONE])).jobs or None)
        eventually(lambda: broker.depth(WORK) == 0)
        for worker in workers:
            worker.stop()
    engine.dispose()
    finished = [record for record in caplog.records if record.getMessage() == "job_finished"]
    assert "delivery_taken_back" in {record.getMessage() for record in caplog.records}
    assert (status.status, status.attempts, len(finished)) == (State.DONE, 1, 1)
    assert status.started_at
    assert status.finished_at
    assert (status.finished_at - status.started_at).total_seconds() > 2 * TIMEOUT_MS / 1000
