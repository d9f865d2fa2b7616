"""What an operator sees of a real run: a Prometheus scrapes it, and no panel of a dashboard is empty."""

import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from src.bus.layout import DEAD, JOBS, WORK
from src.settings import PREFIX
from tests.e2e.fleet import Member
from tests.e2e.house import TINY
from tests.e2e.panels import until_full
from tests.fileserver import Offer, serving_files
from tests.receiver import receiving
from tests.services import prometheus as prometheus_server
from tests.services import rabbitmq as rabbitmq_server
from tests.services.missing import or_skipped
from tests.services.ports import free_port
from tests.services.postgres import Postgres
from tests.services.prometheus import Prometheus
from tests.services.rabbitmq import RabbitMQ
from tests.waiting import PATIENCE_SECONDS, eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the broker is started on Linux only")

#: Of a Prometheus that scrapes each second.
_RATE_INTERVAL = "15s"
_ENDED = {"done", "failed", "cancelled"}


class Stack:
    """The service, a worker, the broker, and the Prometheus that looks at them."""

    def __init__(self, folder: Path, database_url: str, broker: RabbitMQ, stack: ExitStack) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        settings = {
            "DATABASE_URL": database_url,
            "BROKER_URL": broker.url,
            "FETCH_ALLOW_HOSTS": "127.0.0.1",
            **{f"{name}_DIR": str(folder / name.lower()) for name in ("DATA", "CACHE", "LOG")},
        }
        own = {PREFIX + name: value for name, value in settings.items()}
        told = {job: str(free_port()) for job in ("api", "worker")}
        port = self.url.rpartition(":")[2]
        for member in (
            Member(folder, own, "serve", "--slots", "0", "--port", port, "--metrics-port", told["api"]),
            Member(folder, own, "worker", "--grace", "0", "--slots", "2", "--metrics-port", told["worker"]),
        ):
            stack.callback(member.kill)
        targets = {"rabbitmq": str(broker.ports.metrics), **told}
        addresses = {job: f"127.0.0.1:{port}" for job, port in targets.items()}
        self.prometheus: Prometheus = stack.enter_context(or_skipped(prometheus_server.running(addresses)))
        eventually(lambda: self.prometheus.last("sum(up)") == {(): len(targets) + 1})

    def render(self, job: dict[str, Any]) -> str:
        """Hand a job in and wait for its end; return its last state."""
        answer = httpx.post(f"{self.url}/render", json={"output": TINY, **job}, timeout=PATIENCE_SECONDS)
        assert answer.status_code == 202, answer.text

        def ended() -> str | None:
            state: str = httpx.get(answer.json()["status_url"], timeout=PATIENCE_SECONDS).json()["status"]
            return state if state in _ENDED else None

        return eventually(ended)


def test_no_panel_is_empty_after_films_a_failure_a_film_from_the_cache_and_webhooks(
    tmp_path: Path, postgres: Postgres
) -> None:
    begin = time.time()
    with ExitStack() as opened:
        broker = opened.enter_context(or_skipped(rabbitmq_server.running(tells_metrics=True)))
        receiver, files = opened.enter_context(receiving()), opened.enter_context(serving_files())
        stack = Stack(tmp_path, postgres.new_database(), broker, opened)
        broken = files.offer("/broken.png", Offer(b"no picture", "image/png"))
        film = {"scenes": [{"text": "Hello", "visuals": [{"type": "color", "color": "#204060"}]}]}
        states = [
            stack.render({**film, "webhook_url": receiver.url}),
            stack.render({**film, "id": "again"}),
            stack.render({"scenes": [{"visuals": [{"type": "image", "src": broken}]}]}),
        ]
        assert states == ["done", "done", "failed"]
        broker.publish(JOBS, b"this is no job")
        prometheus = stack.prometheus
        eventually(lambda: prometheus.last("sum(neuroshorts_jobs_ended_total) == 3"))
        eventually(lambda: prometheus.last(f'rabbitmq_queue_messages_ready{{queue="{DEAD}"}} == 1'))
        eventually(lambda: receiver.received)
        until_full(prometheus, begin, _RATE_INTERVAL)
        _assert_right(prometheus)
        # Of the rules that are shipped: the message that was set aside is seen, and nobody is missed.
        alerts = 'count by (alertname) (ALERTS{alertname!="NeuroShortsDiskFull"})'
        eventually(lambda: prometheus.last(alerts) == {("NeuroShortsDeadLetters",): 1})


def _assert_right(prometheus: Prometheus) -> None:
    """Check what was measured against what happened."""
    # Recorded a second after it was scraped. The first failure of its code counts.
    eventually(lambda: 0.3 < sum(prometheus.last("neuroshorts:jobs_failed:ratio30m").values()) < 0.4)
    failed = prometheus.last('neuroshorts:jobs_ended:increase30m{state="failed"}')
    assert list(failed.values()) == [1]
    assert prometheus.last("neuroshorts:worker_slots:sum") == {("neuroshorts:worker_slots:sum",): 2}
    cached = prometheus.last(
        'sum(neuroshorts_segments_total{source="cache"}) / sum(neuroshorts_segments_total)'
    )
    assert cached == {(): 0.5}
    spent = prometheus.last("sum(neuroshorts_render_cpu_seconds_total) / sum(neuroshorts_film_seconds_total)")
    assert 0.01 < spent[()] < 20
    queues = prometheus.last("sum by (queue) (rabbitmq_queue_consumers > 0)")
    assert sorted(queues) == [(JOBS,), (WORK,)]
